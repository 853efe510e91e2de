import { text } from './spans.ts'

/** Log records as nobody should send them, by what is strange about them. All are taken, and each is a line. */
export const strangeLines: Readonly<Record<string, object>> = {
  'without anything': {},
  'an empty body': { body: {} },
  'an empty text': { body: { stringValue: '' } },
  'control characters': { body: { stringValue: 'a\u0000b\u001b[31m\r\n\u2028\ud800' } },
  'text from right to left': { body: { stringValue: 'بحث עברית 🦊🛰️ 获取影片' } },
  'statements of SQL': { body: { stringValue: "'; DROP TABLE logs; -- \\') SELECT 1" } },
  'text of JSON, 10,000 deep': { body: { stringValue: `${'[{"a":'.repeat(10_000)}1${'}]'.repeat(10_000)}` } },
  'text of half of a JSON': { body: { stringValue: '{"a":[1,2' } },
  'text over the limit of bodies': { body: { stringValue: '长'.repeat(100_000) } },
  'a million characters of one word': { body: { stringValue: 'w'.repeat(250_000) } },
  'fields called like what objects have': {
    body: { kvlistValue: { values: [text('__proto__', 'x'), text('constructor', 'y'), text('', 'z'), text('toString', 'w')] } },
  },
  'ten thousand fields': { body: { kvlistValue: { values: Array.from({ length: 10_000 }, (_, i) => text(`field.${i}`, 'v')) } } },
  'the same field twice': { body: { kvlistValue: { values: [text('a', '1'), text('a', '2')] } }, attributes: [text('k', '1'), text('k', '2')] },
  'a body 40 deep': { body: deepValue(40) },
  'a body of bytes': { body: { bytesValue: Buffer.from([0, 255, 254]).toString('base64') } },
  'a body of a list': { body: { arrayValue: { values: [{ intValue: '-9223372036854775808' }, { doubleValue: 'NaN' }, {}, { boolValue: false }] } } },
  'two thousand attributes': { attributes: Array.from({ length: 2000 }, (_, i) => text(`key.${i}`, 'v')) },
  'a long attribute': { attributes: [text('k'.repeat(5000), 'v'.repeat(200_000))] },
  'attributes called like columns': { attributes: ['body', 'severity', 'service', 'tenant', 'trace_id', 'time', '__proto__'].map((key) => text(key, 'mine')) },
  'a severity of the future': { severityNumber: 99, severityText: 'S'.repeat(5000) },
  'a severity below all': { severityNumber: -1 },
  'a trace id too short': { traceId: 'abcd', spanId: 'ab' },
  'ids of zeros': { traceId: '0'.repeat(32), spanId: '0'.repeat(16) },
  'a time of 1970': { timeUnixNano: '1' },
  'the largest time': { timeUnixNano: '18446744073709551615', observedTimeUnixNano: '18446744073709551615' },
  'a uid that is none': { attributes: [text('log.record.uid', `${'f'.repeat(16)}:${'9'.repeat(40)}`)] },
  'the name of an event': { eventName: 'e'.repeat(3000), body: { stringValue: 'event' } },
}

function deepValue(depth: number): object {
  return depth === 0 ? { stringValue: 'bottom' } : { kvlistValue: { values: [{ key: 'in', value: deepValue(depth - 1) }] } }
}

/** A logs request of one service as OTLP/JSON. Records have no time of their own unless they say one. */
export function linesOf(service: string, logRecords: readonly object[]): string {
  return JSON.stringify({ resourceLogs: [{ resource: { attributes: [text('service.name', service)] }, scopeLogs: [{ logRecords }] }] })
}

/** A logs request in protobuf whose one body is these bytes, be they UTF-8 or not. All lengths are below 128. */
export function lineOfBytes(service: string, bytes: Uint8Array): Buffer {
  const field = (tag: number, content: Uint8Array): Buffer => Buffer.concat([Buffer.from([tag, content.length]), content])
  const name = field(0x0a, Buffer.concat([field(0x0a, Buffer.from('service.name')), field(0x12, field(0x0a, Buffer.from(service)))]))
  const record = field(0x12, field(0x2a, field(0x0a, bytes)))
  return field(0x0a, Buffer.concat([field(0x0a, name), field(0x12, record)]))
}
