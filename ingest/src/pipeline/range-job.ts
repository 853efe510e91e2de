import type { DeadReason } from '@skein/schemas/dead-letter'
import type { OutcomeKind, OutcomeReason } from '@skein/schemas/outcomes'
import type { TenantRules } from '@skein/schemas/log-rule'
import type { ScenarioRecord } from '@skein/schemas/scenario'
import type { LogFiles as StoredLogFiles } from '@skein/store/contract-log-files'
import type { StoredPattern } from '@skein/store/contract-log-patterns'
import { SLACK_BYTES } from '../decode/payload-memory.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { TraceLookUp } from '../topology/look-up.ts'
import type { FoundSpans } from './found-spans.ts'

/** Records of a topic for one worker: partition by partition, offset by offset. */
export interface RangeJob {
  topic: string
  /** False: only memory is made again; nothing comes out. */
  emit: boolean
  /** Sums that may wait are kept and added to, until a job without this brings them all. */
  holdsSums: boolean
  /**
   * Partitions count together what rules limit: the bytes a partition may take to tell what others changed for it, and, for records that are judged
   * again, what that was. Without it each counts for itself.
   */
  elsewhere?: { roomBytes: number; told: readonly PartitionCounts[] | null }
  /** All records one after the other. */
  bytes: Uint8Array
  /** Record → end in `bytes`, partition and offset. */
  ends: Float64Array
  partitions: Int32Array
  offsets: Float64Array
}

/** What the counts of others changed for a partition: a text for its note. */
export interface PartitionCounts {
  partition: number
  counts: string
}

/** What became of the records of one partition and tenant. */
export interface ShareCounts {
  partition: number
  tenant: string
  records: number
  visible: number
  repeats: number
  dead: number
  bytes: number
  /** Newest span start in ns; 0 for none. */
  newestNs: number
  /** 18 bytes each: those accepted. */
  batchIds: Uint8Array
  /** Of tailed log files. */
  logFiles?: LogFiles
}

/** Identity of a tailed file and the highest offset of its lines so far, side by side. */
export interface LogFiles {
  files: BigUint64Array
  offsets: BigUint64Array
}

/** A counted drop. */
export interface Drop {
  tenant: string
  keyId: string
  minuteMs: number
  kind: OutcomeKind
  reason: OutcomeReason
  requests: number
  records: number
  bytes: number
}

export interface RangeResult {
  blocks: BuiltBlock[]
  shares: ShareCounts[]
  drops: Drop[]
  /** Records that were a repeated batch: nothing of them is in the blocks. */
  repeats: { partition: number; offset: number }[]
  /** Records of which nothing came, and why. */
  dead: { partition: number; offset: number; reason: DeadReason }[]
  /** Partition → its log time after these records. */
  logTimes: { partition: number; logTimeMs: number }[]
  /** Batch ids forgotten before their time so far. */
  forgottenIds: number
  /** Bytes of the sums that are kept (`holdsSums`), roughly; 0 for none. */
  heldBytes: number
  /** Of partitions for which the counts of others changed something. */
  elsewhere?: PartitionCounts[]
}

/** What people wrote that records are judged by, of all tenants. */
export interface Knowledge {
  scenarios: readonly ScenarioRecord[]
  logRules: readonly TenantRules[]
}

/** What ranges that ended before the first record of a partition left in the store. */
export interface PartitionMemory {
  /** 36 hex digits each. */
  batchIds: readonly string[]
  /** Of partitions of logs. */
  logFiles?: readonly StoredLogFiles[]
  logPatterns?: readonly StoredPattern[]
}

/** What a worker is asked. One call at a time; answers come in the order asked. The blocks of an answer lie in memory that the next call uses again. */
export interface RangeProcessor {
  /** Before `process` of the same job: what that may need from the store. Without it nothing is looked up. */
  prepare?(job: RangeJob): TraceLookUp[]
  /** `found`: the answer to `prepare`. */
  process(job: RangeJob, found?: FoundSpans): RangeResult
  /** The blocks of rows alone, of records that were processed before: memory is neither asked nor changed. */
  rebuild(job: RangeJob): BuiltBlock[]
  /** Told before the first job whose records it may judge. */
  learn(knowledge: Knowledge): void
  /** Told before the first job of a partition. */
  remember(topic: string, partition: number, memory: PartitionMemory, logTimeMs: number): void
  /** The partition is another's now. */
  forget(topic: string, partition: number): void
}

export interface JobRecord {
  partition: number
  offset: number
  value: Uint8Array
}

/** Copies records, sorted by partition, into one job that is decoded where it lies; its bytes lie in memory of at least the size that `lend` gives. */
export function createJob(topic: string, emit: boolean, records: readonly JobRecord[], lend: (bytes: number) => ArrayBuffer): RangeJob {
  let size = 0
  for (const { value } of records) size += value.length
  const bytes = new Uint8Array(lend(size + SLACK_BYTES), 0, size)
  const ends = new Float64Array(records.length)
  const partitions = new Int32Array(records.length)
  const offsets = new Float64Array(records.length)
  let at = 0
  records.forEach(({ partition, offset, value }, i) => {
    bytes.set(value, at)
    at += value.length
    ends[i] = at
    partitions[i] = partition
    offsets[i] = offset
  })
  return { topic, emit, holdsSums: false, bytes, ends, partitions, offsets }
}
