export const Topic = {
  traces: 'skein.traces',
  outcomes: 'skein.outcomes',
} as const
export type Topic = (typeof Topic)[keyof typeof Topic]

/** The ingest tier's consumer group. */
export const INGEST_GROUP = 'skein.ingest'

/** Partitions of `skein.traces` unless configured. */
export const DEFAULT_PARTITIONS = 16

/** Largest envelope, so that one Kafka batch with default settings holds it. */
export const MAX_ENVELOPE_BYTES = 900 * 1024
