import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { createLoad } from '@skein/bench/load/generator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './harness/api.ts'
import { send, sendJson } from './harness/http.ts'
import { residentBytes } from './harness/memory.ts'
import { mutate, seededRandom } from './harness/mutate.ts'
import { eventually, type SkeinUp, startUp } from './harness/skein-process.ts'
import { aSpan, exportOf, text } from './harness/spans.ts'
import { lineOfBytes, linesOf, strangeLines } from './harness/strange-lines.ts'

const MIB = 1024 * 1024
const GROWTH_BYTES = 300 * MIB
const PROTOBUF = { 'content-type': 'application/x-protobuf' }
const JSON_TYPE = { 'content-type': 'application/json' }
const good = createLoad({ seed: 1, profile: 'demo', spansPerBatch: 50, startMs: Date.now() - 60_000, traceGapMs: 5 }).next().bytes

// Made before the clock runs: making it takes longer than refusing it.
const bomb = gzipSync(Buffer.alloc(300 * MIB))

let skein: SkeinUp
let pids: number[]
let beforeBytes: number[]
const beside = { running: true, codes: new Set<number>(), ms: [] as number[], sent: 0 }
let besideDone: Promise<void>

beforeAll(async () => {
  skein = await startUp()
  pids = [skein.childPid('collector'), skein.childPid('engine')]
  await sendJson(skein.otlpHttp, exportOf('good', [aSpan()]))
  await sleep(1000)
  beforeBytes = pids.map(residentBytes)
  besideDone = sendGood()
})
afterAll(() => skein.destroy())

/** What a well-behaved client sends all the while. */
async function sendGood(): Promise<void> {
  while (beside.running) {
    const { status, ms } = await sendJson(skein.otlpHttp, exportOf('good', [aSpan()]))
    beside.codes.add(status)
    beside.ms.push(ms)
    beside.sent++
    await sleep(25)
  }
}

const nested = (depth: number): string => `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`
const hostile: [name: string, status: number, headers: Record<string, string>, body: () => Uint8Array | string][] = [
  ['nothing', 200, PROTOBUF, () => ''],
  ['bytes that are no protobuf', 400, PROTOBUF, () => Buffer.alloc(1000, 0xff)],
  ['half a request', 400, PROTOBUF, () => good.subarray(0, good.length / 2)],
  ['a length beyond the end', 400, PROTOBUF, () => Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07])],
  ['protobuf called JSON', 400, JSON_TYPE, () => good],
  ['JSON called protobuf', 400, PROTOBUF, () => JSON.stringify(exportOf('x', [aSpan()]))],
  ['a body over the limit', 413, PROTOBUF, () => Buffer.alloc(21 * MIB)],
  ['a bomb', 413, { ...PROTOBUF, 'content-encoding': 'gzip' }, () => bomb],
  ['gzip that is none', 400, { ...PROTOBUF, 'content-encoding': 'gzip' }, () => good],
  ['gzip cut short', 400, { ...PROTOBUF, 'content-encoding': 'gzip' }, () => gzipSync(good).subarray(0, 300)],
  ['zstd that is none', 400, { ...PROTOBUF, 'content-encoding': 'zstd' }, () => good],
  ['an encoding nobody offered', 415, { ...PROTOBUF, 'content-encoding': 'br' }, () => good],
  ['a type that is not OTLP', 415, { 'content-type': 'text/plain' }, () => good],
  ['no type', 415, {}, () => good],
  ['JSON that ends early', 400, JSON_TYPE, () => '{"resourceSpans":['],
  ['a list', 400, JSON_TYPE, () => '[]'],
  ['null', 400, JSON_TYPE, () => 'null'],
  ['a word where a list belongs', 400, JSON_TYPE, () => '{"resourceSpans":"all"}'],
  ['a word where a number belongs', 400, JSON_TYPE, () => JSON.stringify(exportOf('x', [aSpan({ startTimeUnixNano: 'soon' })]))],
  ['an enum by name', 400, JSON_TYPE, () => JSON.stringify(exportOf('x', [aSpan({ kind: 'SPAN_KIND_SERVER' })]))],
  ['JSON as deep as it is long', 400, JSON_TYPE, () => nested(500_000)],
  ['brackets without an end', 400, JSON_TYPE, () => '['.repeat(5_000_000)],
  ['a prototype', 200, JSON_TYPE, () => '{"__proto__":{"resourceSpans":[{}]},"constructor":{"prototype":{"polluted":1}}}'],
  ['ids that are too short', 200, JSON_TYPE, () => JSON.stringify(exportOf('bad-ids', [aSpan({ traceId: 'abcd' }), aSpan({ spanId: 'ab' })]))],
  ['ids of zeros', 200, JSON_TYPE, () => JSON.stringify(exportOf('bad-ids', [aSpan({ traceId: '0'.repeat(32) }), aSpan({ spanId: '0'.repeat(16) })]))],
]

