import { LogRecord } from '@skein/schemas/otlp-wire'
import { writeAnyValue, writeAttributes } from './json-attributes.ts'
import { jsonToRequest, writeEnum, writeFlags, writeId, writeText, writeTime, writeUint } from './json-messages.ts'
import { member, objectAt } from './json-values.ts'
import type { JsonObject } from './parse-json.ts'
import type { ReverseWriter } from './reverse-writer.ts'

/** An OTLP/JSON logs request as protobuf bytes; see `jsonToRequest`. */
export function jsonToLogs(request: JsonObject): Buffer {
  return jsonToRequest(request, { groups: 'resourceLogs', scopeGroups: 'scopeLogs', records: 'logRecords', write: writeLogRecord })
}

function writeLogRecord(writer: ReverseWriter, value: JsonObject, path: string): void {
  writeText(writer, LogRecord.eventName, member(value, 'eventName'), `${path}.eventName`)
  writeTime(writer, LogRecord.observedTimeUnixNano, member(value, 'observedTimeUnixNano'), `${path}.observedTimeUnixNano`)
  writeId(writer, LogRecord.spanId, member(value, 'spanId'), `${path}.spanId`)
  writeId(writer, LogRecord.traceId, member(value, 'traceId'), `${path}.traceId`)
  writeFlags(writer, LogRecord.flags, member(value, 'flags'), `${path}.flags`)
  writeUint(writer, LogRecord.droppedAttributesCount, member(value, 'droppedAttributesCount'), `${path}.droppedAttributesCount`)
  writeAttributes(writer, LogRecord.attributes, member(value, 'attributes'), `${path}.attributes`)
  const body = objectAt(member(value, 'body'), `${path}.body`)
  if (body !== undefined) writeAnyValue(writer, LogRecord.body, body, `${path}.body`)
  writeText(writer, LogRecord.severityText, member(value, 'severityText'), `${path}.severityText`)
  writeEnum(writer, LogRecord.severityNumber, member(value, 'severityNumber'), `${path}.severityNumber`)
  writeTime(writer, LogRecord.timeUnixNano, member(value, 'timeUnixNano'), `${path}.timeUnixNano`)
}
