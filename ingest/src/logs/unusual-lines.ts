import { isUtf8 } from 'node:buffer'
import { BodyKind, LogAttribute } from '@skein/schemas/log'
import { AnyValue } from '@skein/schemas/otlp-wire'
import { cutText } from '../decode/decode-attribute.ts'
import { WireError } from '../decode/wire.ts'
import { valueText } from '../rows/attribute-value.ts'
import { Unusual, UNUSUAL_NUMBERS } from './decode-log.ts'
import type { LogBatch } from './log-batch.ts'
import { appendText, setAttribute, setAttributeRange, setBody, setBodyRange } from './log-changes.ts'

interface Value {
  field: number
  start: number
  end: number
}

/** Puts right what the decoder left aside: bodies that are no plain text or longer than `maxBytes`, and names of events. */
export function settleUnusual(batch: LogBatch, unusual: readonly number[], maxBytes: number): void {
  for (let at = 0; at < unusual.length; at += UNUSUAL_NUMBERS) {
    const [row = 0, what, field = 0, start = 0, end = 0] = unusual.slice(at, at + UNUSUAL_NUMBERS)
    if (what === Unusual.eventName) setAttributeRange(batch, row, { name: LogAttribute.eventName, field, start, end })
    else settleBody(batch, row, { value: { field, start, end }, maxBytes })
  }
}

function settleBody(batch: LogBatch, row: number, { value, maxBytes }: { value: Value; maxBytes: number }): void {
  const { field, start, end } = value
  const range = field === AnyValue.stringValue ? { start, end } : appendText(batch, textOf(batch.bytes, value))
  const whole = range.end - range.start
  if (whole > maxBytes) {
    range.end = cutText(batch.bytes, range.start, maxBytes)
    setAttribute(batch, row, LogAttribute.cutBytes, whole)
  }
  const text = batch.bytes.subarray(range.start, range.end)
  const kind = field === AnyValue.arrayValue || field === AnyValue.kvlistValue ? BodyKind.json : BodyKind.text
  if (text.includes(0) || !isUtf8(text)) setBody(batch, row, text.toString('utf8'), kind)
  else setBodyRange(batch, row, range, kind)
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