const cycle = [aSpan(), aSpan()] as const
const strange: Readonly<Record<string, unknown[]>> = {
  'from-1970': [aSpan({ startTimeUnixNano: '1', endTimeUnixNano: '2' })],
  'from-2100': [aSpan({ startTimeUnixNano: '4102444800000000000', endTimeUnixNano: '4102444801000000000' })],
  'without-times': [aSpan({ startTimeUnixNano: '0', endTimeUnixNano: '0' })],
  'largest-times': [aSpan({ startTimeUnixNano: '18446744073709551615', endTimeUnixNano: '18446744073709551615' })],
  'ends-before-it-starts': [aSpan({ endTimeUnixNano: '1000000000000000000' })],
  'long-name': [aSpan({ name: 'n'.repeat(10_000) })],
  'empty-name': [aSpan({ name: '' })],
  'control-characters': [aSpan({ name: 'a\u0000b\u001b[31m\u2028\ud800' })],
  'parents-in-a-ring': [
    { ...cycle[0], parentSpanId: cycle[1].spanId },
    { ...cycle[1], traceId: cycle[0].traceId, parentSpanId: cycle[0].spanId },
  ],
  'its-own-parent': [aSpan({ traceId: '5'.repeat(32), spanId: '5'.repeat(16), parentSpanId: '5'.repeat(16) })],
  'one-span-twice': [aSpan({ traceId: '6'.repeat(32), spanId: '6'.repeat(16) }), aSpan({ traceId: '6'.repeat(32), spanId: '6'.repeat(16) })],
  'kind-of-the-future': [aSpan({ kind: 99, status: { code: 77 } }), aSpan()],
  'prototype-keys': [aSpan({ attributes: [text('__proto__', 'x'), text('constructor', 'y'), text('', 'z'), text('toString', 'w')] })],
  'numbers-at-the-edge': [
    aSpan({
      attributes: [
        { key: 'nan', value: { doubleValue: 'NaN' } },
        { key: 'inf', value: { doubleValue: '-Infinity' } },
        { key: 'int', value: { intValue: '-9223372036854775808' } },
        { key: 'none', value: {} },
      ],
    }),
  ],
  'many-attributes': [aSpan({ attributes: Array.from({ length: 2000 }, (_, i) => text(`key.${i}`, 'v')) })],
  'long-attribute': [aSpan({ attributes: [text('k'.repeat(5000), 'v'.repeat(200_000))] })],
  'deep-attribute': [aSpan({ attributes: [{ key: 'deep', value: deepValue(40) }] })],
  'sql-in-names': [aSpan({ name: "'; DROP TABLE spans; --", attributes: [text("a'b`c\\", "\\'); SELECT 1")] })],
  Ελληνικά: [aSpan({ name: 'Ζεύς' })],
  Кириллица: [aSpan({ name: 'Ёжик' })],
  中文服务: [aSpan({ name: '获取影片' })],
  عربي: [aSpan({ name: 'بحث' })],
  हिन्दी: [aSpan({ name: 'खोज' })],
  '🦊🛰️': [aSpan({ name: '🚀' })],
}

function deepValue(depth: number): object {
  return depth === 0 ? { stringValue: 'bottom' } : { kvlistValue: { values: [{ key: 'in', value: deepValue(depth - 1) }] } }
}

