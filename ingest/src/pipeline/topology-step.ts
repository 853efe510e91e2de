import type { DecodedBatch } from '../decode/batch-arrays.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { StoredSpans, TraceLookUp } from '../topology/look-up.ts'

/** What the pipeline needs of the topology; `../topology/topology.ts` implements it. */
export interface TopologyStep {
  /** Traces whose stored spans `add` may need for this batch. */
  wants(batch: DecodedBatch): TraceLookUp[]
  /** Takes all rows of a batch in order. Row → 1 when it repeats a span id of the window. With `emit: false` only memory is made. */
  add(batch: DecodedBatch, options: { emit: boolean; stored?: StoredSpans }): Uint8Array
  /** Blocks of what was added since the last call. */
  take(): { blocks: BuiltBlock[] }
  forget(topic: string, partition: number): void
}

/** What it needs of the critical paths; `../paths/paths.ts` implements it. */
export interface PathStep {
  /** Takes all rows of a batch in order, but those that repeat one before. */
  add(batch: DecodedBatch, repeat: Uint8Array, options: { emit: boolean }): void
  /** Blocks of all sums since the last call. */
  take(): { blocks: BuiltBlock[] }
  /** Bytes of the sums since then, roughly; 0 for none. */
  sumBytes(): number
  /** Sums that were not taken go as well: whoever has the partition next makes them again. */
  forget(topic: string, partition: number): void
}
