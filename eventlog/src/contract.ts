/**
 * The bus. Two drivers (embedded LMDB, Kafka) run one conformance suite (`conformance.ts`).
 *
 * Laws, each a test of the suite:
 * 1. `append` resolves only when every record is durable: fsynced (embedded) or acked by all in-sync replicas (Kafka).
 *    A rejected append may still be in the log (a Kafka time-out): legal, readers recognise repeats by batch id.
 * 2. Order per partition is append order; offsets grow, a gap is possible only on Kafka.
 * 3. After a crash a group is redelivered from its committed offset, or from where `assigned` says.
 * 4. `commit` moves a partition's offset and its note in one durable write; `next` is the first offset not yet done.
 *    A stale owner's commit is refused with `OwnershipLostError`.
 * 5. A record over `maxRecordBytes` is refused with `RecordTooLargeError` before anything of its append is written.
 * 6. A full log (quota, disk) refuses with `LogFullError`; a log that cannot be reached with `LogUnavailableError`.
 *    Retention never removes a record at or past the lowest committed offset of a known group.
 * 7. `close` drains: pending appends resolve or reject before it resolves.
 * Values passed in belong to the log until the call settles; values handed out belong to the receiver.
 */
export interface EventLog {
  /** Number of partitions of a topic; creates the topic when it is missing. */
  partitions(topic: string): Promise<number>
  /** One call = one transaction where the driver can. An empty list resolves to [] and writes nothing. */
  append(topic: string, records: readonly AppendRecord[]): Promise<Position[]>
  /** Joins a consumer group. One handler call at a time per partition; the next comes when it resolved. */
  consume(topics: readonly string[], group: string, handler: ConsumeHandler): Promise<Subscription>
  /** Distance between the committed offset of a group and the end, per partition. */
  lag(topics: readonly string[], group: string): Promise<PartitionLag[]>
  /** Durable probe for readiness: resolves when an append would be accepted now, rejects with why not. */
  probe(): Promise<void>
  close(deadlineMs: number): Promise<{ remaining: number }>
}

export interface AppendRecord {
  partition: number
  value: Uint8Array
  /** So many bytes directly before `value` in its buffer belong to the log as well; `APPEND_ROOM_BYTES` spare the embedded log a copy. */
  roomBytes?: number
  /** CRC-32 (IEEE) of `value` where whoever wrote it has it: the embedded log then does not read it for one. With another's the record is damaged. */
  crc32?: number
}

/** The embedded log's own header. */
export const APPEND_ROOM_BYTES = 24

export interface Position {
  partition: number
  offset: number
}

export interface StoredRecord {
  offset: number
  value: Buffer
}

export interface Assignment {
  topic: string
  partition: number
  /** First offset not yet done by the group, or null when it never committed. */
  committed: number | null
  /** The note of the last commit, at most 4 KiB of UTF-8. */
  note: string | null
  /** Oldest offset still in the log; above `committed` means counted loss. */
  earliest: number
}

export interface ConsumeHandler {
  /** Returns the offset to read from, or null for `committed ?? earliest`. */
  assigned(assignment: Assignment): Promise<number | null>
  /** A run of records in order. Rejecting stops the subscription and shows in `Subscription.failed`. */
  records(topic: string, partition: number, records: StoredRecord[]): Promise<void>
  /** After this resolves no commit of these partitions is accepted from this subscription. */
  revoked(partitions: readonly { topic: string; partition: number }[]): Promise<void>
}

export interface Subscription {
  pause(topic: string, partition: number): void
  resume(topic: string, partition: number): void
  /** `next` ≥ the last committed value; `note` ≤ 4 KiB. Several commits may be passed and become durable together where the driver can. */
  commit(commits: readonly Commit[]): Promise<void>
  /** Rejects when the consumer died for a reason it cannot mend itself; otherwise pending until `stop`. */
  readonly failed: Promise<never>
  stop(deadlineMs: number): Promise<{ remaining: number }>
}

export interface Commit {
  topic: string
  partition: number
  next: number
  note: string
}

export interface PartitionLag {
  topic: string
  partition: number
  committed: number | null
  end: number
  lag: number
}

export const MAX_NOTE_BYTES = 4096
