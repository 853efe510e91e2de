import type { TraceLookUp } from '../topology/look-up.ts'

/** Stored spans on their way to a worker. */
export interface FoundSpans {
  /** `wantName` of all traces asked for, those without a span too, and of those that live in the partition that asked. */
  asked: string[]
  homes: string[]
  /** Of those asked for, the ones of which more is stored than came back. */
  cut: string[]
  /**
   * Of one tenant each: an OTLP request, and for its spans in order what their rows say beside. `copies`: spans that link to traces of this
   * `partition`, as marked copies.
   */
  requests: { tenant: string; partition: number; copies: boolean; payload: Uint8Array; arrivedByMs: Float64Array; weights: Uint32Array }[]
}

/** Answers a worker's wants; rejects when the lane stops. */
export type FindSpans = (wants: readonly TraceLookUp[]) => Promise<FoundSpans>

export const NOTHING_FOUND: FoundSpans = { asked: [], homes: [], cut: [], requests: [] }
