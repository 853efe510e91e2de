import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { openChdbStore } from '@skein/store/chdb/store'
import type { Store } from '@skein/store/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSpanDecoder } from '../decode/decode-spans.ts'
import {
  batchEnvelope,
  DECODER_OPTIONS,
  decodeRequest,
  encodeRequest,
  type OraclePair,
  type OracleRequest,
  type OracleSpan,
  otlpRequest,
  RECEIVED_AT_MS,
} from '../decode/oracle-for-tests.ts'
import { createRowBuilder } from './row-builder.ts'
import { hex, rowWords, sentWords } from './span-words-for-tests.ts'

let directory: string
let store: Store
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'skein-rows-'))
  const limits = { seconds: 15, memoryBytes: 1e9, rowsRead: 1e9, resultRows: 100_000, queued: 16 }
  store = await openChdbStore({ directory, memoryBytes: 1e9, retention: { spansDays: 400, rollupDays: 400 }, limits, readers: 1, writers: 1, migrate: true })
}, 30_000)
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

let ranges = 0

/** Inserts requests of one tenant as one range; returns how many rows there were by table. */
async function insert(
  requests: readonly Uint8Array[],
  tenant: string,
  repeat: (row: number) => boolean = () => false,
  copies: readonly number[] = [],
): Promise<Map<string, number>> {
  const decoder = createSpanDecoder(DECODER_OPTIONS)
  const { batch } = decoder.decode(requests.map((payload, i) => ({ envelope: batchEnvelope({ tenant, linkedCopy: copies.includes(i) }), payload })))
  const blocks = createRowBuilder().build(
    batch,
    Uint8Array.from({ length: batch.length }, (_, row) => (repeat(row) ? 1 : 0)),
  )
  const range = `skein.traces:0:${ranges}-${ranges++}`
  for (const { table, block, rows, days } of blocks) await store.ingest.insert(range, { table, blocks: [block], rows, days }, false)
  return new Map(blocks.map(({ table, rows }) => [table, rows]))
}

