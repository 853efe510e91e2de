import type { SpanBatch } from '../decode/span-batch.ts'
import { inPieces } from '../decode/pieces.ts'
import { samplingWeight, wholeWeight } from '../topology/sampling.ts'
import { wordAt } from '../topology/span-key.ts'

/** What the late look-up needs of a stored span beside its row: both columns are 0 for almost every span and take next to no room. */

/** Arrivals within this are taken for arrivals right after it. */
export const PROMPT_MS = 60_000

/** Column `late`: seconds of log time from start to arrival, rounded up, or 0 up to a minute. */
export function lateColumn(batch: SpanBatch, positions: Int32Array): Uint32Array {
  const seconds = new Uint32Array(positions.length)
  inPieces(positions.length, lateRows, { batch, positions, seconds })
  return seconds
}

function lateRows({ batch, positions, seconds }: { batch: SpanBatch; positions: Int32Array; seconds: Uint32Array }, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const row = positions[i] as number
    const lateMs = (batch.envelopes[batch.envelope[row] as number]?.logTimeMs ?? 0) - Math.floor((batch.startUs[row] as number) / 1000)
    if (lateMs > PROMPT_MS) seconds[i] = Math.min(0xffff_ffff, Math.ceil(lateMs / 1000))
  }
}

/** Column `weight`: spans that this one stands for, 0 when its trace state says nothing. */
export function weightColumn(batch: SpanBatch, positions: Int32Array): Uint32Array {
  const weights = new Uint32Array(positions.length)
  inPieces(positions.length, weightRows, { batch, positions, weights })
  return weights
}

function weightRows({ batch, positions, weights }: { batch: SpanBatch; positions: Int32Array; weights: Uint32Array }, from: number, to: number): void {
  const { bytes, traceStateStart, traceStateEnd, traceId } = batch
  for (let i = from; i < to; i++) {
    const row = positions[i] as number
    const start = traceStateStart[row] as number
    if (start < 0) continue
    const weight = samplingWeight(bytes, start, traceStateEnd[row] as number)
    const at = traceId[row] as number
    if (weight > 0)
      weights[i] = wholeWeight(weight, {
        trace0: wordAt(bytes, at),
        trace1: wordAt(bytes, at + 4),
        trace2: wordAt(bytes, at + 8),
        trace3: wordAt(bytes, at + 12),
      })
  }
}
