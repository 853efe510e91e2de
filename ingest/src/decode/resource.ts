import { hash } from 'node:crypto'
import { AnyValue, ArrayValue, KeyValue, Resource, WireType } from '@skein/schemas/otlp-wire'
import { INSTANCE_ATTRIBUTES, PLACE_ATTRIBUTES, ResourceAttribute } from '@skein/schemas/semantic-conventions'
import type { BatchResource } from './span-batch.ts'
import { type Cursor, readLength, readVarint32, skipField } from './wire.ts'

/** Resource attributes with text or lists of text, by name; the last one of a name counts. */
type Attributes = Map<string, string[]>

/**
 * What ingest needs of a resource. `bytes` is the OTLP Resource message (several pieces of one message joined are that message).
 * The fingerprint is the first 8 bytes of its SHA-256: the column holds them as they are (a little-endian UInt64), the hex form is
 * that number's. Throws `WireError` for bytes that are no message.
 */
export function readResource(bytes: Uint8Array): BatchResource {
  const fingerprint = Uint8Array.from(hash('sha256', bytes, 'buffer').subarray(0, 8))
  const attributes = readAttributes(bytes)
  const first = (...names: string[]): string => {
    for (const name of names) {
      const text = attributes.get(name)?.[0] ?? ''
      if (text !== '') return text
    }
    return ''
  }
  return {
    fingerprint,
    fingerprintHex: Buffer.from(fingerprint).reverse().toString('hex'),
    service: first(ResourceAttribute.serviceName) || 'unknown_service',
    namespace: first(...PLACE_ATTRIBUTES.namespace),
    environment: first(...PLACE_ATTRIBUTES.environment),
    cluster: first(...PLACE_ATTRIBUTES.cluster),
    instance: first(...INSTANCE_ATTRIBUTES),
    version: first(ResourceAttribute.serviceVersion),
    addresses: [...new Set([ResourceAttribute.podIp, ResourceAttribute.hostIp].flatMap((name) => attributes.get(name) ?? []))],
    bytes,
  }
}

function readAttributes(bytes: Uint8Array): Attributes {
  const attributes: Attributes = new Map()
  forEachMessage({ bytes, at: 0 }, bytes.length, (field, cursor, end) => {
    if (field === Resource.attributes) readAttribute(cursor, end, attributes)
  })
  return attributes
}

function readAttribute(cursor: Cursor, end: number, attributes: Attributes): void {
  let key = ''
  let texts: string[] = []
  forEachMessage(cursor, end, (field, inner, innerEnd) => {
    if (field === KeyValue.key) key = textOf(inner.bytes, inner.at, innerEnd)
    else if (field === KeyValue.value) texts = readTexts(inner, innerEnd)
  })
  attributes.set(key, texts)
}

/** A text, or the texts of a list one level deep. */
function readTexts(cursor: Cursor, end: number): string[] {
  const texts: string[] = []
  forEachMessage(cursor, end, (field, inner, innerEnd) => {
    if (field === AnyValue.stringValue) texts.push(textOf(inner.bytes, inner.at, innerEnd))
    else if (field === AnyValue.arrayValue)
      forEachMessage(inner, innerEnd, (element, value, valueEnd) => {
        if (element !== ArrayValue.values) return
        forEachMessage(value, valueEnd, (kind, text, textEnd) => {
          if (kind === AnyValue.stringValue) texts.push(textOf(text.bytes, text.at, textEnd))
        })
      })
  })
  return texts
}

/** Calls back for each length-delimited field of `[cursor.at, end)`; other fields are skipped. */
function forEachMessage(cursor: Cursor, end: number, visit: (field: number, cursor: Cursor, end: number) => void): void {
  while (cursor.at < end) {
    const tag = readVarint32(cursor, end)
    if ((tag & 7) !== WireType.bytes) {
      skipField(cursor, tag, end)
      continue
    }
    const fieldEnd = readLength(cursor, end) + cursor.at
    visit(tag >>> 3, cursor, fieldEnd)
    cursor.at = fieldEnd
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}
