import type { FieldValue } from '@skein/schemas/filter/tree'
import { AnyValue, ArrayValue, KeyValue, Resource } from '@skein/schemas/otlp-wire'
import { PLACE_ATTRIBUTES } from '@skein/schemas/semantic-conventions'
import { doubleOf, integerOf, type WireField, wireFields } from '@skein/schemas/wire-fields'

/** What a resource is asked by: its attributes that are one value, and what is known of it by names of ours. */
export interface ResourceFields {
  environment: string
  cluster: string
  namespace: string
  attributes: ReadonlyMap<string, FieldValue>
  /** About what they take in memory. */
  bytes: number
}

const decoder = new TextDecoder()

/** From the bytes of an OTLP Resource message; what makes no sense ends it. */
export function readResourceFields(message: Uint8Array): ResourceFields {
  const attributes = new Map<string, FieldValue>()
  const texts = new Map<string, string>()
  for (const field of wireFields(message)) if (field.number === Resource.attributes) readAttribute(field.bytes, attributes, texts)
  const first = (names: readonly string[]): string => names.map((name) => texts.get(name) ?? '').find((value) => value !== '') ?? ''
  return {
    environment: first(PLACE_ATTRIBUTES.environment),
    cluster: first(PLACE_ATTRIBUTES.cluster),
    namespace: first(PLACE_ATTRIBUTES.namespace),
    attributes,
    bytes: message.byteLength * 3,
  }
}

function readAttribute(message: Uint8Array, attributes: Map<string, FieldValue>, texts: Map<string, string>): void {
  let key = ''
  let value: FieldValue | undefined
  let text = ''
  for (const { number, bytes } of wireFields(message)) {
    if (number === KeyValue.key) key = decoder.decode(bytes)
    if (number !== KeyValue.value) continue
    for (const field of wireFields(bytes)) {
      value = scalarOf(field)
      text = firstTextOf(field)
    }
  }
  if (value !== undefined) attributes.set(key, value)
  texts.set(key, text)
}

function scalarOf({ number, bits, bytes }: WireField): FieldValue | undefined {
  if (number === AnyValue.stringValue) return decoder.decode(bytes)
  if (number === AnyValue.boolValue) return bits !== 0n
  if (number === AnyValue.intValue) return integerOf(bits)
  return number === AnyValue.doubleValue ? doubleOf(bits) : undefined
}

/** Of a text itself, of a list its first. */
function firstTextOf({ number, bytes }: WireField): string {
  if (number === AnyValue.stringValue) return decoder.decode(bytes)
  if (number !== AnyValue.arrayValue) return ''
  for (const item of wireFields(bytes)) {
    if (item.number !== ArrayValue.values) continue
    for (const field of wireFields(item.bytes)) if (field.number === AnyValue.stringValue) return decoder.decode(field.bytes)
  }
  return ''
}
