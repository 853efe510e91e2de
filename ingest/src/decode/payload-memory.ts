import type { BatchEnvelope } from './span-batch.ts'

export interface DecodeInput {
  envelope: BatchEnvelope
  /** An OTLP export request of the decoder's signal. */
  payload: Uint8Array
}

/** Payloads of one batch side by side, to be read and not written to: the memory may be another's. */
export interface PayloadMemory {
  /** Ends `SLACK_BYTES` behind the last payload. */
  bytes: Buffer
  /** Input → where its payload starts in `bytes`. */
  starts: Float64Array
}

/** Readable behind the last payload, so that the hot loop may look a few bytes ahead without asking. */
export const SLACK_BYTES = 64
/** Offsets into a batch are 32-bit integers. */
export const MAX_BATCH_BYTES = 0x7fffffff

/** Where payloads lie in one memory, as those of a job do, they are read there: to touch as much memory anew costs more than to decode it. */
export function payloadMemory(inputs: readonly DecodeInput[]): PayloadMemory {
  return inOneMemory(inputs) ?? joined(inputs)
}

/** Null when they lie in several, or one has no room behind it. */
function inOneMemory(inputs: readonly DecodeInput[]): PayloadMemory | null {
  const first = inputs.find(({ payload }) => payload.length > 0)?.payload
  if (first === undefined || first.buffer.byteLength > MAX_BATCH_BYTES) return null
  const starts = new Float64Array(inputs.length)
  let last = 0
  for (const [index, { payload }] of inputs.entries()) {
    if (payload.length === 0) continue
    const end = payload.byteOffset + payload.length + SLACK_BYTES
    if (payload.buffer !== first.buffer || end > first.buffer.byteLength) return null
    starts[index] = payload.byteOffset
    last = Math.max(last, end)
  }
  return { bytes: Buffer.from(first.buffer, 0, last), starts }
}

function joined(inputs: readonly DecodeInput[]): PayloadMemory {
  let size = SLACK_BYTES
  for (const { payload } of inputs) size += payload.length
  if (size > MAX_BATCH_BYTES) throw new RangeError(`a batch of ${size} bytes`)
  const bytes = Buffer.allocUnsafeSlow(size)
  const starts = new Float64Array(inputs.length)
  let at = 0
  for (const [index, { payload }] of inputs.entries()) {
    starts[index] = at
    bytes.set(payload, at)
    at += payload.length
  }
  bytes.fill(0, at)
  return { bytes, starts }
}
