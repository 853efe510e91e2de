import { gzipSync, zstdCompressSync } from 'node:zlib'
import { LogFullError, LogUnavailableError } from '@skein/eventlog/errors'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { call, callGrpc, callRaw, partialOf } from './clients-for-tests.ts'
import { startCollector, type TestCollector } from './collector-for-tests.ts'
import { encodeMessage } from './otlp-oracle.ts'
import { deepRequest, detailOf, span, statusOf } from './answers-for-tests.ts'
import { sampleRequest } from './sample-request.ts'

const KEYS = {
  good: { ok: true, tenant: 'acme', keyId: 'k1', type: 'sec' },
  app: { ok: true, tenant: 'acme', keyId: 'k2', type: 'pub' },
  gone: { ok: false, reason: 'revoked', tenant: 'acme', keyId: 'k3' },
} as const
const good = sampleRequest({ seed: 1, spans: 30, nowMs: Date.now() })
const JSON_HEADERS = { 'content-type': 'application/json' }

describe('answers', () => {
  let collector: TestCollector
  beforeEach(async () => {
    collector = await startCollector({ keys: KEYS, intake: { bodyBytes: 200_000 } })
  })
  afterEach(() => collector.stop())

  const records = (): number => collector.data().reduce((sum, { envelope }) => sum + (envelope.content === 1 ? envelope.records : 0), 0)

  it('all accepted: 200 and OK with nothing in the body', async () => {
    const reply = await call(collector.http, { body: good })
    expect([reply.code, reply.headers['content-type'], reply.body.length]).toEqual([200, 'application/x-protobuf', 0])
    expect(records()).toBe(30)
    expect(await callGrpc(collector.grpc, good)).toMatchObject({ code: 0, body: Buffer.alloc(0) })
    expect(records()).toBe(60)
  })

  it.each([
    ['gzip', gzipSync(good)],
    ['zstd', zstdCompressSync(good)],
    ['identity', good],
  ])('content encoding %s is understood', async (encoding, body) => {
    expect((await call(collector.http, { body, headers: { 'content-encoding': encoding } })).code).toBe(200)
    expect(records()).toBe(30)
  })

  it('an empty request is 200 and appends nothing', async () => {
    const empty = encodeMessage('ExportTraceServiceRequest', { resourceSpans: [{ resource: {}, scopeSpans: [{}] }] })
    for (const body of [Buffer.alloc(0), empty]) {
      expect((await call(collector.http, { body })).code).toBe(200)
      expect((await callGrpc(collector.grpc, body)).code).toBe(0)
    }
    const json = await call(collector.http, { body: '{}', headers: JSON_HEADERS })
    expect([json.code, json.body.toString(), json.headers['content-type']]).toEqual([200, '{}', 'application/json'])
    expect(collector.log.calls).toBe(0)
  })

  it.each([
    ['zero trace id', { traceId: Buffer.alloc(16) }],
    ['short trace id', { traceId: Buffer.alloc(8, 1) }],
    ['no span id', { spanId: Buffer.alloc(0) }],
    ['long parent id', { parentSpanId: Buffer.alloc(9, 1) }],
  ])('a record with a %s is rejected in a partial success', async (_name, fields) => {
    const reply = await call(collector.http, { body: span(fields) })
    expect(reply.code).toBe(200)
    expect(partialOf(reply.body)).toMatchObject({ rejected: 1, message: expect.stringContaining('id') })
    expect(partialOf((await callGrpc(collector.grpc, span(fields))).body)?.rejected).toBe(1)
    expect(collector.log.calls).toBe(0)
  })

  it('a record over the size limit is rejected and the others are taken', async () => {
    await collector.stop()
    collector = await startCollector({ intake: { recordBytes: 300 } })
    const big = span({ name: 'n'.repeat(400) })
    const small = span({ spanId: Buffer.alloc(8, 9) })
    const reply = await call(collector.http, { body: Buffer.concat([big, small]) })
    expect(partialOf(reply.body)?.rejected).toBe(1)
    expect(records()).toBe(1)
  })

  it.each([
    ['attributes', { attributes: Array.from({ length: 257 }, (_, i) => ({ key: `k${i}`, value: { boolValue: true } })) }, /256 attributes/],
    ['value bytes', { attributes: [{ key: 'k', value: { stringValue: 'x'.repeat(32 * 1024 + 1) } }] }, /values over/],
    ['key bytes', { attributes: [{ key: 'k'.repeat(257), value: { boolValue: true } }] }, /keys over/],
    ['events', { events: Array.from({ length: 129 }, () => ({ name: 'e' })) }, /128 events/],
    ['links', { links: Array.from({ length: 129 }, () => ({ spanId: Buffer.alloc(8, 1) })) }, /128 links/],
    ['a start long ago', { startTimeUnixNano: '1000000000000000000' }, /days ago/],
    ['a start in the future', { startTimeUnixNano: `${Date.now() + 3_600_000}000000`, endTimeUnixNano: `${Date.now() + 3_600_001}000000` }, /minutes from now/],
    ['an end before the start', { endTimeUnixNano: `${Date.now() - 1000}000000` }, /before the start/],
  ])('%s beyond a limit: accepted with a warning and nothing rejected', async (_name, fields, message) => {
    const reply = await call(collector.http, { body: span(fields) })
    expect(partialOf(reply.body)).toEqual({ rejected: 0, message: expect.stringMatching(message) })
    expect(records()).toBe(1)
  })

  it.each([
    ['garbage', Buffer.from('hello, this is not protobuf')],
    ['a cut-off request', good.subarray(0, good.length - 3)],
  ])('%s is 400 with BadRequest in the type of the request', async (_name, body) => {
    const reply = await call(collector.http, { body })
    expect([reply.code, reply.headers['content-type']]).toEqual([400, 'application/x-protobuf'])
    expect(statusOf(reply.body).code).toBe(3)
    expect(detailOf(statusOf(reply.body), 'BadRequest')).toMatchObject({ fieldViolations: [{ field: expect.any(String) }] })
    const grpc = await callGrpc(collector.grpc, body)
    expect(grpc.code).toBe(3)
    expect(detailOf(grpc.status, 'BadRequest')).not.toBeNull()
    expect(collector.log.calls).toBe(0)
  })

  it('broken JSON is 400 with a JSON status', async () => {
    const reply = await call(collector.http, { body: '{"resourceSpans": [', headers: JSON_HEADERS })
    expect([reply.code, reply.headers['content-type']]).toEqual([400, 'application/json'])
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      code: 3,
      details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'body' }] }],
    })
  })

  it('a bad gzip body is 400', async () => {
    const reply = await call(collector.http, { body: good, headers: { 'content-encoding': 'gzip' } })
    expect([reply.code, statusOf(reply.body).code]).toEqual([400, 3])
    const framed = Buffer.concat([Buffer.from([1, 0, 0, 0, 4]), Buffer.from('junk')])
    expect(await callRaw(collector.grpcPort, { 'grpc-encoding': 'gzip' }, framed)).toMatchObject({ ':status': 200, 'grpc-status': '3' })
  })

  it('a value nested beyond the hard limit is 400', async () => {
    for (const [depth, code, message] of [
      [64, 200, /deeper than 16/],
      [65, 400, /nested deeper than 64/],
    ] as const) {
      const body = deepRequest(depth)
      const reply = await call(collector.http, { body })
      expect([reply.code, (code === 200 ? partialOf(reply.body) : statusOf(reply.body))?.message]).toEqual([code, expect.stringMatching(message)])
      expect((await callGrpc(collector.grpc, body)).code).toBe(code === 200 ? 0 : 3)
    }
  })

  it('no key from a proxied or foreign caller and an unknown key are 401', async () => {
    for (const headers of [
      { authorization: 'Bearer nonsense' },
      { 'x-skein-key': 'nonsense' },
      { origin: 'http://evil.example' },
      { 'x-forwarded-for': '1.2.3.4' },
      { forwarded: 'for=x' },
      { host: 'evil.example' },
    ]) {
      const reply = await call(collector.http, { body: good, headers: headers as Record<string, string> })
      expect([JSON.stringify(headers), reply.code, statusOf(reply.body).code, reply.headers['www-authenticate']]).toEqual([
        JSON.stringify(headers),
        401,
        16,
        'Bearer realm="skein"',
      ])
    }
    expect((await callGrpc(collector.grpc, good, { headers: { authorization: 'Bearer nonsense' } })).code).toBe(16)
    expect((await callGrpc(collector.grpc, good, { headers: { 'x-forwarded-for': '1.2.3.4' } })).code).toBe(16)
    expect(collector.log.calls).toBe(0)
  })

  it('a revoked key and a key of another type are 403', async () => {
    for (const key of ['gone', 'app']) {
      expect((await call(collector.http, { body: good, headers: { 'x-skein-key': key } })).code).toBe(403)
      expect((await callGrpc(collector.grpc, good, { headers: { 'x-skein-key': key } })).code).toBe(7)
    }
  })

  it('the tenant is the key’s, by any of three ways to send it', async () => {
    const basic = Buffer.from('anyone:good').toString('base64')
    for (const headers of [{ authorization: 'Bearer good' }, { authorization: `Basic ${basic}` }, { 'x-skein-key': 'good' }]) {
      expect((await call(collector.http, { body: good, headers: headers as Record<string, string> })).code).toBe(200)
      expect((await callGrpc(collector.grpc, good, { headers: headers as Record<string, string> })).code).toBe(0)
    }
    expect(new Set(collector.data().map(({ envelope }) => `${envelope.tenant}/${envelope.keyId}`))).toEqual(new Set(['acme/k1']))
  })

  it('an unknown path is 404 and UNIMPLEMENTED, a wrong method 405 with Allow', async () => {
    const nothing = await call(collector.http, { path: '/v1/nothing' })
    expect([nothing.code, nothing.body.toString()]).toEqual([404, expect.stringContaining('/v1/traces')])
    const reply = await call(collector.http, { method: 'GET' })
    expect([reply.code, reply.headers['allow']]).toEqual([405, 'POST'])
    expect((await callGrpc(collector.grpc, good, { path: '/some.Service/Method' })).code).toBe(12)
  })

  it('another content type is 415 with a JSON status; parameters are allowed', async () => {
    const reply = await call(collector.http, { body: good, headers: { 'content-type': 'text/plain' } })
    expect([reply.code, reply.headers['content-type'], JSON.parse(reply.body.toString()).code]).toEqual([415, 'application/json', 12])
    expect((await call(collector.http, { body: good, headers: { 'content-type': 'Application/X-Protobuf; v=1' } })).code).toBe(200)
  })

  it('another content encoding is 415 with Accept-Encoding', async () => {
    const reply = await call(collector.http, { body: good, headers: { 'content-encoding': 'br' } })
    expect([reply.code, reply.headers['accept-encoding']]).toEqual([415, 'gzip, zstd'])
  })

  it('a body too large, raw or decoded, is 413 and RESOURCE_EXHAUSTED without RetryInfo', async () => {
    const large = Buffer.alloc(200_001, 'x')
    for (const reply of [
      await call(collector.http, { body: large }),
      await call(collector.http, { body: gzipSync(large), headers: { 'content-encoding': 'gzip' } }),
      await call(collector.http, { body: zstdCompressSync(large), headers: { 'content-encoding': 'zstd' } }),
    ]) {
      expect([reply.code, statusOf(reply.body).code, reply.headers['retry-after']]).toEqual([413, 8, undefined])
    }
    for (const gzip of [false, true]) {
      const reply = await callGrpc(collector.grpc, large, { gzip })
      expect([reply.code, detailOf(reply.status, 'RetryInfo')]).toEqual([8, null])
    }
  })

  it('too many records are 413', async () => {
    await collector.stop()
    collector = await startCollector({ intake: { records: 10 } })
    expect((await call(collector.http, { body: good })).code).toBe(413)
    expect((await callGrpc(collector.grpc, good)).code).toBe(8)
  })

  it.each([
    ['full', new LogFullError('full'), 30],
    ['unreachable', new LogUnavailableError('away'), 2],
    ['broken', new Error('anything else'), 2],
  ])('a %s log is 503 with Retry-After and UNAVAILABLE with RetryInfo', async (_name, error, seconds) => {
    collector.log.failWith(error)
    const reply = await call(collector.http, { body: good })
    expect([reply.code, reply.headers['retry-after'], statusOf(reply.body).code]).toEqual([503, String(seconds), 14])
    const grpc = await callGrpc(collector.grpc, good)
    expect([grpc.code, detailOf(grpc.status, 'RetryInfo')]).toEqual([14, { retryDelay: { seconds: String(seconds) } }])
    const json = await call(collector.http, {
      body: '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"}]}]}]}',
      headers: JSON_HEADERS,
    })
    expect(JSON.parse(json.body.toString()).details[0]).toEqual({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` })
  })

  it('a log that does not confirm in time is 503, and nothing is said before it confirms', async () => {
    await collector.stop()
    collector = await startCollector({ intake: { ackMs: 80 } })
    const release = collector.log.hold()
    const started = performance.now()
    expect((await call(collector.http, { body: good })).code).toBe(503)
    expect(performance.now() - started).toBeGreaterThan(70)
    const waiting = call(collector.http, { body: good })
    setTimeout(release, 30)
    expect((await waiting).code).toBe(200)
  })

  it('the wait is spread by a fifth to either side', async () => {
    const waits = new Set<string>()
    for (const random of [0, 0.999]) {
      await collector.stop()
      collector = await startCollector({ random: () => random })
      collector.log.failWith(new LogFullError('full'))
      waits.add(String((await call(collector.http, { body: good })).headers['retry-after']))
    }
    expect(waits).toEqual(new Set(['24', '36']))
  })

  it('metrics are not stored yet, and say so for every data point', async () => {
    const metrics = [{ name: 'a', gauge: { dataPoints: [{}, {}] } }, { name: 'b', summary: { dataPoints: [{}] } }, { name: 'c' }]
    const body = encodeMessage('ExportMetricsServiceRequest', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
    const reply = await call(collector.http, { path: '/v1/metrics', body })
    expect(reply.code).toBe(200)
    expect(partialOf(reply.body)).toEqual({ rejected: 3, message: expect.stringContaining('stores traces and logs only') })
    expect(partialOf((await callGrpc(collector.grpc, body, { service: 'metrics' })).body)?.rejected).toBe(3)
    const empty = await call(collector.http, { path: '/v1/metrics' })
    expect([empty.code, empty.body.length]).toEqual([200, 0])
    expect(collector.log.calls).toBe(0)
  })

  it('gRPC with a type that is not gRPC is HTTP 415', async () => {
    expect(await callRaw(collector.grpcPort, { 'content-type': 'text/plain' }, good)).toMatchObject({ ':status': 415 })
  })

  it('another gRPC encoding is UNIMPLEMENTED and says which there are', async () => {
    const reply = await callRaw(collector.grpcPort, { 'grpc-encoding': 'snappy' }, good)
    expect(reply).toMatchObject({ ':status': 200, 'grpc-status': '12', 'grpc-accept-encoding': 'identity,gzip,zstd' })
  })

  it.each([
    ['two messages', Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['half a message', Buffer.from([0, 0, 0, 0, 9, 1])],
    ['no message', Buffer.alloc(0)],
  ])('a call with %s is INVALID_ARGUMENT', async (_name, bytes) => {
    expect(await callRaw(collector.grpcPort, {}, bytes)).toMatchObject({ 'grpc-status': '3' })
  })
})
