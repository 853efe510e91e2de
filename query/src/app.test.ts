import { intakeAnswer } from '@skein/schemas/api/intake'
import { instancesAnswer, operationsAnswer, seriesAnswer, serviceAnswer, servicesAnswer } from '@skein/schemas/api/services'
import { statusAnswer } from '@skein/schemas/api/status'
import { edgeAnswer, topologyAnswer, type TopologyAnswer } from '@skein/schemas/api/topology'
import { traceAnswer, tracesAnswer, type TracesAnswer } from '@skein/schemas/api/traces'
import { edgeId } from '@skein/schemas/topology'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from './app.ts'
import { answerOf, problemIn } from './testing/answers.ts'
import { testDeps } from './testing/test-app.ts'
import { EDGES } from './testing/tv-operator.ts'

describe('the API over a busy store', () => {
  let app: FastifyInstance
  const get = (url: string) => app.inject({ method: 'GET', url, headers: { host: 'localhost' } })
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it('tells its status', async () => {
    const status = answerOf(statusAnswer, await get('/api/status'))
    expect(status).toMatchObject({
      tenant: 'default',
      mode: 'embedded',
      store: { ok: true },
      log: { ok: true, lagRecords: 10 },
      environments: ['production', 'staging'],
    })
    expect(status.clusters).toEqual(['lab', 'north-1', 'south-1'])
    expect(status.spansPerSecond).toBeGreaterThan(1000)
    expect(status.behindMs).toBe(640)
    expect([status.droppedLastHour, status.refusedLastHour]).toEqual([12, 4500])
  })

  it('draws the topology, every edge with evidence', async () => {
    const topology = answerOf(topologyAnswer, await get('/api/topology?start=now-1h'))
    expect(topology.window).toEqual({ start: '2026-11-22T11:12:00.000Z', end: '2026-11-22T12:13:00.000Z' })
    expect(new Set(topology.edges.map((edge) => edge.kind)).size).toBe(8)
    expect(new Set(topology.edges.map((edge) => edge.health))).toEqual(new Set(['ok', 'degraded', 'bad', 'unknown']))
    for (const edge of topology.edges) expect(Object.values(edge.evidence).reduce((sum, count) => sum + count, 0)).toBe(edge.calls)
  })

  it('names peers at read time: by service name and by instance address', async () => {
    const { nodes, edges } = answerOf(topologyAnswer, await get('/api/topology'))
    expect(nodes.some((node) => node.kind === 'external' && (node.name === '节目推荐' || node.name.startsWith('203.0.113')))).toBe(false)
    const idOf = (name: string) => nodes.find((node) => node.name === name && node.environment === 'production')?.id
    expect(edges.find((edge) => edge.source === idOf('notification') && edge.target === idOf('billing'))?.evidence.clientOnly).toBeGreaterThan(0)
    expect(edges.find((edge) => edge.source === idOf('recommend') && edge.target === idOf('节目推荐'))).toBeDefined()
  })

  it('narrows the topology by scope and focus', async () => {
    const staging = answerOf(topologyAnswer, await get('/api/topology?environment=staging'))
    expect(staging.nodes.map((node) => node.environment)).toEqual(['staging', 'staging'])
    const near = answerOf(topologyAnswer, await get('/api/topology?service=payment&environment=production&depth=1'))
    expect(near.nodes.map((node) => node.name).toSorted()).toEqual(['api.bank.example', 'billing', 'payment'])
  })

  it('shows one edge by minute and operation, with examples that can be opened', async () => {
    const topology = (await get('/api/topology')).json<TopologyAnswer>()
    const drm = topology.nodes.find((node) => node.name === 'drm-license')
    const id = topology.edges.find((edge) => edge.target === drm?.id)?.id ?? ''
    const edge = answerOf(edgeAnswer, await get(`/api/topology/edges/${id.toUpperCase()}`))
    expect(edge).toMatchObject({ edge: { id, kind: 'rpc', health: 'bad' }, source: { name: 'playback' }, target: { name: 'drm-license', calls: drm?.calls } })
    expect(edge.series).toHaveLength(61)
    expect(edge.series.reduce((sum, point) => sum + point.calls, 0)).toBe(edge.edge.calls)
    expect(edge.edge.exemplars.length).toBeGreaterThan(3)
    const [example] = edge.edge.exemplars
    const trace = answerOf(traceAnswer, await get(`/api/traces/${example?.traceId}?around=now-30m`))
    expect(trace.spans.find((span) => span.spanId === example?.spanId)).toMatchObject({ service: 'playback', name: 'License/Issue' })
  })

  it('finds an edge by the id it had before its peer was named', async () => {
    const half = EDGES.find((edge) => edge.target.name === '203.0.113.7')
    if (half === undefined) throw new Error('the fake operator has such an edge')
    const edge = answerOf(edgeAnswer, await get(`/api/topology/edges/${edgeId(half.source, half.target, half.kind)}`))
    expect(edge.target).toMatchObject({ kind: 'service', name: 'billing' })
  })

  it('lists services, one service, its operations, instances and series', async () => {
    expect(answerOf(servicesAnswer, await get('/api/services')).services).toHaveLength(23)
    expect(answerOf(servicesAnswer, await get('/api/services?environment=staging')).services).toHaveLength(2)
    expect(answerOf(serviceAnswer, await get('/api/services/epg')).services).toHaveLength(2)
    expect(answerOf(serviceAnswer, await get('/api/services/%E8%8A%82%E7%9B%AE%E6%8E%A8%E8%8D%90')).services).toMatchObject([{ name: '节目推荐' }])
    expect(answerOf(operationsAnswer, await get('/api/services/epg/operations')).truncated).toBe(false)
    expect(answerOf(operationsAnswer, await get('/api/services/epg/operations')).operations).toMatchObject([
      { operation: 'GET /epg', kind: 'server' },
      { operation: 'GET /epg/now' },
    ])
    expect(answerOf(instancesAnswer, await get('/api/services/epg/instances?environment=production')).instances).toHaveLength(4)
    const series = answerOf(seriesAnswer, await get('/api/services/epg/series?start=now-24h'))
    expect(series.stepSeconds).toBe(300)
    expect(series.points.length).toBeLessThanOrEqual(300)
  })

  it('has minutes without calls in a series, as no calls and no percentiles', async () => {
    const series = answerOf(seriesAnswer, await get('/api/services/epg/series?start=now-10m&end=2026-11-22T12:20:00Z'))
    expect(series.points.at(-1)).toEqual({ time: '2026-11-22T12:19:00.000Z', calls: 0, errors: 0, p50Ms: null, p95Ms: null, p99Ms: null })
  })

  it('finds traces page by page, each once, in a window that stands still', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: TracesAnswer = answerOf(tracesAnswer, await get(`/api/traces?limit=50${cursor === null ? '' : `&cursor=${cursor}`}`))
      expect(page.window).toEqual({ start: '2026-11-22T11:12:00.000Z', end: '2026-11-22T12:13:00.000Z' })
      seen.push(...page.traces.map((trace) => trace.traceId))
      cursor = page.cursor
    } while (cursor !== null)
    expect(seen.length).toBeGreaterThan(200)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('refuses a cursor of another question', async () => {
    const { cursor } = (await get('/api/traces?limit=1&service=epg')).json<TracesAnswer>()
    const foreign = problemIn(await get(`/api/traces?limit=1&service=play&cursor=${cursor}`), 400, 'invalid_parameter')
    expect(foreign.errors).toEqual([{ parameter: 'cursor', message: 'belongs to another question' }])
    problemIn(await get('/api/traces?cursor=%00%FF'), 400, 'invalid_parameter')
  })

  it('searches by attribute, error and length, the longest first', async () => {
    const failed = answerOf(tracesAnswer, await get('/api/traces?service=playback&error=true&attr=server.address%3Ddrm-license&limit=5'))
    expect(failed.traces.length).toBeGreaterThan(0)
    expect(failed.traces.every((trace) => trace.errors > 0 && trace.services.includes('drm-license'))).toBe(true)
    const longest = answerOf(tracesAnswer, await get('/api/traces?sort=longest&limit=3&minMs=30'))
    expect(longest.traces[0]).toMatchObject({ spanCount: 5000, entry: { service: 'recorder', operation: 'nightly plan' } })
  })

  it('searches by an edge of the map, and refuses a caller without a callee', async () => {
    const { traces } = answerOf(tracesAnswer, await get('/api/traces?caller=playback&callee=drm-license&limit=5'))
    expect(traces.length).toBeGreaterThan(0)
    for (const { services } of traces) expect(services).toEqual(expect.arrayContaining(['playback', 'drm-license']))
    for (const path of ['/api/traces?', '/api/traces/points?', '/api/traces/facets?', '/api/traces/comparison?selError=true&']) {
      expect((await get(`${path}caller=playback&callee=drm-license`)).statusCode).toBe(200)
      problemIn(await get(`${path}caller=playback`), 400, 'invalid_parameter')
    }
    expect(answerOf(tracesAnswer, await get('/api/traces?caller=drm-license&callee=playback')).traces).toEqual([])
  })

  it('answers a trace of 5,000 spans whole, and its id in either case', async () => {
    const [longest] = (await get('/api/traces?sort=longest&limit=1')).json<TracesAnswer>().traces
    const trace = answerOf(traceAnswer, await get(`/api/traces/${longest?.traceId.toUpperCase()}`))
    expect(trace).toMatchObject({ traceId: longest?.traceId, truncated: false, notes: [] })
    expect(trace.spans).toHaveLength(5000)
    for (const span of trace.spans) expect(trace.resources[span.resource]).toBeDefined()
    const root = trace.spans.find((span) => span.parentSpanId === '')
    expect(trace.criticalPath.length).toBeGreaterThan(5000)
    const sections = trace.criticalPath.map(({ startUnixNano, endUnixNano }) => [startUnixNano, endUnixNano])
    expect(sections.slice(1).map(([start]) => start)).toEqual(sections.slice(0, -1).map(([, end]) => end))
    expect([sections[0]?.[0], sections.at(-1)?.[1]]).toEqual([root?.startTimeUnixNano, root?.endTimeUnixNano])
  })

  it('tells what came in, and what did not, by reason', async () => {
    const intake = answerOf(intakeAnswer, await get('/api/intake'))
    expect(intake.outcomes.map((outcome) => [outcome.kind, outcome.reason])).toContainEqual(['refused', 'intake_inflight_bytes'])
    for (const point of intake.series) expect(point.spans + point.logRecords).toBe(point.accepted)
    expect(intake.series.reduce((sum, point) => sum + point.accepted, 0)).toBe(intake.accepted)
    expect(intake.signals.map(({ signal }) => signal)).toEqual(['traces', 'logs'])
    expect(intake.signals.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(intake.accepted)
    for (const { accepted, visible, byRule, repeats, dead } of intake.signals) expect(visible + byRule + repeats + dead).toBe(accepted)
    expect(intake.signals[1]?.byRule).toBeGreaterThan(0)
    expect(intake.lag).toEqual([{ topic: 'skein.traces', partition: 0, committed: 90, end: 100, lag: 10 }])
  })
})
