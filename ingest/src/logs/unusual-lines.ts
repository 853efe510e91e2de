import { BodyKind, LogAttribute, MAX_LOG_BODY_BYTES } from '@skein/schemas/log'
import { AnyValue } from '@skein/schemas/otlp-wire'
import { cutText } from '../decode/decode-attribute.ts'
import { WireError } from '../decode/wire.ts'
import { valueText } from '../rows/attribute-value.ts'
import { Unusual, UNUSUAL_NUMBERS } from './decode-log.ts'
import type { LogBatch } from './log-batch.ts'
import { setAttribute, setAttributeRange, setBody, setBodyRange } from './log-changes.ts'

interface Value {
  field: number
  start: number
  end: number
}

/** Puts right what the decoder left aside: bodies that are no plain text or too long, and names of events. Envelope → what was cut of its lines. */
export function settleUnusual(batch: LogBatch, unusual: readonly number[]): Map<number, { records: number; bytes: number }> {
  const cut = new Map<number, { records: number; bytes: number }>()
  for (let at = 0; at < unusual.length; at += UNUSUAL_NUMBERS) {
    const [row = 0, what, field = 0, start = 0, end = 0] = unusual.slice(at, at + UNUSUAL_NUMBERS)
    if (what === Unusual.eventName) setAttributeRange(batch, row, { name: LogAttribute.eventName, field, start, end })
    else {
      const bytes = settleBody(batch, row, { field, start, end })
      if (bytes === 0) continue
      const envelope = batch.envelope[row] as number
      const known = cut.get(envelope) ?? { records: 0, bytes: 0 }
      cut.set(envelope, { records: known.records + 1, bytes: known.bytes + bytes })
    }
  }
  return cut
}

/** Returns how many bytes were cut. */
function settleBody(batch: LogBatch, row: number, value: Value): number {
  const { field, start, end } = value
  if (field === AnyValue.stringValue) {
    const stop = end - start > MAX_LOG_BODY_BYTES ? cutText(batch.bytes, start, MAX_LOG_BODY_BYTES) : end
    const text = batch.bytes.subarray(start, stop)
    // Replacing what is no UTF-8 may make a text longer; `setBody` cuts it once more.
    if (text.includes(0) || text.some((byte) => byte >= 0x80)) setBody(batch, row, batch.bytes.toString('utf8', start, stop))
    else setBodyRange(batch, row, { start, end: stop })
    return markCut(batch, row, { whole: end - start, kept: stop - start })
  }
  const text = textOf(batch.bytes, value)
  const whole = Buffer.byteLength(text)
  setBody(batch, row, text, field === AnyValue.arrayValue || field === AnyValue.kvlistValue ? BodyKind.json : BodyKind.text)
  return markCut(batch, row, { whole, kept: Math.min(whole, MAX_LOG_BODY_BYTES) })
}

function markCut(batch: LogBatch, row: number, { whole, kept }: { whole: number; kept: number }): number {
  if (whole > kept) setAttribute(batch, row, LogAttribute.cutBytes, whole)
  return whole - kept
}

/** A value that is no message is empty. */
function textOf(bytes: Buffer, value: Value): string {
  try {
    return valueText(bytes, value)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return ''
  }
}
