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

/**
 * Partitions of `skein.traces` and `skein.logs` unless configured. A request is split over all of them, and each part carries its resources: embedded
 * there are as few as keep the ingest workers evenly busy, on Kafka enough for many owners.
 */
export const KAFKA_PARTITIONS = 16
export const EMBEDDED_PARTITIONS_PER_WORKER = 4

/** Largest envelope, so that one Kafka batch with default settings holds it. */
export const MAX_ENVELOPE_BYTES = 900 * 1024

/** The largest envelope as a dead letter: within what topics of ours take (1 MiB and 64 KiB). */
export const MAX_DEAD_LETTER_BYTES = MAX_ENVELOPE_BYTES + 64 * 1024
