import { isUtf8 } from 'node:buffer'
import { EMPTY, type Line } from '../otlp/log-writer.ts'

/** A record that is filled anew for every line. */
export function createLine(): Line {
  return { bytes: EMPTY, start: 0, end: 0, offset: 0, timeNs: 0n, severity: 0, cutBytes: 0, extra: EMPTY }
}

/** True when all of it is UTF-8: then no line of it needs to be looked at. */
export function isText(bytes: Buffer, start: number, end: number): boolean {
  return isUtf8(bytes.subarray(start, end))
}

/**
 * Sets the body to these bytes: without the carriage return of a Windows line end, with U+FFFD for what is not UTF-8 (unless `valid` says that all
 * is), and cut to `maxBytes`. `cutBytes` becomes the length before the cut.
 */
export function setBody(line: Line, from: { bytes: Buffer; start: number; end: number; valid: boolean }, maxBytes: number): void {
  line.bytes = from.bytes
  line.start = from.start
  line.end = from.end > from.start && from.bytes[from.end - 1] === 0x0d ? from.end - 1 : from.end
  const wholeBytes = line.end - line.start
  line.cutBytes = 0
  if (wholeBytes > maxBytes) line.end = characterEnd(from.bytes, from.start, from.start + maxBytes)
  if (!from.valid && !isText(line.bytes, line.start, line.end)) repair(line, maxBytes)
  if (wholeBytes > maxBytes) line.cutBytes = wholeBytes
}

function repair(line: Line, maxBytes: number): void {
  const text = Buffer.from(line.bytes.toString('utf8', line.start, line.end))
  line.bytes = text
  line.start = 0
  line.end = text.length
  // A wrong byte becomes three, which may be more than there is room for.
  if (text.length <= maxBytes) return
  line.cutBytes = text.length
  line.end = characterEnd(text, 0, maxBytes)
}

/** The last place at or before `at` where no character is cut through. */
function characterEnd(bytes: Buffer, start: number, at: number): number {
  let end = at
  while (end > start && end > at - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return end
}
