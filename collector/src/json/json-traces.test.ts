import { readFileSync } from 'node:fs'
import { configSchema } from '@skein/schemas/config'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeMessage, oracleSpans } from '../otlp-oracle.ts'
import { mutated, seededRandom } from '../sample-request.ts'
import { MalformedError } from '../scan/malformed.ts'
import { LOG_KIND } from '../scan/scan-log.ts'
import { createScanner } from '../scan/scan-request.ts'
import { SPAN_KIND } from '../scan/scan-span.ts'
import { attributes, count, id, jsonText, time } from './any-message-for-tests.ts'
import { countJsonPoints } from './count-json.ts'
import { jsonToLogs } from './json-logs.ts'
import { jsonToTraces } from './json-traces.ts'
import { parseOtlpJson } from './parse-json.ts'

const TRACE = '5b8efff798038103d269b633813fc60c'
const SPAN = 'eee19b7ec3c1b174'
const limits = configSchema.parse({}).limits.intake
const scanner = createScanner(limits, SPAN_KIND)
const logScanner = createScanner(limits, LOG_KIND)

function convert(text: string): Buffer {
  return jsonToTraces(parseOtlpJson(Buffer.from(text)))
}

/** JSON text of a request with one span. */
function one(span: string): string {
  return `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${TRACE}","spanId":"${SPAN}",${span}}]}]}]}`
}

function canonical(bytes: Buffer): string[] {
  return oracleSpans(bytes).map((span) => span.canonical)
}

/** The same through protobufjs: what an exporter would have sent. */
function proto(span: object): string[] {
  return canonical(
    encodeMessage('ExportTraceServiceRequest', {
      resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: Buffer.from(TRACE, 'hex'), spanId: Buffer.from(SPAN, 'hex'), ...span }] }] }],
    }),
  )
}

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url))
}

