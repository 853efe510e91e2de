import { BodyKind, MAX_LOG_BODY_BYTES } from '@skein/schemas/log'
import { AnyValue } from '@skein/schemas/otlp-wire'
import { coverKeys } from '../decode/attribute-keys.ts'
import { ATTRIBUTE_NUMBERS } from '../decode/batch-arrays.ts'
import { viewOf } from '../decode/byte-interner.ts'
import { cutText } from '../decode/decode-attribute.ts'
import { wordsOfNs } from '../decode/nanoseconds.ts'
import { HEX_DIGITS } from './hex-digits.ts'
import { reserveAttributes, reserveText } from './log-arrays.ts'
import type { AttributeName, LogBatch } from './log-batch.ts'

/** Changes to lines of a batch. Texts that stand in the batch already, such as a part of a body, can be pointed to by their range. */

export interface TextRange {
  start: number
  end: number
}

/** The text behind all others. */
export function appendText(batch: LogBatch, text: string): TextRange {
  reserveText(batch, text.length * 3)
  const start = batch.usedBytes
  batch.usedBytes += batch.bytes.write(text, start)
  return { start, end: batch.usedBytes }
}

/** NUL, which no text of the store has, becomes U+FFFD. */
export function setBody(batch: LogBatch, row: number, text: string, kind: number = BodyKind.text): void {
  setBodyRange(batch, row, appendText(batch, text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text), kind)
}

/** The text of a range that is UTF-8 without NUL; it is cut at `MAX_LOG_BODY_BYTES`. */
export function setBodyRange(batch: LogBatch, row: number, { start, end }: TextRange, kind: number = BodyKind.text): void {
  batch.bodyStart[row] = start
  batch.bodyEnd[row] = end - start > MAX_LOG_BODY_BYTES ? cutText(batch.bytes, start, MAX_LOG_BODY_BYTES) : end
  batch.bodyKind[row] = kind
}

/** Number and place of an attribute's name, which is not empty. */
export function nameOf(batch: LogBatch, name: string): AttributeName {
  const known = batch.names.get(name)
  if (known !== undefined) return known
  const { start, end } = appendText(batch, name)
  const { interner } = batch.keys
  const key = interner.intern(batch.bytes, viewOf(batch.bytes), start, end)
  coverKeys(batch.keys)
  batch.keyCount = interner.size
  const fresh = { key, start, end }
  batch.names.set(name, fresh)
  return fresh
}

/** Tuple of the last attribute of a name, −1 for none. */
export function findAttribute(batch: LogBatch, row: number, key: number): number {
  const from = batch.attributeFrom[row] as number
  for (let tuple = (batch.attributeTo[row] as number) - 1; tuple >= from; tuple--) if (batch.attributeKey[tuple] === key) return tuple
  return -1
}

/** A text, number or truth as value; in place of one of that name. */
export function setAttribute(batch: LogBatch, row: number, name: string, value: string | number | boolean): void {
  if (typeof value === 'string') setAttributeRange(batch, row, { name, field: AnyValue.stringValue, ...appendText(batch, value) })
  else if (typeof value === 'boolean') setAttributeRange(batch, row, { name, field: AnyValue.boolValue, ...appendVarint(batch, value ? 1n : 0n) })
  else if (Number.isSafeInteger(value))
    setAttributeRange(batch, row, { name, field: AnyValue.intValue, ...appendVarint(batch, BigInt.asUintN(64, BigInt(value))) })
  else setAttributeRange(batch, row, { name, field: AnyValue.doubleValue, ...appendDouble(batch, value) })
}

/** `field`: of AnyValue; the range holds its wire bytes. */
export function setAttributeRange(batch: LogBatch, row: number, attribute: TextRange & { name: string; field: number }): void {
  const { key, start: keyStart, end: keyEnd } = nameOf(batch, attribute.name)
  const known = findAttribute(batch, row, key)
  const place = known - (batch.attributeFrom[row] as number)
  ownAttributes(batch, row)
  const tuple = known < 0 ? batch.attributeCount++ : (batch.attributeFrom[row] as number) + place
  batch.attributeTo[row] = batch.attributeCount
  const at = tuple * ATTRIBUTE_NUMBERS
  batch.attributeKey[tuple] = key
  batch.attributes[at] = keyStart
  batch.attributes[at + 1] = keyEnd
  batch.attributes[at + 2] = attribute.field
  batch.attributes[at + 3] = attribute.start
  batch.attributes[at + 4] = attribute.end
}

/** Takes every attribute of a name away. False when there is none. */
export function removeAttribute(batch: LogBatch, row: number, name: string): boolean {
  const { key } = nameOf(batch, name)
  if (findAttribute(batch, row, key) < 0) return false
  ownAttributes(batch, row)
  for (let tuple = findAttribute(batch, row, key); tuple >= 0; tuple = findAttribute(batch, row, key)) removeTuple(batch, row, tuple)
  return true
}

