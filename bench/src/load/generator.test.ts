import { createHash } from 'node:crypto'
import { createSpanDecoder } from '@skein/ingest/decode/decode-spans'
import { describe, expect, test } from 'vitest'
import { createLoad, LINKS_EACH, type Load, type LoadOptions } from './generator.ts'

const OPTIONS: LoadOptions = { seed: 7, profile: 'demo', spansPerBatch: 200, startMs: 1_763_800_000_000, traceGapMs: 20 }
const LIMITS = { pastDays: 7, futureMinutes: 10_000, attributes: 256, keyBytes: 256, valueBytes: 32_768, events: 128, links: 128 }

function batches(load: Load, count: number): { bytes: Uint8Array; spans: number }[] {
  return [...Array.from({ length: count }, () => load.next()), ...load.drain()]
}

interface Seen {
  service: string
  kind: number
  parent: string
}

function decode(payloads: readonly Uint8Array[]) {
  const receivedAtMs = OPTIONS.startMs
  const envelope = { topic: 't', partition: 0, offset: 0, tenant: 't', keyId: 'k', receivedAtMs, logTimeMs: receivedAtMs, linkedCopy: false }
  const { batch, malformed } = createSpanDecoder({ limits: LIMITS, maxInternedBytes: 1 << 24 }).decode(payloads.map((payload) => ({ envelope, payload })))
  expect(malformed).toEqual([])
  return { batch }
}

/** All spans by id, as a decoder finds them. */
function spansOf(payloads: readonly Uint8Array[]): Map<string, Seen> {
  const { batch } = decode(payloads)
  const id = (at: number): string => (at < 0 ? '' : batch.bytes.toString('hex', at, at + 8))
  return new Map(
    Array.from({ length: batch.length }, (_, row) => {
      const service = batch.resources[batch.resource[row] ?? 0]?.service ?? ''
      return [id(batch.spanId[row] ?? -1), { service, kind: batch.kind[row] ?? 0, parent: id(batch.parentId[row] ?? -1) }]
    }),
  )
}

describe('load', () => {
  test('the same seed makes the same bytes, another one others', () => {
    const digest = (seed: number): string => {
      const hash = createHash('sha256')
      for (const { bytes } of batches(createLoad({ ...OPTIONS, seed }), 3)) hash.update(bytes)
      return hash.digest('hex')
    }
    expect(digest(7)).toBe(digest(7))
    expect(digest(8)).not.toBe(digest(7))
  })

  test('its truth is what its spans say', () => {
    const load = createLoad(OPTIONS)
    const sent = batches(load, 100)
    const truth = load.truth()
    const spans = spansOf(sent.map(({ bytes }) => bytes))
    expect(sent.reduce((sum, batch) => sum + batch.spans, 0)).toBe(truth.spans)
    expect(spans.size).toBe(truth.spans)
    const found = { edges: new Map<string, number>(), messages: new Map<string, number>() }
    let roots = 0
    for (const { service, kind, parent } of spans.values()) {
      const caller = spans.get(parent)
      if (caller === undefined) roots++
      const counts = kind === 5 ? found.messages : kind === 2 ? found.edges : undefined
      if (caller !== undefined && counts !== undefined) counts.set(`${caller.service}->${service}`, (counts.get(`${caller.service}->${service}`) ?? 0) + 1)
    }
    expect(found.edges).toEqual(truth.edges)
    expect(found.messages).toEqual(truth.messages)
    expect(roots).toBe(truth.entries)
    expect(truth.databases.size).toBeGreaterThan(5)
  })

  test('links are few more spans, each with as many links to spans that were sent', () => {
    const load = createLoad({ ...OPTIONS, links: true })
    const sent = batches(load, 40)
    const { batch } = decode(sent.map(({ bytes }) => bytes))
    const { settled, batches: taken, spans } = load.truth()
    const links = Array.from({ length: batch.length }, (_, row) => batch.linkTo[row]! - batch.linkFrom[row]!).filter((count) => count > 0)
    expect([batch.length, links]).toEqual([spans, Array.from({ length: settled + taken }, () => LINKS_EACH)])
    expect(Math.min(settled, taken)).toBeGreaterThan(2)
  })

  test.each([
    ['demo', 400, 600],
    ['production', 1300, 1800],
  ] as const)('a span of profile %s has between %i and %i bytes', (profile, least, most) => {
    const sent = batches(createLoad({ ...OPTIONS, profile }), 20)
    const size = sent.reduce((sum, { bytes }) => sum + bytes.length, 0) / sent.reduce((sum, { spans }) => sum + spans, 0)
    expect(size).toBeGreaterThan(least)
    expect(size).toBeLessThan(most)
  })
})