describe('bad input to a whole Skein', () => {
  it.each(hostile)('%s is answered with %i', async (_name, status, headers, body) => {
    const reply = await send(`${skein.otlpHttp}/v1/traces`, { headers, body: body() })
    expect(reply.status).toBe(status)
  })

  it('a method or path that does not exist is said to be so', async () => {
    expect((await send(`${skein.otlpHttp}/v1/traces`, { method: 'PUT' })).status).toBe(405)
    expect((await send(`${skein.otlpHttp}/v1/everything`, {})).status).toBe(404)
    expect((await send(`${skein.otlpHttp}/v1/traces/%2e%2e/%00`, {})).status).toBe(404)
  })

  it('what is not HTTP, or has too many headers, is closed', async () => {
    for (const bytes of ['\u0016\u0003\u0001\u0000\u0000', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', `GET / HTTP/1.1\r\n${'x: y\r\n'.repeat(5000)}\r\n`]) {
      const answer = await raw(Number(new URL(skein.otlpHttp).port), bytes)
      expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d|$)/)
    }
  })

  it.each(Object.entries(strange))('a span that is %s is taken', async (service, spans) => {
    const reply = await sendJson(skein.otlpHttp, exportOf(service, spans))
    expect(reply.status, reply.body).toBe(200)
    expect(JSON.parse(reply.body).partialSuccess?.rejectedSpans ?? 0).toBe(0)
  })

  it('two thousand mutations of a request are taken or refused, never a fault', async () => {
    const random = seededRandom(20261124)
    const codes = new Map<number, number>()
    for (let round = 0; round < 125; round++) {
      const bodies = Array.from({ length: 16 }, () => mutate(good, random))
      for (const { status } of await Promise.all(bodies.map((body) => send(`${skein.otlpHttp}/v1/traces`, { headers: PROTOBUF, body }))))
        codes.set(status, (codes.get(status) ?? 0) + 1)
    }
    expect([...codes.keys()].filter((code) => ![200, 400, 413, 503].includes(code))).toEqual([])
    expect(codes.get(400)).toBeGreaterThan(100)
    expect(codes.get(503) ?? 0).toBe(0)
  })

  it.each(Object.entries(strangeLines))('a log record with %s is taken', async (name, record) => {
    const reply = await send(`${skein.otlpHttp}/v1/logs`, { headers: JSON_TYPE, body: linesOf(`line with ${name}`, [record]) })
    expect(reply.status, reply.body).toBe(200)
    expect(JSON.parse(reply.body).partialSuccess?.rejectedLogRecords ?? 0).toBe(0)
  })

  it('a line of 10 MB is refused alone; one that is no UTF-8 is taken', async () => {
    const long = linesOf('long lines', [{ body: { stringValue: 'x'.repeat(10_000_000) } }, { body: { stringValue: 'the next one' } }])
    const reply = await send(`${skein.otlpHttp}/v1/logs`, { headers: JSON_TYPE, body: long })
    expect([reply.status, JSON.parse(reply.body).partialSuccess.rejectedLogRecords]).toEqual([200, '1'])
    const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x62])
    expect((await send(`${skein.otlpHttp}/v1/logs`, { headers: PROTOBUF, body: lineOfBytes('no-utf-8', bytes) })).status).toBe(200)
  })

  it('a thousand mutations of a request of logs are taken or refused, never a fault', async () => {
    const random = seededRandom(20261125)
    const base = Buffer.concat(['a', 'b', 'c'].map((letter) => lineOfBytes('mutated', Buffer.from(letter.repeat(50)))))
    const codes = new Set<number>()
    for (let round = 0; round < 63; round++) {
      const bodies = Array.from({ length: 16 }, () => mutate(base, random))
      for (const { status } of await Promise.all(bodies.map((body) => send(`${skein.otlpHttp}/v1/logs`, { headers: PROTOBUF, body })))) codes.add(status)
    }
    expect(codes).toEqual(new Set([200, 400]))
  })

  it('every strange line that was taken is found by its service, with a body that is text', async () => {
    const services = [...Object.keys(strangeLines).map((name) => `line with ${name}`), 'long lines', 'no-utf-8']
    await eventually(async () => {
      const found = await Promise.all(services.map((service) => apiOf(skein.api).logs(`?service=${encodeURIComponent(service)}`)))
      expect(services.filter((_, i) => found[i]?.lines.length !== 1)).toEqual([])
      expect(found.at(-2)?.lines[0]?.body).toBe('the next one')
      expect(found.at(-1)?.lines[0]?.body).toMatch(/^a\ufffd/)
    }, 15_000)
  })

  it('a client reads why its body was too large, though it was still sending', async () => {
    const large = Buffer.alloc(21 * MIB)
    for (let attempt = 0; attempt < 20; attempt++) expect((await send(`${skein.otlpHttp}/v1/traces`, { headers: PROTOBUF, body: large })).status).toBe(413)
  })

  it('everything that was taken is on the map', async () => {
    await eventually(async () => {
      const { nodes } = await apiOf(skein.api).topology()
      const names = new Set(nodes.map(({ name }) => name))
      expect(Object.keys(strange).filter((service) => !names.has(service))).toEqual([])
    }, 15_000)
  })

  it('traces whose parents make no sense can be opened', async () => {
    for (const traceId of [cycle[0].traceId, '5'.repeat(32), '6'.repeat(32)]) {
      const trace = await apiOf(skein.api).trace(traceId)
      expect(trace.spans).toHaveLength(traceId === cycle[0].traceId ? 2 : 1)
    }
  })

  it('what was refused shows by its reason within 15 s', async () => {
    await eventually(async () => {
      const { outcomes } = await apiOf(skein.api).intake()
      const seen = new Set(outcomes.filter(({ kind }) => kind === 'refused').map(({ reason }) => reason))
      const wanted = [
        'malformed',
        'bad_compression',
        'intake_body_bytes',
        'unsupported_media_type',
        'unsupported_encoding',
        'bad_id',
        'intake_depth_hard',
      ] as const
      expect(wanted.filter((reason) => !seen.has(reason))).toEqual([])
    }, 15_000)
  })

  it.each([
    '/api/topology?start=yesterdayish',
    '/api/topology?start=now&end=now-1h',
    '/api/topology?tenant=other',
    '/api/traces?limit=1e9',
    '/api/traces?limit=-1',
    '/api/traces?cursor=%00%ff',
    "/api/traces?service=';SELECT 1",
    '/api/traces?attr=%F0%9F%A6%8A',
    '/api/traces?minMs=NaN',
    '/api/traces/zz',
    `/api/traces/${'0'.repeat(32)}`,
    `/api/traces/${'a'.repeat(100_000 / 8)}`,
    '/api/services/%00/operations',
    '/api/topology/edges/%2e%2e%2f',
    '/api/intake?start=9999999999999999999999',
    '/api/nothing',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
  ])('the API answers %s without a fault', async (path) => {
    const { status, body } = await send(`${skein.api}${path}`, { method: 'GET' })
    expect([0, 500, 501, 502, 504]).not.toContain(status)
    expect(body).not.toContain('root:')
  })

  it('good traffic beside it was taken at its usual speed, and no process ended or grew', async () => {
    beside.running = false
    await besideDone
    expect([...beside.codes]).toEqual([200])
    const sorted = beside.ms.toSorted((a, b) => a - b)
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0
    const grown = pids.map((pid, i) => residentBytes(pid) - (beforeBytes[i] ?? 0))
    console.info(
      `${beside.sent} good requests beside, p99 ${p99.toFixed(0)} ms; collector and engine grew by ${grown.map((bytes) => (bytes / MIB).toFixed(0)).join(' and ')} MiB`,
    )
    expect(beside.sent).toBeGreaterThan(50)
    expect(p99).toBeLessThan(1000)
    expect([skein.childPid('collector'), skein.childPid('engine')]).toEqual(pids)
    for (const bytes of grown) expect(bytes).toBeLessThan(GROWTH_BYTES)
    await eventually(async () => {
      const { nodes } = await apiOf(skein.api).topology()
      expect(nodes.find(({ name }) => name === 'good')?.calls).toBe(beside.sent + 1)
    }, 10_000)
  })
})

/** Writes bytes to a port; resolves with what came back when the other side closes, or after a second. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    socket.write(bytes, 'latin1')
  })
}
