import { gzipSync, zstdCompressSync } from 'node:zlib'
import { LogFullError } from '@skein/eventlog/errors'
import { REDACTION_PRESETS } from '@skein/schemas/redaction'
import { Topic } from '@skein/schemas/topics'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bytesField } from './answers/field-writer.ts'
import { call, callGrpc, type GrpcCall, type HttpCall, type HttpReply, partialOf } from './clients-for-tests.ts'
import { startCollector, type TestCollector } from './collector-for-tests.ts'
import { encodeMessage, oracleLogs } from './otlp-oracle.ts'
import { mutated, sampleLogs, seededRandom } from './sample-request.ts'

const KEYS = { good: { ok: true, tenant: 'acme', keyId: 'k1', type: 'sec' }, app: { ok: true, tenant: 'acme', keyId: 'k2', type: 'pub' } } as const
const good = sampleLogs({ seed: 1, records: 30, nowMs: Date.now() })
const JSON_HEADERS = { 'content-type': 'application/json' }
const SENT = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}}]}]}]}'

function record(fields: object): Buffer {
  return encodeMessage('ExportLogsServiceRequest', { resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: `${Date.now()}000000`, ...fields }] }] }] })
}

/** A record whose body is nested so deep; protobufjs will not write it. */
function deep(depth: number): Buffer {
  let value: Uint8Array = Buffer.from([0x10, 1])
  for (let level = 1; level < depth; level++) value = bytesField(5, bytesField(1, value))
  return Buffer.from(bytesField(1, bytesField(2, bytesField(2, bytesField(5, value)))))
}

