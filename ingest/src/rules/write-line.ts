import { BodyKind } from '@skein/schemas/log'
import type { LineValue, RuleLine } from '@skein/schemas/rules/rule-line'
import type { LogBatch } from '../logs/log-batch.ts'
import {
  removeAttribute,
  setAttribute,
  setAttributeRange,
  setBody,
  setService,
  setSeverity,
  setSpanId,
  setTimeNs,
  setTraceId,
  type TextRange,
} from '../logs/log-changes.ts'
import { reserveText } from '../logs/log-arrays.ts'
import { encodeNested } from './attribute-values.ts'

/** Writes into a row what rules changed of it. */
export function writeLine(batch: LogBatch, row: number, before: RuleLine, after: RuleLine): void {
  if (after.timeNs !== before.timeNs) setTimeNs(batch, row, after.timeNs)
  if (after.severity !== before.severity || after.severityText !== before.severityText) setSeverity(batch, row, after.severity, after.severityText)
  if (after.service !== before.service) setService(batch, row, after.service)
  if (after.body !== before.body || after.bodyKind !== before.bodyKind) setBody(batch, row, after.body, BodyKind[after.bodyKind])
  writeIds(batch, row, before, after)
  for (const name of before.attributes.keys()) if (!after.attributes.has(name)) removeAttribute(batch, row, name)
  for (const [name, value] of after.attributes) if (value !== before.attributes.get(name)) writeAttribute(batch, row, name, value)
}

function writeIds(batch: LogBatch, row: number, before: RuleLine, after: RuleLine): void {
  if (after.traceId === '') batch.traceId[row] = -1
  else if (after.traceId !== before.traceId) setTraceId(batch, row, after.traceId)
  if (after.spanId === '') batch.spanId[row] = -1
  else if (after.spanId !== before.spanId) setSpanId(batch, row, after.spanId)
}

function writeAttribute(batch: LogBatch, row: number, name: string, value: LineValue): void {
  if (name === '') return
  if (value === null) removeAttribute(batch, row, name)
  else if (typeof value !== 'object') setAttribute(batch, row, name, typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value)
  else {
    const { field, bytes } = encodeNested(value)
    setAttributeRange(batch, row, { name, field, ...append(batch, bytes) })
  }
}

function append(batch: LogBatch, bytes: Uint8Array): TextRange {
  reserveText(batch, bytes.length)
  const start = batch.usedBytes
  batch.bytes.set(bytes, start)
  batch.usedBytes += bytes.length
  return { start, end: batch.usedBytes }
}
