import { readFileSync } from 'node:fs'
import { configSchema } from '@skein/schemas/config'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeMessage, oracleLogs } from '../otlp-oracle.ts'
import { MalformedError } from '../scan/malformed.ts'
import { LOG_KIND } from '../scan/scan-log.ts'
import { createScanner } from '../scan/scan-request.ts'
import { anyValue, attributes, count, id, jsonText, time } from './any-message-for-tests.ts'
import { jsonToLogs } from './json-logs.ts'
import { parseOtlpJson } from './parse-json.ts'

const scanner = createScanner(configSchema.parse({}).limits.intake, LOG_KIND)

function convert(text: string | Buffer): Buffer {
  return jsonToLogs(parseOtlpJson(Buffer.from(text)))
}

/** JSON text of a request with one record. */
function one(record: string): string {
  return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{${record}}]}]}]}`
}

function canonical(bytes: Buffer): string[] {
  return oracleLogs(bytes).map((record) => record.canonical)
}

/** The same through protobufjs: what an exporter would have sent. */
function proto(record: object): string[] {
  return canonical(encodeMessage('ExportLogsServiceRequest', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }))
}

describe('OTLP/JSON logs', () => {
  it.each([
    ['logs.json', '5b8efff798038103d269b633813fc60c'],
    ['events.json', ''],
  ])('the official example %s is taken', (name, traceId) => {
    const bytes = convert(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)))
    const [record] = oracleLogs(bytes)
    expect(Buffer.from(record!.traceId, 'base64').toString('hex')).toBe(traceId)
    expect(record!.canonical).toContain('my.service')
    expect(scanner.scan(bytes, 0)).toMatchObject({ recordCount: 1, badIds: 0 })
  })

  it('any log record is the same in JSON and in protobuf', () => {
    const record = fc.record(
      {
        timeUnixNano: time,
        observedTimeUnixNano: time,
        severityNumber: fc.integer({ min: 0, max: 24 }),
        severityText: fc.string({ maxLength: 9 }),
        body: anyValue,
        attributes,
        droppedAttributesCount: count,
        flags: count,
        traceId: id(16),
        spanId: id(8),
        eventName: fc.string({ maxLength: 9 }),
      },
      { requiredKeys: [] },
    )
    const request = fc.record({
      resourceLogs: fc.array(
        fc.record({
          resource: fc.record({ attributes }),
          schemaUrl: fc.string({ maxLength: 5 }),
          scopeLogs: fc.array(
            fc.record({
              scope: fc.record({ name: fc.string({ maxLength: 5 }), version: fc.string({ maxLength: 5 }), attributes }),
              logRecords: fc.array(record, { maxLength: 3 }),
            }),
            { maxLength: 2 },
          ),
        }),
        { maxLength: 2 },
      ),
    })
    fc.assert(
      fc.property(request, fc.boolean(), (message, upper) => {
        expect(canonical(convert(jsonText(message, upper)))).toEqual(canonical(encodeMessage('ExportLogsServiceRequest', message)))
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['a time as a number, exactly', one('"timeUnixNano":1544712660300000001'), { timeUnixNano: '1544712660300000001' }],
    ['a body of text', one('"body":{"stringValue":"订单"}'), { body: { stringValue: '订单' } }],
    [
      'a body that holds __proto__ as any other name',
      one('"body":{"kvlistValue":{"values":[{"key":"__proto__","value":{"intValue":"1"}}]}},"__proto__":{"body":1}'),
      { body: { kvlistValue: { values: [{ key: '__proto__', value: { intValue: 1 } }] } } },
    ],
    ['null as the default', one('"body":null,"severityNumber":null,"attributes":null'), {}],
    ['a lone surrogate as U+FFFD', one('"body":{"stringValue":"\\ud800x"}'), { body: { stringValue: '\ufffdx' } }],
    ['a body without a value', one('"body":{}'), { body: {} }],
  ])('%s', (_name, text, expected) => {
    expect(canonical(convert(text))).toEqual(proto(expected))
  })

  it.each([
    ['a severity by name', one('"severityNumber":"SEVERITY_NUMBER_INFO"')],
    ['a body that is text itself', one('"body":"line"')],
    ['a body nested 10,000 deep', one(`"body":${'{"arrayValue":{"values":['.repeat(10_000)}${']}}'.repeat(10_000)}`)],
  ])('%s is refused by name', (_name, text) => {
    expect(() => convert(text)).toThrow(MalformedError)
  })

  it('ids that are not hexadecimal cost their record the id and nothing else', () => {
    expect(scanner.scan(convert(one('"traceId":"zz","body":{"stringValue":"x"}')), 0)).toMatchObject({ recordCount: 1, badIds: 0 })
  })
})