describe('answers to logs', () => {
  let collector: TestCollector
  const restart = async (options: Parameters<typeof startCollector>[0]): Promise<void> => {
    await collector.stop()
    collector = await startCollector(options)
  }
  beforeEach(async () => {
    collector = await startCollector({ keys: KEYS, intake: { bodyBytes: 200_000 } })
  })
  afterEach(() => collector.stop())

  const post = (options: HttpCall): Promise<HttpReply> => call(collector.http, { path: '/v1/logs', ...options })
  const rpc = (body: Buffer, options: GrpcCall = {}) => callGrpc(collector.grpc, body, { service: 'logs', ...options })
  const data = () => collector.data(Topic.logs)
  const records = (): number => data().reduce((sum, { envelope }) => sum + envelope.records, 0)

  it('all accepted: 200 and OK with nothing in the body, durable in the topic of logs alone', async () => {
    const reply = await post({ body: good })
    expect([reply.code, reply.headers['content-type'], reply.body.length]).toEqual([200, 'application/x-protobuf', 0])
    expect(records()).toBe(30)
    expect(await rpc(good)).toMatchObject({ code: 0, body: Buffer.alloc(0) })
    const json = await post({ body: SENT, headers: JSON_HEADERS })
    expect([json.code, json.body.toString()]).toEqual([200, '{}'])
    expect(records()).toBe(61)
    expect(collector.data(Topic.traces)).toEqual([])
  })

  it.each([
    ['gzip', gzipSync(good)],
    ['zstd', zstdCompressSync(good)],
  ])('content encoding %s is understood', async (encoding, body) => {
    expect((await post({ body, headers: { 'content-encoding': encoding } })).code).toBe(200)
    expect((await rpc(good, { gzip: true })).code).toBe(0)
    expect(records()).toBe(60)
  })

  it('an empty request is 200 and appends nothing', async () => {
    const empty = encodeMessage('ExportLogsServiceRequest', { resourceLogs: [{ resource: {}, scopeLogs: [{}] }] })
    for (const body of [Buffer.alloc(0), empty]) {
      expect((await post({ body })).code).toBe(200)
      expect((await rpc(body)).code).toBe(0)
    }
    expect((await post({ body: '{}', headers: JSON_HEADERS })).body.toString()).toBe('{}')
    expect(collector.log.calls).toBe(0)
  })

  it.each([
    ['a trace id of the wrong length', { traceId: Buffer.alloc(8, 1) }, /1 log record with a trace or span id/],
    ['a long body', { body: { stringValue: 'x'.repeat(100_000) } }, /a body over 50000 bytes/],
    ['many attributes', { attributes: Array.from({ length: 257 }, (_, i) => ({ key: `k${i}`, value: { boolValue: true } })) }, /256 attributes/],
    ['a time of long ago', { timeUnixNano: '1' }, /days ago/],
  ])('a record with %s is taken with a warning', async (_name, fields, message) => {
    await restart({ intake: { logBodyBytes: 50_000 } })
    const reply = await post({ body: record(fields) })
    expect(partialOf(reply.body)).toEqual({ rejected: 0, message: expect.stringMatching(message) })
    expect(partialOf((await rpc(record(fields))).body)).toEqual(partialOf(reply.body))
    expect(records()).toBe(2)
  })

  it('a record over the size limit is rejected and the others are taken, by either transport and encoding', async () => {
    await restart({ intake: { recordBytes: 300 } })
    const big = record({ body: { stringValue: 'n'.repeat(400) } })
    const body = Buffer.concat([big, record({ body: { stringValue: 'small' } })])
    expect(partialOf((await post({ body })).body)).toEqual({ rejected: 1, message: expect.stringContaining('1 log record rejected: larger than 300 bytes') })
    expect(partialOf((await rpc(body)).body)?.rejected).toBe(1)
    const text = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'n'.repeat(400) } }, {}] }] }] })
    const json = await post({ body: text, headers: JSON_HEADERS })
    expect(JSON.parse(json.body.toString())).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } })
    expect(records()).toBe(3)
  })

  it('a body nested too deep is 400 and INVALID_ARGUMENT, one nested less is taken', async () => {
    expect((await post({ body: deep(65) })).code).toBe(400)
    expect((await rpc(deep(65))).code).toBe(3)
    expect((await post({ body: deep(64) })).code).toBe(200)
  })

  it('what is no request of logs is 400, too much is 413, no key or the wrong one 401 and 403', async () => {
    expect((await post({ body: Buffer.from('junk!') })).code).toBe(400)
    expect((await post({ body: Buffer.alloc(200_001) })).code).toBe(413)
    expect((await rpc(Buffer.alloc(200_001))).code).toBe(8)
    expect((await post({ body: good, headers: { 'x-skein-key': 'wrong' } })).code).toBe(401)
    expect((await rpc(good, { headers: { 'x-skein-key': 'app' } })).code).toBe(7)
    await restart({ intake: { records: 10 } })
    expect((await post({ body: good })).code).toBe(413)
    expect(collector.log.calls).toBe(0)
  })

  it('a full log is 503 with Retry-After and UNAVAILABLE, and a log that does not confirm in time is 503', async () => {
    collector.log.failWith(new LogFullError('full'))
    const reply = await post({ body: good })
    expect([reply.code, reply.headers['retry-after'], (await rpc(good)).code]).toEqual([503, '30', 14])
    await restart({ intake: { ackMs: 80 } })
    const release = collector.log.hold()
    expect((await post({ body: good })).code).toBe(503)
    release()
  })

  it('a retry carries the same batch ids, and the same lines of another tenant are another request', async () => {
    const ids = () =>
      data().map(({ partition, envelope }) => `${partition} ${Buffer.from(envelope.requestId).toString('hex')} ${envelope.part}/${envelope.parts}`)
    await post({ body: good })
    const first = ids()
    await rpc(good)
    expect(ids().slice(first.length)).toEqual(first)
    await post({ body: good, headers: { 'x-skein-key': 'good' } })
    expect(
      ids()
        .slice(first.length * 2)
        .some((id) => first.includes(id)),
    ).toBe(false)
  })

  it('where a tenant says so, lines are masked before they are durable and their retries keep their ids; elsewhere nothing is', async () => {
    await restart({ keys: KEYS, redact: { tenants: [{ tenant: 'acme', presets: [...REDACTION_PRESETS] }] } })
    const body = record({ body: { stringValue: '客户 13800138000 a@b.cn' }, attributes: [{ key: 'phone', value: { stringValue: '+8613800138000' } }] })
    for (const send of [() => post({ body, headers: { 'x-skein-key': 'good' } }), () => rpc(body, { headers: { 'x-skein-key': 'good' } })]) await send()
    const [first, second] = data().map(({ envelope }) => ({ id: Buffer.from(envelope.requestId).toString('hex'), records: oracleLogs(envelope.payload) }))
    expect(first!.records[0]!.body).toEqual({ stringValue: '客户 *********** ******' })
    expect(first!.records[0]!.canonical).not.toContain('138')
    expect(second).toEqual(first)
    const json = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'a@b.cn' } }] }] }] })
    await post({ body: json, headers: { ...JSON_HEADERS, 'x-skein-key': 'good' } })
    expect(oracleLogs(data()[2]!.envelope.payload)[0]!.body).toEqual({ stringValue: '******' })
    await post({ body: record({ body: { stringValue: 'a@b.cn' } }) })
    expect(oracleLogs(data()[3]!.envelope.payload)[0]!.body).toEqual({ stringValue: 'a@b.cn' })
    expect((await call(collector.http, { method: 'GET', path: '/metrics' })).body.toString()).toContain('skein_intake_masked_total{signal="logs"} 7\n')
  })

  it('mutated requests get 200 or 400, never silence and never another code', async () => {
    const random = seededRandom(20_260_105)
    for (let round = 0; round < 200; round++) {
      const body = mutated(good, random)
      expect([200, 400], body.toString('base64')).toContain((await post({ body })).code)
      if (round % 8 === 0) expect([0, 3]).toContain((await rpc(body)).code)
    }
    expect(collector.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})
