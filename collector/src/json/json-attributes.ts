import { AnyValue, ArrayValue, KeyValue, KeyValueList } from '@skein/schemas/otlp-wire'
import { MalformedError } from '../scan/malformed.ts'
import { base64At, doubleAt, int64At, listAt, member, objectAt, textAt } from './json-values.ts'
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

function writeAnyValue(writer: ReverseWriter, field: number, value: JsonObject, path: string): void {
  const mark = writer.mark()
  writeOneOf(writer, value, path)
  writer.closeMessage(field, mark)
}

const KINDS = ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'] as const

// Only one member of the union may be set; of several the last in the text would win, which objects keep in order.
function writeOneOf(writer: ReverseWriter, value: JsonObject, path: string): void {
  let kind: (typeof KINDS)[number] | undefined
  for (const name of Object.keys(value)) {
    const known = KINDS.find((each) => each === name)
    if (known !== undefined && value[known] !== null) kind = known
  }
  if (kind === undefined) return
  const inner = value[kind]
  const at = `${path}.${kind}`
  switch (kind) {
    case 'stringValue':
      return writer.text(AnyValue.stringValue, textAt(inner, at))
    case 'boolValue':
      if (typeof inner !== 'boolean') throw new MalformedError(`${at} must be true or false`, at)
      return writer.uint(AnyValue.boolValue, inner ? 1 : 0)
    case 'intValue':
      return writer.int64(AnyValue.intValue, int64At(inner, at))
    case 'doubleValue':
      return writer.double(AnyValue.doubleValue, doubleAt(inner, at))
    case 'bytesValue':
      return writer.bytes(AnyValue.bytesValue, base64At(inner, at))
    case 'arrayValue':
      return writeArray(writer, inner, at)
    case 'kvlistValue': {
      const mark = writer.mark()
      writeAttributes(writer, KeyValueList.values, member(objectAt(inner, at) ?? {}, 'values'), `${at}.values`)
      return writer.closeMessage(AnyValue.kvlistValue, mark)
    }
  }
}

function writeArray(writer: ReverseWriter, value: unknown, path: string): void {
  const mark = writer.mark()
  const list = listAt(member(objectAt(value, path) ?? {}, 'values'), `${path}.values`)
  for (let i = list.length - 1; i >= 0; i--) writeAnyValue(writer, ArrayValue.values, objectAt(list[i], path) ?? {}, path)
  writer.closeMessage(AnyValue.arrayValue, mark)
}
