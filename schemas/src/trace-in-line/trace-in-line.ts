import { isHex, isWord } from '../redaction/look.ts'
import { createFinder } from './finder.ts'

/** Where the 32 and 16 hex digits of ids begin, −1 for none. */
export interface IdsInLine {
  traceAt: number
  spanAt: number
}

/** Of a line so much is looked at. */
const MOST_BYTES = 16_384
const TRACE_DIGITS = 32
const SPAN_DIGITS = 16
const DASH = 0x2d
const COMMA = 0x2c
const CLOSING = 0x5d

/**
 * The trace, and if it says so the span, that a line says it belongs to: a member or pair called `trace_id`, `traceId`, `trace.id`, `otelTraceID` and the
 * like whose value is 32 hex digits, else both ids side by side, as in `traceparent` and in `[trace-span]`, `[service,trace,span]` of Spring. Ids of zeros are
 * none. False when it names no trace. `bytes[start, end)`: UTF-8; `ids` takes what was found.
 */
export type TraceInLine = (bytes: Uint8Array, range: { start: number; end: number }, ids: IdsInLine) => boolean

export function createTraceInLine(): TraceInLine {
  const nextTrace = createFinder('trace')
  const nextSpan = createFinder('span')
  return (bytes, range, ids) => {
    const { start } = range
    const end = Math.min(range.end, start + MOST_BYTES)
    ids.traceAt = named(bytes, { start, end, digits: TRACE_DIGITS }, nextTrace)
    ids.spanAt = -1
    if (ids.traceAt < 0) return besideEachOther(bytes, start, end, ids)
    ids.spanAt = named(bytes, { start, end, digits: SPAN_DIGITS }, nextSpan)
    return true
  }
}

interface Wanted {
  start: number
  end: number
  digits: number
}

/** The first value of so many digits behind a name that ends with `…id`; −1 for none. What is called a parent's is another's. */
function named(bytes: Uint8Array, { start, end, digits }: Wanted, next: ReturnType<typeof createFinder>): number {
  for (let at = next.find(bytes, start, end); at >= 0; at = next.find(bytes, at + next.length, end)) {
    if (isParents(bytes, start, at)) continue
    const value = valueBehind(bytes, at + next.length, end)
    if (value >= 0 && isId(bytes, { start: value, end, digits })) return value
  }
  return -1
}

/** Behind `trace` or `span`: an optional joint, `id`, and what stands between a name and its value. −1 when it is no name of an id. */
function valueBehind(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  if (at < end && isJoint(bytes[at]!)) at++
  if (at + 2 > end || (bytes[at]! | 0x20) !== 0x69 || (bytes[at + 1]! | 0x20) !== 0x64) return -1
  return skipTo(bytes, at + 2, end)
}

/** The start of a value whose name ends before `from`; −1 where nothing parts them, or too much. */
function skipTo(bytes: Uint8Array, from: number, end: number): number {
  const most = Math.min(end, from + MOST_BETWEEN)
  let at = from
  while (at < most && IS_BETWEEN[bytes[at]!] === 1) at++
  return at > from && at < end ? at : -1
}

/** What may stand between the name of a member or pair and its value: quotes, escaped ones too, blanks, `:`, `=` and brackets. */
const IS_BETWEEN = new Uint8Array(256)
for (const sign of [' ', '\t', '"', "'", '\\', ':', '=', '[', '(', '<']) IS_BETWEEN[sign.charCodeAt(0)] = 1
/** No name is farther from its value. */
const MOST_BETWEEN = 8

/** `_`, `.`, `-` and a blank. */
function isJoint(byte: number): boolean {
  return byte === 0x5f || byte === 0x2e || byte === DASH || byte === 0x20
}

function isParents(bytes: Uint8Array, start: number, at: number): boolean {
  const end = at > start && isJoint(bytes[at - 1]!) ? at - 1 : at
  if (end - PARENT.length < start) return false
  for (let i = 0; i < PARENT.length; i++) if ((bytes[end - PARENT.length + i]! | 0x20) !== PARENT[i]) return false
  return true
}

const PARENT = Uint8Array.from('parent', (letter) => letter.charCodeAt(0))

/** Of a word, letters beyond ASCII included: what stands beside an id must not be. */
function isPart(byte: number): boolean {
  return byte >= 0x80 || isWord(byte)
}

/** So many hex digits, not all zero, and then no other part of a word. */
function isId(bytes: Uint8Array, { start, end, digits }: Wanted): boolean {
  if (start + digits > end) return false
  let isZero = true
  for (let at = start; at < start + digits; at++) {
    const byte = bytes[at]!
    if (!isHex(byte)) return false
    if (byte !== 0x30) isZero = false
  }
  return !isZero && (start + digits === end || !isPart(bytes[start + digits]!))
}

/** A run of 32 digits covers two multiples of 16, so one byte of 16 is asked. */
function besideEachOther(bytes: Uint8Array, start: number, end: number, ids: IdsInLine): boolean {
  for (let at = start + SPAN_DIGITS - 1; at + SPAN_DIGITS < end; at += SPAN_DIGITS) {
    if (!isHex(bytes[at]!) || !isHex(bytes[at + SPAN_DIGITS]!)) continue
    let first = at
    while (first > start && at - first < TRACE_DIGITS && isHex(bytes[first - 1]!)) first--
    if (first > start && isPart(bytes[first - 1]!)) continue
    if (!isId(bytes, { start: first, end, digits: TRACE_DIGITS }) || !isSpanBehind(bytes, first + TRACE_DIGITS, end)) continue
    ids.traceAt = first
    ids.spanAt = first + TRACE_DIGITS + 1
    return true
  }
  return false
}

/** A comma joins ids in brackets alone: elsewhere it parts columns that may be anything. */
function isSpanBehind(bytes: Uint8Array, at: number, end: number): boolean {
  if (!isId(bytes, { start: at + 1, end, digits: SPAN_DIGITS })) return false
  const behind = at + 1 + SPAN_DIGITS
  return bytes[at] === DASH || (bytes[at] === COMMA && behind < end && bytes[behind] === CLOSING)
}
