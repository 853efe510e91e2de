import type { SpanBatch } from '../decode/span-batch.ts'

/** Reads of a batch's attribute tuples: key start, key end, AnyValue field, value start, value end. */
const TUPLE = 5
const Field = { text: 1, boolean: 2, integer: 3, double: 4 } as const

/** Start of a text value that is not empty, −1 when it is another type. */
export function textStart(batch: SpanBatch, tuple: number): number {
  const at = tuple * TUPLE
  return batch.attributes[at + 2] === Field.text && batch.attributes[at + 4]! > batch.attributes[at + 3]! ? batch.attributes[at + 3]! : -1
}

export function textEnd(batch: SpanBatch, tuple: number): number {
  return batch.attributes[tuple * TUPLE + 4]!
}

/** A number, or a text of digits; NaN of anything else. */
export function numberValue(batch: SpanBatch, tuple: number): number {
  const at = tuple * TUPLE
  const start = batch.attributes[at + 3]!
  const end = batch.attributes[at + 4]!
  switch (batch.attributes[at + 2]) {
    case Field.integer:
      return varint(batch.bytes, start, end)
    case Field.text:
      return digits(batch.bytes, start, end)
    case Field.double:
      return end - start === 8 ? batch.bytes.readDoubleLE(start) : Number.NaN
    default:
      return Number.NaN
  }
}

/** gRPC status names that are errors of the service; the newer convention sends names. */
const STATUS_NAMES = new Map([
  ['UNKNOWN', 2],
  ['DEADLINE_EXCEEDED', 4],
  ['UNIMPLEMENTED', 12],
  ['INTERNAL', 13],
  ['UNAVAILABLE', 14],
  ['DATA_LOSS', 15],
])

export function statusCodeValue(batch: SpanBatch, tuple: number): number {
  const number = numberValue(batch, tuple)
  if (!Number.isNaN(number)) return number
  const start = textStart(batch, tuple)
  return start < 0 ? Number.NaN : (STATUS_NAMES.get(batch.bytes.toString('latin1', start, Math.min(textEnd(batch, tuple), start + 32))) ?? Number.NaN)
}

/** true, or the text `true`. */
export function trueValue(batch: SpanBatch, tuple: number): boolean {
  const at = tuple * TUPLE
  const start = batch.attributes[at + 3]!
  if (batch.attributes[at + 2] === Field.boolean) return varint(batch.bytes, start, batch.attributes[at + 4]!) > 0
  return textStart(batch, tuple) >= 0 && batch.bytes.toString('latin1', start, Math.min(batch.attributes[at + 4]!, start + 5)) === 'true'
}

/** What is above 2^53 or negative is no status: only the order of magnitude is kept. */
function varint(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  let scale = 1
  for (let i = start; i < end && i < start + 10; i++) {
    const byte = bytes[i]!
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return i - start === 9 ? -1 : value
    scale *= 128
  }
  return Number.NaN
}

function digits(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > 15) return Number.NaN
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 0x30
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
