import type { AttributeValue } from '@skein/schemas/api/traces'
import { AnyValue, ArrayValue, KeyValue, KeyValueList, Resource } from '@skein/schemas/otlp-wire'
import type { StoredValue } from '@skein/store/contract-terms'
import { doubleOf, integerOf, wireFields } from '@skein/schemas/wire-fields'

/** Deeper than intake lets anything through. */
const MAX_DEPTH = 64

const decoder = new TextDecoder()

export type Attributes = Record<string, AttributeValue>

/** Attributes of an OTLP `Resource` message. */
export function decodeResource(message: Uint8Array): Attributes {
  return attributesOf(repeated(message, Resource.attributes))
}

/** All sub-messages of a field. */
export function repeated(message: Uint8Array, field: number): Uint8Array[] {
  return [...wireFields(message)].filter((each) => each.number === field).map((each) => each.bytes)
}

/** `KeyValue` messages as an object with own keys only, whatever they are called; of repeated keys the last counts. */
export function attributesOf(keyValues: readonly Uint8Array[], depth = 0): Attributes {
  return Object.fromEntries(keyValues.map((keyValue) => keyValueOf(keyValue, depth)))
}

function keyValueOf(message: Uint8Array, depth: number): [key: string, value: AttributeValue] {
  let key = ''
  let value: AttributeValue = null
  for (const field of wireFields(message)) {
    if (field.number === KeyValue.key) key = decoder.decode(field.bytes)
    else if (field.number === KeyValue.value) value = decodeAnyValue(field.bytes, depth)
  }
  return [key, value]
}

/** 64-bit integers outside the safe range as decimal strings, bytes as base64, NaN and infinities as their names. */
export function decodeAnyValue(message: Uint8Array, depth = 0): AttributeValue {
  let value: AttributeValue = null
  if (depth > MAX_DEPTH) return value
  for (const { number, bits, bytes } of wireFields(message)) {
    if (number === AnyValue.stringValue) value = decoder.decode(bytes)
    else if (number === AnyValue.boolValue) value = bits !== 0n
    else if (number === AnyValue.intValue) value = integerOf(bits)
    else if (number === AnyValue.doubleValue) value = numberOf(doubleOf(bits))
    else if (number === AnyValue.arrayValue) value = repeated(bytes, ArrayValue.values).map((each) => decodeAnyValue(each, depth + 1))
    else if (number === AnyValue.kvlistValue) value = attributesOf(repeated(bytes, KeyValueList.values), depth + 1)
    else if (number === AnyValue.bytesValue) value = Buffer.from(bytes).toString('base64')
  }
  return value
}

/** JSON has no NaN and no infinities. */
export function numberOf(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

/** Stored attributes as an object. */
export function jsonAttributes(attributes: readonly (readonly [key: string, value: StoredValue])[]): Attributes {
  return Object.fromEntries(attributes.map(([key, value]) => [key, jsonValueOf(value)]))
}

function jsonValueOf(value: StoredValue): AttributeValue {
  if (typeof value === 'number') return numberOf(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(jsonValueOf)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, jsonValueOf(each)]))
}
