import { GROUP_FIELD, OWNER_FIELD, RECORD_FIELD, SCHEMA_URL_FIELD, SCOPE_GROUP_FIELD } from '@skein/schemas/otlp-count'
import { InstrumentationScope, Resource } from '@skein/schemas/otlp-wire'
import { writeAttributes } from './json-attributes.ts'
import { enumAt, idAt, int64At, listAt, member, objectAt, textAt, uint32At } from './json-values.ts'
import type { JsonObject } from './parse-json.ts'
import { createReverseWriter, type ReverseWriter } from './reverse-writer.ts'

const INITIAL_BYTES = 64 * 1024

interface MessageField {
  field: number
  write(writer: ReverseWriter, value: JsonObject, path: string): void
}

/** The JSON names on the way to a signal's records, and what writes one. */
export interface JsonSignal {
  groups: string
  scopeGroups: string
  records: string
  write: MessageField['write']
}

/**
 * An OTLP/JSON request as the protobuf bytes an exporter would have sent. Unknown members are ignored. Everything is written
 * back to front, as the writer wants it, every message with its last field first. Throws `MalformedError`.
 */
export function jsonToRequest(request: JsonObject, signal: JsonSignal): Buffer {
  const writer = createReverseWriter(INITIAL_BYTES)
  writeList(writer, groupField(signal), member(request, signal.groups), signal.groups)
  return writer.finish()
}

function groupField(signal: JsonSignal): MessageField {
  const scopeGroup = scopeGroupField(signal)
  return {
    field: GROUP_FIELD,
    write(writer, value, path) {
      writeText(writer, SCHEMA_URL_FIELD, member(value, 'schemaUrl'), `${path}.schemaUrl`)
      writeList(writer, scopeGroup, member(value, signal.scopeGroups), `${path}.${signal.scopeGroups}`)
      writeOptional(writer, { field: OWNER_FIELD, write: writeResource }, member(value, 'resource'), `${path}.resource`)
    },
  }
}

function scopeGroupField(signal: JsonSignal): MessageField {
  const record = { field: RECORD_FIELD, write: signal.write }
  return {
    field: SCOPE_GROUP_FIELD,
    write(writer, value, path) {
      writeText(writer, SCHEMA_URL_FIELD, member(value, 'schemaUrl'), `${path}.schemaUrl`)
      writeList(writer, record, member(value, signal.records), `${path}.${signal.records}`)
      writeOptional(writer, { field: OWNER_FIELD, write: writeScope }, member(value, 'scope'), `${path}.scope`)
    },
  }
}

export function writeList(writer: ReverseWriter, message: MessageField, value: unknown, path: string): void {
  const list = listAt(value, path)
  for (let i = list.length - 1; i >= 0; i--) writeMessage(writer, message, objectAt(list[i], `${path}[${i}]`) ?? {}, `${path}[${i}]`)
}

function writeMessage(writer: ReverseWriter, message: MessageField, value: JsonObject, path: string): void {
  const mark = writer.mark()
  message.write(writer, value, path)
  writer.closeMessage(message.field, mark)
}

export function writeOptional(writer: ReverseWriter, message: MessageField, value: unknown, path: string): void {
  const object = objectAt(value, path)
  if (object !== undefined) writeMessage(writer, message, object, path)
}

function writeResource(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeUint(writer, Resource.droppedAttributesCount, member(value, 'droppedAttributesCount'), `${path}.droppedAttributesCount`)
  writeAttributes(writer, Resource.attributes, member(value, 'attributes'), `${path}.attributes`)
}

function writeScope(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeUint(writer, InstrumentationScope.droppedAttributesCount, member(value, 'droppedAttributesCount'), `${path}.droppedAttributesCount`)
  writeAttributes(writer, InstrumentationScope.attributes, member(value, 'attributes'), `${path}.attributes`)
  writeText(writer, InstrumentationScope.version, member(value, 'version'), `${path}.version`)
  writeText(writer, InstrumentationScope.name, member(value, 'name'), `${path}.name`)
}

// Defaults of proto3 are left out, as an exporter leaves them out.

export function writeText(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const text = textAt(value, path)
  if (text !== '') writer.text(field, text)
}

export function writeUint(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const number = uint32At(value, path)
  if (number !== 0) writer.uint(field, number)
}

export function writeFlags(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const flags = uint32At(value, path)
  if (flags !== 0) writer.fixed32(field, flags)
}

export function writeEnum(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const number = enumAt(value, path)
  if (number !== 0) writer.int64(field, BigInt(number))
}

export function writeTime(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const time = int64At(value, path, true)
  if (time !== 0n) writer.fixed64(field, time)
}

export function writeId(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const id = idAt(value, path)
  if (id.length > 0) writer.bytes(field, id)
}
