import {
  ExportTraceServiceRequest,
  InstrumentationScope,
  Resource,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
  Status,
} from '@skein/schemas/otlp-wire'
import { writeAttributes } from './json-attributes.ts'
import { enumAt, idAt, int64At, listAt, member, objectAt, textAt, uint32At } from './json-values.ts'
import type { JsonObject } from './parse-json.ts'
import { createReverseWriter, type ReverseWriter } from './reverse-writer.ts'

const INITIAL_BYTES = 64 * 1024

/** An OTLP/JSON traces request as the protobuf bytes an exporter would have sent. Unknown members are ignored. Throws `MalformedError`. */
export function jsonToTraces(request: JsonObject): Buffer {
  const writer = createReverseWriter(INITIAL_BYTES)
  writeList(writer, { field: ExportTraceServiceRequest.resourceSpans, write: writeResourceSpans }, member(request, 'resourceSpans'), 'resourceSpans')
  return writer.finish()
}

interface MessageField {
  field: number
  write(writer: ReverseWriter, value: JsonObject, path: string): void
}

// Back to front, as the writer wants it; every message is written with its last field first.
function writeList(writer: ReverseWriter, message: MessageField, value: unknown, path: string): void {
  const list = listAt(value, path)
  for (let i = list.length - 1; i >= 0; i--) writeMessage(writer, message, objectAt(list[i], `${path}[${i}]`) ?? {}, `${path}[${i}]`)
}

function writeMessage(writer: ReverseWriter, message: MessageField, value: JsonObject, path: string): void {
  const mark = writer.mark()
  message.write(writer, value, path)
  writer.closeMessage(message.field, mark)
}

function writeOptional(writer: ReverseWriter, message: MessageField, value: unknown, path: string): void {
  const object = objectAt(value, path)
  if (object !== undefined) writeMessage(writer, message, object, path)
}

function writeResourceSpans(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeText(writer, ResourceSpans.schemaUrl, member(value, 'schemaUrl'), `${path}.schemaUrl`)
  writeList(writer, { field: ResourceSpans.scopeSpans, write: writeScopeSpans }, member(value, 'scopeSpans'), `${path}.scopeSpans`)
  writeOptional(writer, { field: ResourceSpans.resource, write: writeResource }, member(value, 'resource'), `${path}.resource`)
}

function writeResource(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeUint(writer, Resource.droppedAttributesCount, member(value, 'droppedAttributesCount'), `${path}.droppedAttributesCount`)
  writeAttributes(writer, Resource.attributes, member(value, 'attributes'), `${path}.attributes`)
}

function writeScopeSpans(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeText(writer, ScopeSpans.schemaUrl, member(value, 'schemaUrl'), `${path}.schemaUrl`)
  writeList(writer, { field: ScopeSpans.spans, write: writeSpan }, member(value, 'spans'), `${path}.spans`)
  writeOptional(writer, { field: ScopeSpans.scope, write: writeScope }, member(value, 'scope'), `${path}.scope`)
}

function writeScope(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeUint(writer, InstrumentationScope.droppedAttributesCount, member(value, 'droppedAttributesCount'), `${path}.droppedAttributesCount`)
  writeAttributes(writer, InstrumentationScope.attributes, member(value, 'attributes'), `${path}.attributes`)
  writeText(writer, InstrumentationScope.version, member(value, 'version'), `${path}.version`)
  writeText(writer, InstrumentationScope.name, member(value, 'name'), `${path}.name`)
}

function writeSpan(writer: ReverseWriter, value: JsonObject, path: string): void {
  const flags = uint32At(member(value, 'flags'), `${path}.flags`)
  if (flags !== 0) writer.fixed32(Span.flags, flags)
  writeOptional(writer, { field: Span.status, write: writeStatus }, member(value, 'status'), `${path}.status`)
  writeUint(writer, Span.droppedLinksCount, member(value, 'droppedLinksCount'), `${path}.droppedLinksCount`)
  writeList(writer, { field: Span.links, write: writeLink }, member(value, 'links'), `${path}.links`)
  writeUint(writer, Span.droppedEventsCount, member(value, 'droppedEventsCount'), `${path}.droppedEventsCount`)
  writeList(writer, { field: Span.events, write: writeEvent }, member(value, 'events'), `${path}.events`)
  writeUint(writer, Span.droppedAttributesCount, member(value, 'droppedAttributesCount'), `${path}.droppedAttributesCount`)
  writeAttributes(writer, Span.attributes, member(value, 'attributes'), `${path}.attributes`)
  writeTime(writer, Span.endTimeUnixNano, member(value, 'endTimeUnixNano'), `${path}.endTimeUnixNano`)
  writeTime(writer, Span.startTimeUnixNano, member(value, 'startTimeUnixNano'), `${path}.startTimeUnixNano`)
  writeEnum(writer, Span.kind, member(value, 'kind'), `${path}.kind`)
  writeText(writer, Span.name, member(value, 'name'), `${path}.name`)
  writeId(writer, Span.parentSpanId, member(value, 'parentSpanId'), `${path}.parentSpanId`)
  writeText(writer, Span.traceState, member(value, 'traceState'), `${path}.traceState`)
  writeId(writer, Span.spanId, member(value, 'spanId'), `${path}.spanId`)
  writeId(writer, Span.traceId, member(value, 'traceId'), `${path}.traceId`)
}

function writeEvent(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeUint(writer, SpanEvent.droppedAttributesCount, member(value, 'droppedAttributesCount'), `${path}.droppedAttributesCount`)
  writeAttributes(writer, SpanEvent.attributes, member(value, 'attributes'), `${path}.attributes`)
  writeText(writer, SpanEvent.name, member(value, 'name'), `${path}.name`)
  writeTime(writer, SpanEvent.timeUnixNano, member(value, 'timeUnixNano'), `${path}.timeUnixNano`)
}

function writeLink(writer: ReverseWriter, value: JsonObject, path: string): void {
  const flags = uint32At(member(value, 'flags'), `${path}.flags`)
  if (flags !== 0) writer.fixed32(SpanLink.flags, flags)
  writeUint(writer, SpanLink.droppedAttributesCount, member(value, 'droppedAttributesCount'), `${path}.droppedAttributesCount`)
  writeAttributes(writer, SpanLink.attributes, member(value, 'attributes'), `${path}.attributes`)
  writeText(writer, SpanLink.traceState, member(value, 'traceState'), `${path}.traceState`)
  writeId(writer, SpanLink.spanId, member(value, 'spanId'), `${path}.spanId`)
  writeId(writer, SpanLink.traceId, member(value, 'traceId'), `${path}.traceId`)
}

function writeStatus(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeEnum(writer, Status.code, member(value, 'code'), `${path}.code`)
  writeText(writer, Status.message, member(value, 'message'), `${path}.message`)
}

// Defaults of proto3 are left out, as an exporter leaves them out.

function writeText(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const text = textAt(value, path)
  if (text !== '') writer.text(field, text)
}

function writeUint(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const number = uint32At(value, path)
  if (number !== 0) writer.uint(field, number)
}

function writeEnum(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const number = enumAt(value, path)
  if (number !== 0) writer.int64(field, BigInt(number))
}

function writeTime(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const time = int64At(value, path, true)
  if (time !== 0n) writer.fixed64(field, time)
}

function writeId(writer: ReverseWriter, field: number, value: unknown, path: string): void {
  const id = idAt(value, path)
  if (id.length > 0) writer.bytes(field, id)
}