describe('OTLP/JSON', () => {
  it('the official traces example is taken', () => {
    const bytes = jsonToTraces(parseOtlpJson(fixture('trace.json')))
    const [span] = oracleSpans(bytes)
    expect(Buffer.from(span!.traceId, 'base64').toString('hex')).toBe(TRACE)
    expect(span!.name).toBe("I'm a server span")
    expect(scanner.scan(bytes, 0).recordCount).toBe(1)
    expect(span!.canonical).toContain('my.service')
  })

  it('the official metrics example is counted', () => {
    expect(countJsonPoints(parseOtlpJson(fixture('metrics.json')))).toBe(4)
  })

  it('any span is the same in JSON and in protobuf', () => {
    const span = fc.record({
      traceId: id(16),
      spanId: id(8),
      parentSpanId: id(8),
      traceState: fc.string({ maxLength: 9 }),
      name: fc.string({ unit: 'grapheme', maxLength: 20 }),
      kind: fc.integer({ min: 0, max: 9 }),
      startTimeUnixNano: time,
      endTimeUnixNano: time,
      attributes,
      droppedAttributesCount: count,
      events: fc.array(fc.record({ timeUnixNano: time, name: fc.string({ maxLength: 9 }), attributes, droppedAttributesCount: count }), { maxLength: 2 }),
      droppedEventsCount: count,
      links: fc.array(fc.record({ traceId: id(16), spanId: id(8), traceState: fc.string({ maxLength: 4 }), attributes, flags: count }), { maxLength: 2 }),
      droppedLinksCount: count,
      status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: fc.string({ maxLength: 9 }) }),
      flags: count,
    })
    const request = fc.record({
      resourceSpans: fc.array(
        fc.record({
          resource: fc.record({ attributes }),
          schemaUrl: fc.string({ maxLength: 5 }),
          scopeSpans: fc.array(
            fc.record({
              scope: fc.record({ name: fc.string({ maxLength: 5 }), version: fc.string({ maxLength: 5 }), attributes }),
              spans: fc.array(span, { maxLength: 3 }),
            }),
            { maxLength: 2 },
          ),
        }),
        { maxLength: 2 },
      ),
    })
    fc.assert(
      fc.property(request, fc.boolean(), (message, upper) => {
        const text = jsonText(message, upper)
        expect(canonical(convert(text))).toEqual(canonical(encodeMessage('ExportTraceServiceRequest', message)))
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['64-bit numbers as strings', one('"startTimeUnixNano":"1544712660300000001"'), { startTimeUnixNano: '1544712660300000001' }],
    ['64-bit numbers as numbers, exactly', one('"startTimeUnixNano":1544712660300000001'), { startTimeUnixNano: '1544712660300000001' }],
    [
      'long integers inside strings left alone',
      one('"name":"1544712660300000001 \\" 1544712660300000001"'),
      { name: '1544712660300000001 " 1544712660300000001' },
    ],
    ['unknown members', one('"name":"x","color":"red","deep":{"a":[1,{"b":null}]}'), { name: 'x' }],
    ['null as the default', one('"name":null,"attributes":null,"status":null'), {}],
    ['the last of two members', one('"name":"first","name":"last"'), { name: 'last' }],
    ['NaN', one('"attributes":[{"key":"k","value":{"doubleValue":"NaN"}}]'), { attributes: [{ key: 'k', value: { doubleValue: Number.NaN } }] }],
    [
      'Infinity',
      one('"attributes":[{"key":"k","value":{"doubleValue":"-Infinity"}}]'),
      { attributes: [{ key: 'k', value: { doubleValue: Number.NEGATIVE_INFINITY } }] },
    ],
    [
      'a double as a long integer',
      one('"attributes":[{"key":"k","value":{"doubleValue":12345678901234567890}}]'),
      { attributes: [{ key: 'k', value: { doubleValue: Number('12345678901234567890') } }] },
    ],
    ['a lone surrogate as U+FFFD', one('"name":"\\ud800x"'), { name: '\ufffdx' }],
    [
      '__proto__ as any other name',
      one('"name":"x","__proto__":{"name":"evil"},"attributes":[{"key":"__proto__","value":{"stringValue":"v"}}]'),
      { name: 'x', attributes: [{ key: '__proto__', value: { stringValue: 'v' } }] },
    ],
  ])('%s', (_name, text, expected) => {
    expect(canonical(convert(text))).toEqual(proto(expected))
  })

  it.each([
    ['an enum by name', one('"kind":"SPAN_KIND_SERVER"')],
    ['1e999 as a double', one('"attributes":[{"key":"k","value":{"doubleValue":1e999}}]')],
    ['an integer beyond 64 bits', one('"attributes":[{"key":"k","value":{"intValue":"9223372036854775808"}}]')],
    ['a fraction as an integer', one('"startTimeUnixNano":1.5')],
    ['a string for an array', one('"attributes":"none"')],
    ['a number for a string', one('"name":5')],
    ['a list at the top', '[]'],
    ['nothing', ''],
  ])('%s is refused by name', (_name, text) => {
    expect(() => convert(text)).toThrow(MalformedError)
  })

  it('10,000 mutated texts: refused by name or read, never a crash, never bytes that the scan refuses', () => {
    const random = seededRandom(20_260_102)
    const bases = ['trace.json', 'logs.json', 'metrics.json'].map(fixture)
    let read = 0
    for (let round = 0; round < 10_000; round++) {
      const bytes = mutated(bases[round % 3]!, random)
      try {
        const request = parseOtlpJson(bytes)
        countJsonPoints(request)
        logScanner.scan(jsonToLogs(request), 0)
        scanner.scan(jsonToTraces(request), 0)
        read++
      } catch (error) {
        if (!(error instanceof MalformedError)) throw new Error(`seed 20260102: ${bytes.toString('base64')}`, { cause: error })
      }
    }
    expect(read).toBeGreaterThan(500)
  })

  it('five million brackets are refused in a moment, before anything is built', () => {
    for (const bytes of [`{"resourceSpans":${'['.repeat(5_000_000)}`, `${'{"a":'.repeat(1_000_000)}`].map((text) => Buffer.from(text))) {
      // The fastest of a few: a busy machine is no property of the bytes.
      const tookMs = Array.from({ length: 5 }, () => {
        const startMs = performance.now()
        expect(() => parseOtlpJson(bytes)).toThrow(/nested/)
        return performance.now() - startMs
      })
      expect(Math.min(...tookMs)).toBeLessThan(100)
    }
  })

  it('a body of nothing but values is refused before it costs memory', () => {
    expect(() => parseOtlpJson(Buffer.from(`{"a":[${'0,'.repeat(3_100_000)}0]}`))).toThrow(/values/)
  })

  it('ids that are not hexadecimal reject their record and no other', () => {
    const bytes = convert(`{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"zz","spanId":"${SPAN}"},{"traceId":"${TRACE}","spanId":"${SPAN}"}]}]}]}`)
    expect(scanner.scan(bytes, 0)).toMatchObject({ recordCount: 1, badIds: 1 })
  })
})