describe('rows of spans', () => {
  test('a span is read from the store as it was sent, whatever it is', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(otlpRequest, async (request) => {
        const tenant = `any-${run++}`
        const payload = encodeRequest(request)
        await insert([payload], tenant)
        const byTrace = new Map<string, OracleSpan[]>()
        for (const span of decodeRequest(payload).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))) {
          byTrace.set(hex(span.traceId), [...(byTrace.get(hex(span.traceId)) ?? []), span])
        }
        for (const [traceId, sent] of byTrace) {
          const { spans } = await store.traces.spans(tenant, traceId, 1000)
          const expected = sent.filter((span, i) => sent.findIndex(({ spanId }) => hex(spanId) === hex(span.spanId)) === i)
          if (expected.length !== sent.length) continue
          expect(spans.map(rowWords).sort(byText)).toEqual(expected.map(sentWords).sort(byText))
        }
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('names that differ where nobody would look for it are two', async () => {
    const names = ['1', '2'].map((end) => `${'n'.repeat(2000)}${end}`)
    await insert([encodeRequest(requestOf(names.map((name, i) => span(i * 250, { name }))))], 'long-names')
    const { spans } = await store.traces.spans('long-names', hex(traceId(0)), 10)
    expect(spans.map(({ name }) => name).sort()).toEqual(names)
  })

  test('a key with more values than a dictionary holds is searched and read like any other', async () => {
    const spans = Array.from({ length: 2500 }, (_, i) => span(i, { attributes: [text('few', `v${i % 7}`), text('many', `m${i}`)] }))
    await insert([encodeRequest(requestOf(spans))], 'many')
    const window = { tenant: 'many', startMs: RECEIVED_AT_MS - 60_000, endMs: RECEIVED_AT_MS + 60_000 }
    for (const [key, value, found] of [
      ['many', 'm2499', 1],
      ['many', 'm3', 1],
      ['few', 'v3', 20],
    ] as const) {
      const rows = await store.traces.search({ ...window, attributes: [{ key, value }], sort: 'newest', limit: 20 })
      expect(rows.length).toBe(found)
    }
  })

  test('parents are found again, in the block, in another block and in another bucket', async () => {
    const at = (minutes: number): { startTimeUnixNano: string } => ({ startTimeUnixNano: String(BigInt(RECEIVED_AT_MS - minutes * 60_000) * 1_000_000n) })
    const chain = Array.from({ length: 60 }, (_, i) => span(i, { traceId: traceId(1), ...(i === 0 ? {} : { parentSpanId: spanId(i - 1) }), ...at(i % 20) }))
    await insert([encodeRequest(requestOf(chain.slice(0, 40)))], 'parents')
    await insert([encodeRequest(requestOf(chain.slice(40)))], 'parents')
    const { spans } = await store.traces.spans('parents', hex(traceId(1)), 1000)
    const parentOf = new Map(spans.map((row) => [row.spanId, row.parentSpanId]))
    expect(chain.map(({ spanId: id }) => parentOf.get(hex(id)))).toEqual(chain.map((_, i) => (i === 0 ? '' : hex(spanId(i - 1)))))
  })

  test('a trace of hundreds of spans in one block keeps its order and its parents, also where ids begin alike', async () => {
    const start = BigInt(RECEIVED_AT_MS) * 1_000_000n
    const alike = (seed: number): Uint8Array => Buffer.concat([Buffer.from([9, 9, 9, 9]), spanId(seed).subarray(0, 4)])
    const idOf = (i: number): Uint8Array => (i < 4 ? alike(i) : spanId(i))
    const spans = Array.from({ length: 300 }, (_, i) =>
      span(i, {
        traceId: traceId(3),
        spanId: idOf(i),
        ...(i === 0 ? {} : { parentSpanId: idOf(i >> 1) }),
        startTimeUnixNano: String(start + BigInt(i) * 1000n),
        endTimeUnixNano: String(start + BigInt(i) * 1000n),
      }),
    )
    const shuffled = spans.map((each, i) => ({ each, at: (i * 7919) % 300 })).sort((a, b) => a.at - b.at)
    await insert([encodeRequest(requestOf(shuffled.map(({ each }) => each)))], 'large')
    const rows = (await store.traces.spans('large', hex(traceId(3)), 1000)).spans
    expect(rows.map((row) => row.spanId)).toEqual(spans.map(({ spanId: id }) => hex(id)))
    expect(rows.map((row) => row.parentSpanId)).toEqual(spans.map((_, i) => (i === 0 ? '' : hex(idOf(i >> 1)))))
  })

  test('links are found from the span that they name, each once, those of marked copies never', async () => {
    const links = [
      { traceId: traceId(21), spanId: spanId(21), traceState: '', attributes: [] },
      { traceId: traceId(21), spanId: spanId(22), traceState: 'a=b', attributes: [text('k', 'v')] },
    ]
    const linking = span(20, { name: '取消息', links: [...links, ...links, { traceId: new Uint8Array(3), spanId: spanId(1), traceState: '', attributes: [] }] })
    const payload = encodeRequest(requestOf([linking, span(21, {})]))
    const rows = await insert([payload, payload], 'links', (row) => row >= 2, [1])
    expect([rows.get('span_links'), rows.get('spans')]).toEqual([2, 2])
    expect(await store.traces.linking('links', hex(traceId(21)), 10)).toEqual([
      {
        traceId: hex(traceId(20)),
        spanId: hex(spanId(20)),
        name: '取消息',
        service: 'shop',
        startNs: String(BigInt(RECEIVED_AT_MS) * 1_000_000n),
        to: [hex(spanId(21)), hex(spanId(22))],
      },
    ])
  })

  test('marked copies and repeats are no rows', async () => {
    const tables = await insert(
      [encodeRequest(requestOf([span(1, {}), span(2, {})])), encodeRequest(requestOf([span(3, {})]))],
      'kept',
      (row) => row === 0,
      [1],
    )
    expect(tables).toEqual(
      new Map([
        ['resources', 1],
        ['traces', 1],
        ['trace_services', 1],
        ['spans', 1],
      ]),
    )
    expect(await insert([encodeRequest(requestOf([span(1, {})]))], 'kept', () => true)).toEqual(new Map())
  })

  test('a trace row has the first start, the last end, its root, its errors and its services', async () => {
    const start = BigInt(RECEIVED_AT_MS) * 1_000_000n
    const spans = [
      span(1, { traceId: traceId(9), name: 'root', startTimeUnixNano: String(start), endTimeUnixNano: String(start + 7_000_000_123n) }),
      span(2, {
        traceId: traceId(9),
        parentSpanId: spanId(1),
        startTimeUnixNano: String(start + 5n),
        endTimeUnixNano: String(start + 9n),
        status: { code: 2, message: 'no' },
      }),
    ]
    await insert([encodeRequest(requestOf(spans.slice(0, 1), 'front')), encodeRequest(requestOf(spans.slice(1), 'back'))], 'traces')
    const window = { tenant: 'traces', startMs: RECEIVED_AT_MS - 60_000, endMs: RECEIVED_AT_MS + 60_000 }
    expect(await store.traces.search({ ...window, attributes: [], sort: 'newest', limit: 5 })).toMatchObject([
      {
        traceId: hex(traceId(9)),
        hasRoot: true,
        rootService: 'front',
        rootOperation: 'root',
        startNs: String(start),
        durationNs: 7_000_000_123,
        spans: 2,
        errors: 1,
        services: ['back', 'front'],
      },
    ])
  })

  test('tenants of one block stay apart', async () => {
    const decoder = createSpanDecoder(DECODER_OPTIONS)
    const payload = encodeRequest(requestOf([span(5, { traceId: traceId(5) })]))
    const { batch } = decoder.decode(['zoe', 'adam'].map((tenant) => ({ envelope: batchEnvelope({ tenant }), payload })))
    for (const { table, block, rows, days } of createRowBuilder().build(batch, new Uint8Array(2))) {
      await store.ingest.insert('skein.traces:1:0-0', { table, blocks: [block], rows, days }, false)
    }
    for (const tenant of ['zoe', 'adam']) expect((await store.traces.spans(tenant, hex(traceId(5)), 10)).spans.length).toBe(1)
    expect((await store.traces.spans('bob', hex(traceId(5)), 10)).spans).toEqual([])
  })
})

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

function traceId(seed: number): Uint8Array {
  return new Uint8Array(16).fill(seed, 0, 15)
}

function spanId(seed: number): Uint8Array {
  const id = Buffer.alloc(8, 1)
  id.writeUInt32LE(seed * 7 + 1)
  return id
}

function text(key: string, value: string): OraclePair {
  return { key, value: { stringValue: value } }
}

function span(seed: number, more: Partial<OracleSpan>): Partial<OracleSpan> {
  const start = BigInt(RECEIVED_AT_MS) * 1_000_000n
  return {
    traceId: traceId(seed % 250),
    spanId: spanId(seed),
    name: `n${seed % 3}`,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5n),
    ...more,
  }
}

function requestOf(spans: readonly Partial<OracleSpan>[], service = 'shop'): OracleRequest {
  return { resourceSpans: [{ resource: { attributes: [text('service.name', service)] }, scopeSpans: [{ spans: [...spans] as OracleSpan[] }] }] }
}
