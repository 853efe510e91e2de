import { LogFullError } from '@skein/eventlog/errors'
import { Content, Signal } from '@skein/schemas/envelope'
import { outcomeBatch } from '@skein/schemas/outcomes'
import { Topic } from '@skein/schemas/topics'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { call, callGrpc } from './clients-for-tests.ts'
import { startCollector, type TestCollector } from './collector-for-tests.ts'
import { encodeMessage } from './otlp-oracle.ts'
import { sampleLogs, sampleRequest } from './sample-request.ts'

const good = sampleRequest({ seed: 1, spans: 30, nowMs: Date.now() })
/** For what comes at once on a machine that does nothing else. */
const PATIENCE_MS = 10_000
const KEYS = { good: { ok: true, tenant: 'acme', keyId: 'k1', type: 'sec' } } as const

describe('collector', () => {
  let collector: TestCollector
  beforeEach(async () => {
    collector = await startCollector({ keys: KEYS })
  })
  afterEach(() => collector.stop())

  function outcomes(): { tenant: string; keyId: string; kind: string; reason: string; requests: number; records: number }[] {
    return collector.log.appended
      .filter(({ topic }) => topic === Topic.outcomes)
      .flatMap(({ envelope }) => {
        expect([envelope.signal, envelope.content]).toEqual([Signal.outcomes, Content.json])
        return outcomeBatch.parse(JSON.parse(Buffer.from(envelope.payload).toString())).outcomes.map((each) => ({ tenant: envelope.tenant, ...each }))
      })
  }

  /** Resolves when that many requests of `good` wait for the log, each with its body and its envelopes. */
  async function inFlight(requests: number): Promise<void> {
    const heldBytes = async (): Promise<number> => {
      const { body } = await call(collector.http, { method: 'GET', path: '/metrics' })
      return Number(/skein_intake_inflight_bytes (\d+)/.exec(body.toString())?.[1])
    }
    await expect.poll(heldBytes, { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(2 * good.length * requests)
  }

  it('a retry carries the same batch ids, by either transport and encoding', async () => {
    await call(collector.http, { body: good })
    const first = collector.data().map(({ partition, envelope }) => [partition, Buffer.from(envelope.requestId).toString('hex'), envelope.part, envelope.parts])
    await callGrpc(collector.grpc, good)
    const second = collector.data().slice(first.length)
    expect(second.map(({ partition, envelope }) => [partition, Buffer.from(envelope.requestId).toString('hex'), envelope.part, envelope.parts])).toEqual(first)
    expect(first.length).toBeGreaterThan(1)
  })

  it('the same spans sent to two tenants are two requests', async () => {
    await call(collector.http, { body: good })
    await call(collector.http, { body: good, headers: { 'x-skein-key': 'good' } })
    const ids = new Map(collector.data().map(({ envelope }) => [envelope.tenant, Buffer.from(envelope.requestId).toString('hex')]))
    expect([...ids.keys()]).toEqual(['default', 'acme'])
    expect(ids.get('default')).not.toBe(ids.get('acme'))
  })

  it('requests that wait together are appended together', async () => {
    const release = collector.log.hold()
    const waiting = Array.from({ length: 40 }, () => call(collector.http, { body: good }))
    await inFlight(40)
    release()
    expect((await Promise.all(waiting)).every(({ code }) => code === 200)).toBe(true)
    expect(collector.log.calls).toBeLessThan(12)
  })

  it('stopping answers what is under way, refuses what is new, and delivers the counts', async () => {
    await call(collector.http, { body: Buffer.from('junk!'), headers: { 'x-skein-key': 'good' } })
    const release = collector.log.hold()
    const [http, grpc] = [call(collector.http, { body: good }), callGrpc(collector.grpc, good)]
    await inFlight(2)
    const stopping = collector.stop(PATIENCE_MS)
    await expect(call(collector.http, { body: good })).rejects.toThrow()
    release()
    expect([(await http).code, (await grpc).code]).toEqual([200, 0])
    expect(await stopping).toEqual({ remaining: 0 })
    expect(outcomes()).toMatchObject([{ tenant: 'acme', keyId: 'k1', kind: 'refused', reason: 'malformed', requests: 1 }])
  })

  it('stopping does not wait beyond its deadline', async () => {
    await call(collector.http, { body: Buffer.from('junk!') })
    const release = collector.log.hold()
    const answer = call(collector.http, { body: good }).catch((error: Error) => error)
    await expect.poll(() => collector.log.calls, { timeout: PATIENCE_MS }).toBe(1)
    // The append never settles before `release`: a stop that waited for it would hang.
    const { remaining } = await collector.stop(150)
    expect(remaining).toBe(1)
    expect(await answer).toBeInstanceOf(Error)
    release()
  })

  it('every refusal is counted by tenant, key and reason, and counts survive a log that fails', async () => {
    const bad = encodeMessage('ExportTraceServiceRequest', { resourceSpans: [{ scopeSpans: [{ spans: [{}, {}] }] }] })
    await call(collector.http, { body: good, headers: { 'x-skein-key': 'wrong' } })
    await callGrpc(collector.grpc, bad, { headers: { 'x-skein-key': 'good' } })
    await call(collector.http, {
      path: '/v1/metrics',
      body: encodeMessage('ExportMetricsServiceRequest', {
        resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'a', gauge: { dataPoints: [{}, {}, {}] } }] }] }],
      }),
    })
    collector.log.failWith(new LogFullError('full'))
    await call(collector.http, { body: good })
    collector.log.failWith(null)
    await collector.stop()
    expect(outcomes().map(({ tenant, keyId, reason, requests, records }) => [tenant, keyId, reason, requests, records])).toEqual([
      ['default', '', 'unauthenticated', 1, 0],
      ['default', '', 'signal_not_stored', 1, 3],
      ['default', '', 'log_full', 1, 30],
      ['acme', 'k1', 'bad_id', 1, 2],
    ])
  })

  it('a taken port is an error of the start, and leaves no other port taken', async () => {
    const httpPort = collector.httpPort
    await expect(startCollector({ ports: { otlpHttp: 0, otlpGrpc: collector.grpcPort } })).rejects.toThrow('EADDRINUSE')
    await expect(startCollector({ ports: { otlpHttp: httpPort, otlpGrpc: 0 } })).rejects.toThrow('EADDRINUSE')
  })

  it('silent partitions of a topic get heartbeats once there is data in it', async () => {
    const beats = (of: Topic): number => collector.log.appended.filter(({ topic, envelope }) => topic === of && envelope.content === Content.heartbeat).length
    await call(collector.http, { body: good })
    await expect.poll(() => beats(Topic.traces), { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(4)
    expect(beats(Topic.logs)).toBe(0)
    await call(collector.http, { path: '/v1/logs', body: sampleLogs({ seed: 1, records: 10, nowMs: Date.now() }) })
    await expect.poll(() => beats(Topic.logs), { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(3)
  })

  it('livez, readyz and metrics answer people and probes', async () => {
    expect((await call(collector.http, { method: 'GET', path: '/livez' })).code).toBe(200)
    expect((await call(collector.http, { method: 'GET', path: '/readyz' })).code).toBe(200)
    await call(collector.http, { body: good })
    await call(collector.http, { body: Buffer.from('junk!') })
    const metrics = await call(collector.http, { method: 'GET', path: '/metrics' })
    const text = metrics.body.toString()
    expect(text).toContain('skein_intake_records_total{signal="traces"} 30\n')
    expect(text).toContain('skein_intake_refused_total{reason="malformed"} 1\n')
    expect(text).toContain('skein_append_seconds_count 1\n')
    expect(text).toContain('skein_intake_inflight_bytes 0\n')
    expect((await call(collector.http, { method: 'GET', path: '/metrics', headers: { host: 'evil.example' } })).code).toBe(403)
    expect((await call(collector.http, { method: 'POST', path: '/livez' })).headers['allow']).toBe('GET, HEAD')
  })

  it('readyz is 503 with the reason when nothing can be made durable', async () => {
    collector.log.failWith(new LogFullError('full'))
    const reply = await call(collector.http, { method: 'GET', path: '/readyz' })
    expect([reply.code, reply.body.toString()]).toEqual([503, expect.stringContaining('there is no room')])
  })

  it('one event is logged ten times a minute, without payloads', async () => {
    collector.log.failWith(new Error('disk on fire'))
    for (let i = 0; i < 25; i++) await call(collector.http, { body: good })
    const lines = collector.lines.filter(({ event }) => event === 'append_failed')
    expect(lines).toHaveLength(10)
    expect(lines[0]).toMatchObject({ level: 'warn', err: 'Error: disk on fire' })
  })
})
