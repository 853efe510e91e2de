import { configSchema } from '@skein/schemas/config'
import { describe, expect, it } from 'vitest'
import { bytesField } from '../answers/field-writer.ts'
import { encodeMessage, oracleLogs } from '../otlp-oracle.ts'
import { sampleLogs } from '../sample-request.ts'
import { MalformedError } from './malformed.ts'
import { LOG_KIND } from './scan-log.ts'
import { WARNING_REASONS } from './scan-limits.ts'
import { createScanner } from './scan-request.ts'

const limits = configSchema.parse({}).limits.intake
const scanner = createScanner(limits, LOG_KIND)
const nowMs = 1_750_000_000_000
const nowNs = `${nowMs}000000`

function request(...logRecords: object[]): Buffer {
  return encodeMessage('ExportLogsServiceRequest', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
}

/** A request with one record of these bytes. */
function raw(record: Uint8Array): Buffer {
  return Buffer.from(bytesField(1, bytesField(2, bytesField(2, record))))
}

function warningsOf(bytes: Buffer): string[] {
  const { warnings } = scanner.scan(bytes, nowMs)
  return WARNING_REASONS.filter((_reason, index) => warnings[index]! > 0)
}

function idOf(bytes: Buffer): string {
  return Buffer.from(scanner.scan(bytes, nowMs).requestId).toString('hex')
}

const text = (stringValue: string): object => ({ stringValue })
const pairs = (count: number): object[] => Array.from({ length: count }, (_, i) => ({ key: `f${i}`, value: { intValue: i } }))

describe('scan of logs', () => {
  it('counts what an independent decoder counts', () => {
    for (let seed = 0; seed < 20; seed++) {
      const bytes = sampleLogs({ seed, records: seed * 10, resources: 1 + (seed % 3) })
      expect(scanner.scan(bytes, nowMs)).toMatchObject({ recordCount: oracleLogs(bytes).length, badIds: 0, tooLarge: 0 })
      expect(warningsOf(bytes)).toEqual([])
    }
  })

  it('the request id is the same for the same bytes and another for any other', () => {
    const ids = new Set<string>()
    for (let seed = 0; seed < 50; seed++) {
      const bytes = sampleLogs({ seed, records: 5 })
      expect(idOf(bytes)).toBe(idOf(Buffer.from(bytes)))
      ids.add(idOf(bytes))
    }
    expect(ids.size).toBe(50)
  })

  it.each([
    ['none', {}],
    ['zeros', { traceId: Buffer.alloc(16), spanId: Buffer.alloc(8) }],
    ['a whole one', { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 1) }],
  ])('trace id: %s is taken without a word', (_name, ids) => {
    expect(warningsOf(request({ timeUnixNano: nowNs, ...ids }))).toEqual([])
  })

  it.each([
    ['short trace id', { traceId: Buffer.alloc(15, 1) }],
    ['long trace id', { traceId: Buffer.alloc(200, 1) }],
    ['short span id', { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(7, 1) }],
  ])('a %s costs the record its id and nothing else', (_name, ids) => {
    const bytes = request({ timeUnixNano: nowNs, ...ids })
    expect(scanner.scan(bytes, nowMs)).toMatchObject({ recordCount: 1, badIds: 0 })
    expect(warningsOf(bytes)).toEqual(['bad_id'])
  })

  it('a record has the time it says, else the time it was observed, else the time of arrival', () => {
    const past = `${nowMs - 8 * 86_400_000}000000`
    const future = `${nowMs + 11 * 60_000}000000`
    expect(warningsOf(request({ timeUnixNano: past }))).toEqual(['intake_past_days'])
    expect(warningsOf(request({ timeUnixNano: nowNs, observedTimeUnixNano: future }))).toEqual([])
    expect(warningsOf(request({ observedTimeUnixNano: future }))).toEqual(['intake_future_minutes'])
    expect(warningsOf(request({}))).toEqual([])
  })

  it.each([
    ['a body over its limit', { body: text('x'.repeat(limits.logBodyBytes + 1)) }, 'intake_log_body_bytes'],
    ['a body of just its limit', { body: text('x'.repeat(limits.logBodyBytes)) }, undefined],
    ['a body with fields over the limit of values, but not of bodies', { body: text('x'.repeat(limits.valueBytes + 1)) }, undefined],
    ['attributes', { attributes: pairs(limits.attributes + 1) }, 'intake_attributes'],
    ['an attribute value', { attributes: [{ key: 'k', value: text('x'.repeat(limits.valueBytes + 1)) }] }, 'intake_value_bytes'],
    ['an attribute key', { attributes: [{ key: 'k'.repeat(limits.keyBytes + 1), value: text('') }] }, 'intake_key_bytes'],
  ])('%s is measured', (_name, fields, reason) => {
    expect(warningsOf(request({ timeUnixNano: nowNs, ...fields }))).toEqual(reason === undefined ? [] : [reason])
  })

  it('a line of 10 MB and a body of a million fields are each one record that is too large, and the next one is taken', () => {
    const field = bytesField(1, bytesField(1, Buffer.from('field')))
    const line = bytesField(1, Buffer.alloc(10_000_000, 'x'))
    for (const value of [line, bytesField(6, Buffer.alloc(field.length * 1_000_000, field))]) {
      const scan = scanner.scan(Buffer.concat([raw(bytesField(5, value)), request({ body: text('after') })]), nowMs)
      expect(scan).toMatchObject({ recordCount: 1, tooLarge: 1 })
    }
  })

  it.each([16, 17, 64, 65, 1000])('a body nested %i deep', (depth) => {
    let value: Uint8Array = Buffer.from([0x10, 1])
    for (let level = 1; level < depth; level++) value = bytesField(5, bytesField(1, value))
    const bytes = raw(bytesField(5, value))
    if (depth > limits.depthHard) expect(() => scanner.scan(bytes, nowMs)).toThrow(MalformedError)
    else expect(warningsOf(bytes)).toEqual(depth > limits.depth ? ['intake_depth'] : [])
  })

  it.each([
    ['a severity as text', Buffer.from([0x12, 1, 0x39])],
    ['a time as a number', Buffer.from([0x08, 1])],
    ['a body as a number', Buffer.from([0x28, 1])],
    ['flags of 64 bits', Buffer.from([0x41, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['a body that ends behind its record', Buffer.from([0x2a, 9, 0x0a, 1])],
  ])('%s makes the request malformed', (_name, record) => {
    expect(() => scanner.scan(raw(record), nowMs)).toThrow(MalformedError)
  })
})
