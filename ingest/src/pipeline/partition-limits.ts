import type { Config } from '@skein/schemas/config'

const MIB = 1024 * 1024

/** What one partition may hold and ask for. */
export interface PartitionLimits {
  /** Spans that wait for a partner, 190 bytes each; the store has those that came before. */
  pairSpans: number
  /** Spans of traces that are not over, some 60 bytes each. */
  pathSpans: number
  /** Traces looked up in the store, a second of log time. */
  lookUps: number
  /** For batch ids of an hour. */
  batchIdBytes: number
}

/** What partitions share unless configured, and what each has at least, however many they are. */
const SHARED: PartitionLimits = { pairSpans: 4_000_000, pathSpans: 16_000_000, lookUps: 1024, batchIdBytes: 256 * MIB }
const LEAST: PartitionLimits = { pairSpans: 1_000_000, pathSpans: 1_000_000, lookUps: 64, batchIdBytes: 16 * MIB }

/** A topic of few partitions holds as much as one of sixteen, but for spans that wait: four million are a minute of 66,000 a second. */
export function partitionLimits(configured: Pick<Config['ingest'], 'pairSpans' | 'lookUps'>, partitions: number): PartitionLimits {
  const share = (of: keyof PartitionLimits): number => Math.max(LEAST[of], Math.floor(SHARED[of] / partitions))
  return {
    pairSpans: configured.pairSpans ?? share('pairSpans'),
    pathSpans: share('pathSpans'),
    lookUps: configured.lookUps ?? share('lookUps'),
    batchIdBytes: share('batchIdBytes'),
  }
}
