import { AnyValue, ArrayValue, KeyValue, KeyValueList } from '@skein/schemas/otlp-wire'
import { base64At, booleanAt, doubleAt, int64At, listAt, member, objectAt, textAt } from './json-values.ts'
import type { JsonObject } from './parse-json.ts'
import type { ReverseWriter } from './reverse-writer.ts'

/** Values nest only as deep as `parseOtlpJson` lets brackets nest, so calling ourselves is bounded. */
export function writeAttributes(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const list = listAt(value, path)
  for (let i = list.length - 1; i >= 0; i--) {
    const pair = objectAt(list[i], path)
    const mark = writer.mark()
    if (pair !== undefined) {
      const inner = objectAt(member(pair, 'value'), `${path}.value`)
      if (inner !== undefined) writeAnyValue(writer, KeyValue.value, inner, `${path}.value`)
      const key = textAt(member(pair, 'key'), `${path}.key`)
      if (key !== '') writer.text(KeyValue.key, key)
    }
    writer.closeMessage(field, mark)
  }
}

export function writeAnyValue(writer: ReverseWriter, field: number, value: JsonObject, path: string): void {
  const mark = writer.mark()
  writeOneOf(writer, value, path)
  writer.closeMessage(field, mark)
}

type WriteValue = (writer: ReverseWriter, value: unknown, path: string) => void

const WRITERS: ReadonlyMap<string, WriteValue> = new Map<string, WriteValue>([
  ['stringValue', (writer, value, path) => writer.text(AnyValue.stringValue, textAt(value, path))],
  ['boolValue', (writer, value, path) => writer.uint(AnyValue.boolValue, booleanAt(value, path) ? 1 : 0)],
  ['intValue', (writer, value, path) => writer.int64(AnyValue.intValue, int64At(value, path))],
  ['doubleValue', (writer, value, path) => writer.double(AnyValue.doubleValue, doubleAt(value, path))],
  ['bytesValue', (writer, value, path) => writer.bytes(AnyValue.bytesValue, base64At(value, path))],
  ['arrayValue', writeArray],
  ['kvlistValue', writeKeyValueList],
])

// Only one member of the union may be set; of several the last in the text wins, and objects keep that order.
function writeOneOf(writer: ReverseWriter, value: JsonObject, path: string): void {
  const kind = Object.keys(value).findLast((name) => WRITERS.has(name) && value[name] !== null)
  if (kind !== undefined) WRITERS.get(kind)?.(writer, value[kind], `${path}.${kind}`)
}

function writeKeyValueList(writer: ReverseWriter, value: unknown, path: string): void {
  const mark = writer.mark()
  writeAttributes(writer, KeyValueList.values, member(objectAt(value, path) ?? {}, 'values'), `${path}.values`)
  writer.closeMessage(AnyValue.kvlistValue, mark)
}

function writeArray(writer: ReverseWriter, value: unknown, path: string): void {
  const mark = writer.mark()
  const list = listAt(member(objectAt(value, path) ?? {}, 'values'), `${path}.values`)
  for (let i = list.length - 1; i >= 0; i--) writeAnyValue(writer, ArrayValue.values, objectAt(list[i], path) ?? {}, path)
  writer.closeMessage(AnyValue.arrayValue, mark)
}
