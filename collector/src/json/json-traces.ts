import { Span, SpanEvent, SpanLink, Status } from '@skein/schemas/otlp-wire'
import { writeAttributes } from './json-attributes.ts'
import { jsonToRequest, writeEnum, writeFlags, writeId, writeList, writeOptional, writeText, writeTime, writeUint } from './json-messages.ts'
import { member } from './json-values.ts'
import type { JsonObject } from './parse-json.ts'
import type { ReverseWriter } from './reverse-writer.ts'

/** An OTLP/JSON traces request as protobuf bytes; see `jsonToRequest`. */
export function jsonToTraces(request: JsonObject): Buffer {
  return jsonToRequest(request, { groups: 'resourceSpans', scopeGroups: 'scopeSpans', records: 'spans', write: writeSpan })
}

function writeSpan(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeFlags(writer, Span.flags, member(value, 'flags'), `${path}.flags`)
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
  writeFlags(writer, SpanLink.flags, member(value, 'flags'), `${path}.flags`)
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
