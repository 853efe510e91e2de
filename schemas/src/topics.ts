export const Topic = {
  traces: 'skein.traces',
  /** OTLP log records, as many partitions as traces: a record of a trace lies in the partition of its trace. */
  logs: 'skein.logs',
  outcomes: 'skein.outcomes',
  /** Records of which nothing came, with the reason: written by ingest (`dead-letter.ts`). */
  dead: 'skein.dead',
} as const
export type Topic = (typeof Topic)[keyof typeof Topic]

/** The ingest tier's consumer group. */
export const INGEST_GROUP = 'skein.ingest'

/** Partitions of `skein.traces` and `skein.logs` unless configured. */
export const DEFAULT_PARTITIONS = 16

/** Largest envelope, so that one Kafka batch with default settings holds it. */
export const MAX_ENVELOPE_BYTES = 900 * 1024

/** The largest envelope as a dead letter: within what topics of ours take (1 MiB and 64 KiB). */
export const MAX_DEAD_LETTER_BYTES = MAX_ENVELOPE_BYTES + 64 * 1024
