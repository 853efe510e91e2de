import { configSchema } from '@skein/schemas/config'
import { describe, expect, it } from 'vitest'
import { encodeMessage, oracleLogs, oracleSpans } from '../otlp-oracle.ts'
import { mutated, sampleLogs, sampleRequest, seededRandom } from '../sample-request.ts'
import { type Part, splitRequest } from '../split/split-request.ts'
import { MalformedError, TooLargeError } from './malformed.ts'
import { payloadOf } from '../split/part-for-tests.ts'
import { LOG_KIND } from './scan-log.ts'
import { createScanner } from './scan-request.ts'
import { SPAN_KIND } from './scan-span.ts'

const limits = configSchema.parse({}).limits.intake
const scanner = createScanner(limits, SPAN_KIND)
const TRACES = { scanner, oracle: oracleSpans }
const LOGS = { scanner: createScanner(limits, LOG_KIND), oracle: oracleLogs }
type Signal = typeof TRACES | typeof LOGS
const nowMs = 1_750_000_000_000
const split = { partitions: 16, maxPayloadBytes: 900_000, maxTotalBytes: 1e8 }

function idOf(bytes: Buffer): string {
  return Buffer.from(scanner.scan(bytes, nowMs).requestId).toString('hex')
}

describe('scan', () => {
  it('counts what an independent decoder counts', () => {
    for (let seed = 0; seed < 20; seed++) {
      const bytes = sampleRequest({ seed, spans: seed * 10 })
      expect(scanner.scan(bytes, nowMs).recordCount).toBe(oracleSpans(bytes).length)
    }
  })

  it('the request id is the same for the same spans and another for any other', () => {
    const ids = new Set<string>()
    for (let seed = 0; seed < 50; seed++) {
      const bytes = sampleRequest({ seed, spans: 5 })
      expect(idOf(bytes)).toBe(idOf(Buffer.from(bytes)))
      ids.add(idOf(bytes))
    }
    expect(ids.size).toBe(50)
  })

  it('the request id carries the number of spans at byte 8', () => {
    expect(Buffer.from(scanner.scan(sampleRequest({ seed: 1, spans: 77 }), nowMs).requestId).readUInt32LE(8)).toBe(77)
  })

  it('any one bit of any id changes the request id', () => {
    const make = (flip: number): Buffer => {
      const ids = Buffer.alloc(24, 5)
      if (flip >= 0) ids[flip >> 3]! ^= 1 << (flip & 7)
      return encodeMessage('ExportTraceServiceRequest', {
        resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: ids.subarray(0, 16), spanId: ids.subarray(16) }] }] }],
      })
    }
    const seen = new Set(Array.from({ length: 193 }, (_, i) => idOf(make(i - 1))))
    expect(seen.size).toBe(193)
  })

  it('10,000 mutated or cut-off requests of both signals: refused or read, never a crash, never slow, never what a decoder cannot read', () => {
    const random = seededRandom(20_260_101)
    const bases = Array.from({ length: 20 }, (_, seed) => (seed % 2 === 0 ? sampleRequest({ seed, spans: 12 }) : sampleLogs({ seed, records: 24 })))
    let slowestMs = 0
    let read = 0
    for (let round = 0; round < 10_000; round++) {
      const bytes = mutated(bases[round % bases.length]!, random)
      const signal = round % 2 === 0 ? TRACES : LOGS
      const { parts, ms } = timed(bytes, signal)
      slowestMs = Math.max(slowestMs, ms)
      if (parts === null) continue
      for (const part of parts) expect(recordsOf(payloadOf(part), signal) ?? part.records, bytes.toString('base64')).toBe(part.records)
      read++
    }
    expect(slowestMs).toBeLessThan(50)
    expect(read).toBeGreaterThan(500)
    expect(read).toBeLessThan(9500)
  })

  it('a million empty groups are refused before they cost memory', () => {
    const groups = Buffer.alloc(2_000_000)
    for (let at = 0; at < groups.length; at += 2) groups[at] = 0x0a
    expect(() => scanner.scan(groups, nowMs)).toThrow(TooLargeError)
  })

  it('headers behind their spans count as headers', () => {
    const spans = encodeMessage('ResourceSpans', {
      scopeSpans: [
        {
          spans: [
            { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 1) },
            { traceId: Buffer.alloc(16, 2), spanId: Buffer.alloc(8, 1) },
          ],
        },
      ],
    })
    const resource = encodeMessage('ResourceSpans', { resource: { attributes: [{ key: 'service.name', value: { stringValue: 'late' } }] } })
    const body = Buffer.concat([spans, resource])
    const bytes = Buffer.concat([Buffer.from([0x0a, body.length]), body])
    const { parts } = splitRequest(scanner.scan(bytes, nowMs), split)
    const spansOut = parts.flatMap((part) => oracleSpans(payloadOf(part)))
    expect(spansOut).toHaveLength(2)
    expect(spansOut.every(({ canonical }) => canonical.includes('late'))).toBe(true)
  })
})

/** The fastest of a few tries, when the first was slow: a busy machine is no property of the bytes. */
function timed(bytes: Buffer, signal: Signal): { parts: Part[] | null; ms: number } {
  let ms = Number.POSITIVE_INFINITY
  let parts: Part[] | null = null
  for (let attempt = 0; attempt < 5 && ms > 10; attempt++) {
    const startMs = performance.now()
    parts = splitOrRefusal(bytes, signal)
    ms = Math.min(ms, performance.now() - startMs)
  }
  return { parts, ms }
}

/** null when the bytes were refused by name; any other error is a fault. */
function splitOrRefusal(bytes: Buffer, signal: Signal): Part[] | null {
  try {
    return splitRequest(signal.scanner.scan(bytes, nowMs), split).parts
  } catch (error) {
    if (error instanceof MalformedError || error instanceof TooLargeError) return null
    throw new Error(`seed 20260101: ${bytes.toString('base64')}`, { cause: error })
  }
}

/** null for a text that is not UTF-8, which the scan lets pass and the oracle does not. */
function recordsOf(payload: Uint8Array, signal: Signal): number | null {
  try {
    return signal.oracle(payload).length
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return null
    throw error
  }
}
