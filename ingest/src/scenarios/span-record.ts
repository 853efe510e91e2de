import type { FieldValue } from '@skein/schemas/filter/tree'
import { AnyValue, SPAN_KINDS, STATUS_CODES } from '@skein/schemas/otlp-wire'
import type { StepRecord } from '@skein/schemas/scenario-match'
import type { SpanBatch } from '../decode/span-batch.ts'
import { numberText } from '../rows/attribute-value.ts'

const TUPLE = 5

/** One span of a batch as what a scenario looks at. Only spans that a scenario may want are made into one. */
export function spanRecord(batch: SpanBatch, row: number): StepRecord {
  const trace = batch.traceId[row]!
  const service = batch.resources[batch.resource[row]!]?.service ?? ''
  const name = batch.bytes.toString('utf8', batch.nameStart[row], batch.nameEnd[row])
  const own: Readonly<Record<string, () => FieldValue>> = {
    duration_ms: () => batch.durationNs[row]! / 1e6,
    status: () => STATUS_CODES[batch.status[row]!] ?? 'unset',
    kind: () => SPAN_KINDS[batch.kind[row]!] ?? 'unspecified',
    service: () => service,
    operation: () => name,
  }
  return {
    kind: 'span',
    service,
    name,
    traceId: batch.bytes.toString('hex', trace, trace + 16),
    field: (field) => (Object.hasOwn(own, field) ? own[field]?.() : attribute(batch, row, field)),
  }
}

/** The first attribute of that name that has a value of these types; arrays, objects and empty values count as none. */
function attribute(batch: SpanBatch, row: number, name: string): FieldValue | undefined {
  const key = Buffer.from(name)
  const to = batch.attributeTo[row]!
  for (let tuple = batch.attributeFrom[row]!; tuple < to; tuple++) {
    const value = isCalled(batch, tuple, key) ? valueOf(batch, tuple) : undefined
    if (value !== undefined) return value
  }
  return undefined
}

function isCalled({ attributes, bytes }: SpanBatch, tuple: number, key: Buffer): boolean {
  const start = attributes[tuple * TUPLE]!
  const end = attributes[tuple * TUPLE + 1]!
  return end - start === key.length && bytes.compare(key, 0, key.length, start, end) === 0
}

function valueOf({ attributes, bytes }: SpanBatch, tuple: number): FieldValue | undefined {
  const [field, start, end] = [attributes[tuple * TUPLE + 2]!, attributes[tuple * TUPLE + 3]!, attributes[tuple * TUPLE + 4]!]
  switch (field) {
    case AnyValue.stringValue:
      return bytes.toString('utf8', start, end)
    case AnyValue.boolValue:
      return bytes[start] !== 0
    case AnyValue.intValue:
    case AnyValue.doubleValue:
      return numberOrText(numberText(bytes, { field, start, end }))
    default:
      return undefined
  }
}

/** An integer that is no exact number stays text, as it is stored. */
function numberOrText(text: string): FieldValue {
  return String(Number(text)) === text ? Number(text) : text
}
