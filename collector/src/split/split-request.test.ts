import { partitionOfHash, partitionOfTrace } from '@skein/schemas/partition'
import { configSchema } from '@skein/schemas/config'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeMessage, oracleLogs, type OracleSpan, oracleSpans } from '../otlp-oracle.ts'
import { sampleLogs, sampleRequest } from '../sample-request.ts'
import { TooLargeError } from '../scan/malformed.ts'
import { RECORD_STRIDE } from '../scan/record-scan.ts'
import { LOG_KIND } from '../scan/scan-log.ts'
import { createScanner } from '../scan/scan-request.ts'
import { SPAN_KIND } from '../scan/scan-span.ts'
import { payloadOf } from './part-for-tests.ts'
import { splitRequest } from './split-request.ts'

const limits = configSchema.parse({}).limits.intake
const scanner = createScanner(limits, SPAN_KIND)
const nowMs = 1_750_000_000_000

const id = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes.map((byte) => byte % 4 || 1)))
const attribute = fc.record({
  key: fc.string({ maxLength: 12 }),
  value: fc.oneof(
    fc.record({ stringValue: fc.string({ maxLength: 40 }) }),
    fc.record({ intValue: fc.integer() }),
    fc.record({ doubleValue: fc.double({ noNaN: true }) }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ arrayValue: fc.record({ values: fc.array(fc.record({ stringValue: fc.string({ maxLength: 5 }) }), { maxLength: 3 }) }) }),
    fc.constant({}),
  ),
})
const span = fc.record({
  traceId: id(16),
  spanId: id(8),
  parentSpanId: fc.oneof(fc.constant(Buffer.alloc(0)), id(8)),
  name: fc.string({ maxLength: 30 }),
  kind: fc.integer({ min: 0, max: 5 }),
  attributes: fc.array(attribute, { maxLength: 4 }),
  links: fc.array(fc.record({ traceId: id(16), spanId: id(8) }), { maxLength: 2 }),
  events: fc.array(fc.record({ name: fc.string({ maxLength: 8 }), attributes: fc.array(attribute, { maxLength: 2 }) }), { maxLength: 2 }),
})
const request = fc.record({
  resourceSpans: fc.array(
    fc.record({
      resource: fc.record({ attributes: fc.array(attribute, { maxLength: 4 }) }),
      schemaUrl: fc.string({ maxLength: 10 }),
      scopeSpans: fc.array(
        fc.record({
          scope: fc.record({ name: fc.string({ maxLength: 10 }) }),
          schemaUrl: fc.string({ maxLength: 10 }),
          spans: fc.array(span, { maxLength: 12 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 4 },
  ),
})

function byCanonical(spans: OracleSpan[]): string[] {
  return spans.map(({ canonical }) => canonical).toSorted()
}

function partitionOf(traceIdBase64: string, partitions: number): number {
  return partitionOfTrace(Buffer.from(traceIdBase64, 'base64'), partitions)
}

describe('split', () => {
  it('the parts hold exactly the spans of the request, each under its own scope and resource, each trace in its partition', () => {
    fc.assert(
      fc.property(request, fc.integer({ min: 1, max: 16 }), fc.integer({ min: 600, max: 4000 }), (message, partitions, maxPayloadBytes) => {
        const bytes = encodeMessage('ExportTraceServiceRequest', message)
        const { parts, linksLeftOut } = splitRequest(scanner.scan(bytes, nowMs), { partitions, maxPayloadBytes, maxTotalBytes: 1e8 })
        const own = parts.filter(({ linkedCopy }) => !linkedCopy)
        const expected = oracleSpans(bytes)
        expect(byCanonical(own.flatMap((part) => oracleSpans(payloadOf(part))))).toEqual(byCanonical(expected))
        for (const part of parts) {
          const spans = oracleSpans(payloadOf(part))
          expect(part.records).toBe(spans.length)
          if (spans.length > 1) expect(part.payload.bytes).toBeLessThanOrEqual(maxPayloadBytes)
          for (const each of spans) if (!part.linkedCopy) expect(partitionOf(each.traceId, partitions)).toBe(part.partition)
        }
        const copies = parts
          .filter(({ linkedCopy }) => linkedCopy)
          .flatMap((part) => oracleSpans(payloadOf(part)).map((each) => `${part.partition} ${each.canonical}`))
        const wanted = expected.flatMap((each) => {
          const targets = new Set(each.links.map((link) => partitionOf(link.traceId, partitions)))
          targets.delete(partitionOf(each.traceId, partitions))
          return [...targets].map((partition) => `${partition} ${each.canonical}`)
        })
        expect(copies.toSorted()).toEqual(wanted.toSorted())
        expect(linksLeftOut).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  it('log records of a trace are in its partition, all others in that of their resource, each under its own scope and resource', () => {
    const logs = createScanner(limits, LOG_KIND)
    for (let seed = 0; seed < 30; seed++) {
      const bytes = sampleLogs({ seed, records: 60, resources: 1 + (seed % 4) })
      const { parts } = splitRequest(logs.scan(bytes, nowMs), {
        partitions: 1 + (seed % 9),
        maxPayloadBytes: seed % 2 === 0 ? 2000 : 900_000,
        maxTotalBytes: 1e8,
      })
      const found = parts.flatMap((part) => oracleLogs(payloadOf(part)).map((record) => ({ ...record, partition: part.partition })))
      expect(found.map(({ canonical }) => canonical).toSorted()).toEqual(
        oracleLogs(bytes)
          .map(({ canonical }) => canonical)
          .toSorted(),
      )
      const partitionOfResource = new Map<string, number>()
      for (const { partition, resource, traceId } of found) {
        if (traceId !== '') expect(partition).toBe(partitionOf(traceId, 1 + (seed % 9)))
        else expect(partitionOfResource.set(resource, partitionOfResource.get(resource) ?? partition).get(resource)).toBe(partition)
      }
      expect(parts.every(({ linkedCopy }) => !linkedCopy)).toBe(true)
    }
  })

  it('records without a trace are spread by their resources, and those of one resource stay together in every request', () => {
    const logs = createScanner(limits, LOG_KIND)
    const partitionsOf = (seed: number, body: string): number[] => {
      const resourceLogs = Array.from({ length: 200 }, (_, i) => ({
        resource: { attributes: [{ key: 'host.name', value: { stringValue: `host-${i}` } }] },
        scopeLogs: [{ logRecords: [{ severityNumber: seed, body: { stringValue: body } }] }],
      }))
      const scan = logs.scan(encodeMessage('ExportLogsServiceRequest', { resourceLogs }), nowMs)
      return Array.from({ length: 200 }, (_, i) => partitionOfHash(scan.records[i * RECORD_STRIDE + 3]!, 16))
    }
    expect(partitionsOf(1, 'one')).toEqual(partitionsOf(9, 'another'))
    const counts = Array.from({ length: 16 }, (_, partition) => partitionsOf(1, 'one').filter((each) => each === partition).length)
    expect(Math.min(...counts)).toBeGreaterThan(3)
    expect(Math.max(...counts)).toBeLessThan(25)
  })

  it('the parts are a pure function of the bytes', () => {
    const bytes = sampleRequest({ seed: 4, spans: 500 })
    const split = () =>
      splitRequest(scanner.scan(bytes, nowMs), { partitions: 16, maxPayloadBytes: 20_000, maxTotalBytes: 1e8 }).parts.map((part) => ({
        ...part,
        payload: payloadOf(part),
      }))
    expect(split()).toEqual(split())
  })

  it('a request that is all one partition is passed on as it is', () => {
    const bytes = sampleRequest({ seed: 5, spans: 50 })
    const { parts } = splitRequest(scanner.scan(bytes, nowMs), { partitions: 1, maxPayloadBytes: 1e6, maxTotalBytes: 1e8 })
    expect(parts).toHaveLength(1)
    expect(Buffer.from(payloadOf(parts[0]!))).toEqual(bytes)
  })

  it('headers that would multiply a request beyond the budget make it too large', () => {
    const resource = { attributes: [{ key: 'k', value: { stringValue: 'x'.repeat(20_000) } }] }
    const spans = Array.from({ length: 64 }, (_, i) => ({ traceId: Buffer.alloc(16, i + 1), spanId: Buffer.alloc(8, 1) }))
    const bytes = encodeMessage('ExportTraceServiceRequest', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })
    const scan = scanner.scan(bytes, nowMs)
    expect(() => splitRequest(scan, { partitions: 16, maxPayloadBytes: 900_000, maxTotalBytes: 100_000 })).toThrow(TooLargeError)
  })

  it('links cannot multiply a request: beyond its own size again copies are left out and counted', () => {
    const links = Array.from({ length: 100 }, (_, i) => ({ traceId: Buffer.alloc(16, i + 1), spanId: Buffer.alloc(8, 1) }))
    const spans = Array.from({ length: 300 }, (_, i) => ({
      traceId: Buffer.from(`trace-id-of-${String(i).padStart(4, '0')}`),
      spanId: Buffer.alloc(8, 1),
      name: 'n'.repeat(4000),
      links,
    }))
    const bytes = encodeMessage('ExportTraceServiceRequest', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
    const { parts, linksLeftOut } = splitRequest(scanner.scan(bytes, nowMs), { partitions: 64, maxPayloadBytes: 900_000, maxTotalBytes: 1e8 })
    const copied = parts.filter(({ linkedCopy }) => linkedCopy).reduce((sum, { payload }) => sum + payload.bytes, 0)
    expect(linksLeftOut).toBeGreaterThan(0)
    expect(copied).toBeLessThan(bytes.length * 1.1)
  })
})
