import { jaegerDependencies, jaegerNames, jaegerOperations, jaegerProblem, jaegerTraces } from '@skein/schemas/api/jaeger'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../app.ts'
import { answerOf } from '../testing/answers.ts'
import { NOW_MS, storeIn, testDeps } from '../testing/test-app.ts'

const NOW_US = NOW_MS * 1000
const MINUTE_US = 60_000_000
const HOUR_US = 60 * MINUTE_US

describe('the Jaeger query API', () => {
  let app: FastifyInstance
  const get = (path: string) => app.inject({ url: `/jaeger/api/${path}`, headers: { host: 'localhost' } })
  const refused = (response: LightMyRequestResponse, status: number): string => {
    expect(response.statusCode, response.body).toBe(status)
    expect(response.headers['content-type']).toContain('application/json')
    const { errors } = jaegerProblem.strict().parse(response.json())
    expect(errors).toHaveLength(1)
    expect(errors?.[0]?.code).toBe(status)
    return errors?.[0]?.msg ?? ''
  }
  const search = async (query: string) => answerOf(jaegerTraces, await get(`traces?${query}`))
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it('names services and operations, with and without kinds', async () => {
    const services = answerOf(jaegerNames, await get('services'))
    expect(services).toMatchObject({ total: services.data.length, limit: 0, offset: 0, errors: null })
    expect(services.data).toEqual(expect.arrayContaining(['api-gateway', 'epg', '节目推荐']))
    expect(services.data).toEqual([...new Set(services.data)].sort())
    const names = answerOf(jaegerNames, await get('services/playback/operations')).data
    const operations = answerOf(jaegerOperations, await get('operations?service=playback')).data
    expect(operations).toContainEqual({ name: 'POST /play', spanKind: 'server' })
    expect(operations).toContainEqual({ name: 'License/Issue', spanKind: 'client' })
    expect(names).toEqual([...new Set(operations.map(({ name }) => name))])
    const clients = answerOf(jaegerOperations, await get('operations?service=playback&spanKind=client')).data
    expect(clients).toEqual(operations.filter(({ spanKind }) => spanKind === 'client'))
    expect(answerOf(jaegerNames, await get('services/%E8%8A%82%E7%9B%AE%E6%8E%A8%E8%8D%90/operations')).data).toContain('GET /推荐')
    expect(refused(await get('operations'), 400)).toContain("'service' is required")
  })

  it('finds whole traces, the newest first, of which one span has all that is asked', async () => {
    const found = await search(
      `service=playback&operation=License%2FIssue&tags=${encodeURIComponent('{"error":"true","server.address":"drm-license"}')}&limit=3&lookback=2h`,
    )
    expect(found).toMatchObject({ total: 0, limit: 0, offset: 0, errors: null })
    expect(found.data).toHaveLength(3)
    for (const trace of found.data) {
      const span = trace.spans.find(({ operationName, tags }) => operationName === 'License/Issue' && tags.some(({ key }) => key === 'error'))
      expect(trace.processes[span?.processID ?? '']?.serviceName).toBe('playback')
      expect(trace.spans.length).toBeGreaterThan(2)
    }
    const starts = found.data.map(({ spans }) => Math.min(...spans.map(({ startTime }) => startTime)))
    expect(starts).toEqual(starts.toSorted((a, b) => b - a))
  })

  it('keeps to start and end in µs, and to the duration of the span', async () => {
    const { data } = await search(
      `service=playback&start=${NOW_US - HOUR_US}&end=${NOW_US - HOUR_US / 2}&minDuration=5ms&maxDuration=60ms&tag=span.kind:server`,
    )
    expect(data.length).toBeGreaterThan(0)
    for (const { spans, processes } of data) {
      const start = Math.min(...spans.map(({ startTime }) => startTime))
      expect([start >= NOW_US - HOUR_US - MINUTE_US, start < NOW_US - HOUR_US / 2]).toEqual([true, true])
      const own = spans.filter(({ processID, tags }) => processes[processID]?.serviceName === 'playback' && tags.some(({ value }) => value === 'server'))
      expect(own.some(({ duration }) => duration >= 5000 && duration <= 60_000)).toBe(true)
    }
    expect((await search(`service=playback&start=${NOW_US}&end=${NOW_US - HOUR_US}`)).data).toEqual([])
    expect((await search('service=playback&tag=span.kind:nothing')).data).toEqual([])
  })

  it('reads traces by their ids, and says which are missing', async () => {
    const { data } = await search('service=epg&limit=2')
    const [one, other] = data.map(({ traceID }) => traceID)
    const both = await search(`traceID=${one}&traceID=${other?.toUpperCase()}&traceID=abc`)
    expect(both.data).toEqual(data)
    expect(both.errors).toEqual([{ msg: 'trace not found', traceID: 'abc'.padStart(32, '0') }])
    const [trace] = answerOf(jaegerTraces, await get(`traces/${one}?start=${NOW_US - HOUR_US}&end=${NOW_US}`)).data
    expect(trace).toEqual(data[0])
    expect(refused(await get('traces/abc'), 404)).toBe('trace not found')
    expect(refused(await get('traces/xyz'), 400)).toContain('trace ID')
  })

  it('draws who calls whom from the map: services alone, each pair once', async () => {
    const { data } = answerOf(jaegerDependencies, await get(`dependencies?endTs=${NOW_MS}&lookback=3600000`))
    const { nodes, edges } = (await app.inject({ url: '/api/topology?start=now-1h', headers: { host: 'localhost' } })).json<TopologyAnswer>()
    const named = new Map(nodes.map(({ id, name, kind }) => [id, kind === 'service' ? name : null]))
    const calls = edges
      .filter(({ source, target }) => named.get(source) === 'api-gateway' && named.get(target) === 'epg')
      .reduce((sum, edge) => sum + edge.calls, 0)
    expect(data.find(({ parent, child }) => parent === 'api-gateway' && child === 'epg')?.callCount).toBe(calls)
    expect(new Set(data.map(({ parent, child }) => `${parent} ${child}`)).size).toBe(data.length)
    expect(data.some(({ child }) => child.includes('postgresql'))).toBe(false)
    const epg = answerOf(jaegerDependencies, await get(`dependencies?endTs=${NOW_MS}&service=epg`)).data
    expect(epg.length).toBeGreaterThan(0)
    for (const { parent, child } of epg) expect([parent, child]).toContain('epg')
  })

  it.each([
    ['traces', "'service' is required"],
    ['traces?service=', "'service' is required"],
    ['traces?service=a&start=soon', "'start'"],
    ['traces?service=a&limit=many', "'limit'"],
    ['traces?service=a&minDuration=5', "'minDuration'"],
    ['traces?service=a&minDuration=5s&maxDuration=1s', "'maxDuration'"],
    ['traces?service=a&tag=novalue', "'tag'"],
    ['traces?service=a&tags=%7B', "'tags'"],
    ['traces?service=a&tags=%7B%22a%22%3A1%7D', "'tags'"],
    ['traces?traceID=xyz', 'trace ID'],
    ['dependencies?endTs=now', "'endTs'"],
    ['dependencies?lookback=1h', "'lookback'"],
  ])('%s is refused as Jaeger refuses', async (path, words) => {
    expect(refused(await get(path), 400)).toContain(words)
  })

  it('says in its words what it does not answer', async () => {
    expect(refused(await get('metrics/latencies?service=epg&quantile=0.95'), 501)).toContain('disabled')
    expect(refused(await get('metrics/minstep'), 501)).toContain('disabled')
    expect(refused(await get('quality-metrics'), 404)).toContain('nothing')
  })

  it('prints for people when asked', async () => {
    expect((await get('services?prettyPrint=true')).body).toContain('\n    "data": [\n        ')
    expect((await get('services?prettyPrint=false&unknown=1')).body).not.toContain('\n')
  })

  it('says in Jaeger’s words that the store is away, and answers an empty one with nothing', async () => {
    const away = await buildApp(testDeps({ store: storeIn('away') }))
    const response = await away.inject({ url: '/jaeger/api/services', headers: { host: 'localhost' } })
    expect(refused(response, 503)).toContain('ECONNREFUSED')
    expect(response.headers['retry-after']).toBe('5')
    await away.close()
    const empty = await buildApp(testDeps({ store: storeIn('empty') }))
    const ask = (path: string) => empty.inject({ url: `/jaeger/api/${path}`, headers: { host: 'localhost' } })
    expect(answerOf(jaegerNames, await ask('services'))).toMatchObject({ data: [], total: 0 })
    expect(answerOf(jaegerTraces, await ask('traces?service=a')).data).toEqual([])
    expect(answerOf(jaegerDependencies, await ask('dependencies')).data).toEqual([])
    await empty.close()
  })
})