function removeTuple(batch: LogBatch, row: number, tuple: number): void {
  const to = batch.attributeTo[row] as number
  batch.attributes.copyWithin(tuple * ATTRIBUTE_NUMBERS, (tuple + 1) * ATTRIBUTE_NUMBERS, to * ATTRIBUTE_NUMBERS)
  batch.attributeKey.copyWithin(tuple, tuple + 1, to)
  batch.attributeTo[row] = to - 1
  batch.attributeCount = to - 1
}

/** Lets the list of a row stand behind all others, with room for one more: there it can change. */
function ownAttributes(batch: LogBatch, row: number): void {
  const from = batch.attributeFrom[row] as number
  const to = batch.attributeTo[row] as number
  const count = to - from
  if (to === batch.attributeCount) {
    reserveAttributes(batch, to + 1)
    return
  }
  const target = batch.attributeCount
  reserveAttributes(batch, target + count + 1)
  batch.attributes.copyWithin(target * ATTRIBUTE_NUMBERS, from * ATTRIBUTE_NUMBERS, to * ATTRIBUTE_NUMBERS)
  batch.attributeKey.copyWithin(target, from, to)
  batch.attributeFrom[row] = target
  batch.attributeTo[row] = target + count
  batch.attributeCount = target + count
}

function appendVarint(batch: LogBatch, value: bigint): TextRange {
  reserveText(batch, 10)
  const start = batch.usedBytes
  let rest = value
  for (; rest > 0x7fn; rest >>= 7n) batch.bytes[batch.usedBytes++] = Number(rest & 0x7fn) | 0x80
  batch.bytes[batch.usedBytes++] = Number(rest)
  return { start, end: batch.usedBytes }
}

function appendDouble(batch: LogBatch, value: number): TextRange {
  reserveText(batch, 8)
  const start = batch.usedBytes
  batch.usedBytes = batch.bytes.writeDoubleLE(value, start)
  return { start, end: batch.usedBytes }
}

/** `text`: as people write it; the text that was sent stays unless given. */
export function setSeverity(batch: LogBatch, row: number, severity: number, text?: string): void {
  batch.severity[row] = severity
  if (text !== undefined) batch.severityText[row] = numberOf(batch.severityTexts, batch.given.severityTexts, text)
}

export function setService(batch: LogBatch, row: number, name: string): void {
  batch.service[row] = numberOf(batch.services, batch.given.services, name)
}

function numberOf(texts: string[], given: Map<string, number>, text: string): number {
  const number = given.get(text) ?? texts.push(text) - 1
  given.set(text, number)
  return number
}

/** Unix ns. Whether a time is to be believed is for the caller to say (`pastDays` and `futureMinutes` of `LogLimits`). */
export function setTimeNs(batch: LogBatch, row: number, ns: bigint): void {
  const { low, high } = wordsOfNs(ns)
  batch.timeLow[row] = low
  batch.timeHigh[row] = high
}

/** 32 or fewer hex digits, which are padded by zeros on the left. False when it is no id. */
export function setTraceId(batch: LogBatch, row: number, hex: string): boolean {
  const start = appendId(batch, hex, 16)
  if (start >= 0) batch.traceId[row] = start
  return start >= 0
}

/** 16 hex digits. False when it is no id. */
export function setSpanId(batch: LogBatch, row: number, hex: string): boolean {
  const start = appendId(batch, hex, 8)
  if (start >= 0) batch.spanId[row] = start
  return start >= 0
}

/** The ids whose hex digits stand at these places of `bytes`: 32 and 16 of them; −1 leaves the span as it is. */
export function setIdsAt(batch: LogBatch, row: number, { traceAt, spanAt }: { traceAt: number; spanAt: number }): void {
  batch.traceId[row] = appendDigits(batch, traceAt, 16)
  if (spanAt >= 0) batch.spanId[row] = appendDigits(batch, spanAt, 8)
}

function appendDigits(batch: LogBatch, at: number, length: number): number {
  reserveText(batch, length)
  const { bytes, usedBytes: start } = batch
  for (let i = 0; i < length; i++) bytes[start + i] = (HEX_DIGITS[bytes[at + i * 2]!]! << 4) | HEX_DIGITS[bytes[at + i * 2 + 1]!]!
  batch.usedBytes += length
  return start
}

/** Where the id stands; −1 for a text that is none, or is all zeros. */
function appendId(batch: LogBatch, hex: string, bytes: number): number {
  if (hex.length === 0 || hex.length > bytes * 2 || !/^[0-9a-fA-F]+$/.test(hex) || /^0+$/.test(hex)) return -1
  reserveText(batch, bytes)
  const start = batch.usedBytes
  batch.usedBytes += batch.bytes.write(hex.padStart(bytes * 2, '0'), start, 'hex')
  return start
}
