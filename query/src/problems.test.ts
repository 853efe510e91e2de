import { intakeAnswer } from '@skein/schemas/api/intake'
import { servicesAnswer } from '@skein/schemas/api/services'
import { statusAnswer } from '@skein/schemas/api/status'
import { topologyAnswer } from '@skein/schemas/api/topology'
import { traceAnswer, tracesAnswer } from '@skein/schemas/api/traces'
import { configSchema } from '@skein/schemas/config'
import type { Store } from '@skein/store/contract'
import { QueryLimitError, StoreVersionError } from '@skein/store/errors'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from './app.ts'
import { answerOf, problemIn } from './testing/answers.ts'
import { storeIn, testDeps } from './testing/test-app.ts'

const READS = [
  '/api/topology',
  '/api/topology/edges/0123456789abcdef',
  '/api/services',
  '/api/services/epg',
  '/api/services/epg/operations',
  '/api/services/epg/instances',
  '/api/services/epg/series',
  '/api/traces',
  `/api/traces/${'ab'.repeat(16)}`,
  '/api/intake',
  '/api/events',
  '/api/topology/diff',
  '/api/topology/frames',
  '/api/traces/comparison?selError=true',
  '/api/traces/facets',
  '/api/traces/attributes',
]

describe('a question that cannot be answered', () => {
  let app: FastifyInstance
  const get = (url: string) => app.inject({ method: 'GET', url, headers: { host: 'localhost' } })
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it.each([
    ['/api/topology?start=yesterday', 'start'],
    ['/api/topology?start=now&end=now-1h', 'start'],
    ['/api/topology?depth=0&service=epg', 'depth'],
    ['/api/topology?depth=1.5', 'depth'],
    ['/api/topology?enviroment=production', 'enviroment'],
    ['/api/topology?service=a&service=b', 'service'],
    ['/api/services?end=2026-11-22', 'end'],
    ['/api/services/epg/series?start=now-1y', 'start'],
    ['/api/traces?limit=0', 'limit'],
    ['/api/traces?limit=501', 'limit'],
    ['/api/traces?minMs=-1', 'minMs'],
    ['/api/traces?minMs=5&maxMs=1', 'minMs'],
    ['/api/traces?error=maybe', 'error'],
    ['/api/traces?sort=random', 'sort'],
    ['/api/traces?attr=novalue', 'attr'],
    ['/api/traces?attr==x', 'attr'],
    [`/api/traces?${'attr=a%3Db&'.repeat(17)}`, 'attr'],
    ['/api/traces/xyz', 'traceId'],
    [`/api/traces/${'0'.repeat(32)}`, 'traceId'],
    [`/api/traces/${'ab'.repeat(16)}?around=soon`, 'around'],
    ['/api/topology/edges/xyz', 'id'],
    ['/api/intake?start=%F0%9F%93%BA', 'start'],
  ])('%s is refused, and the parameter is named', async (url, parameter) => {
    const { errors } = problemIn(await get(url), 400, 'invalid_parameter')
    expect(errors?.map((error) => error.parameter)).toEqual([parameter])
  })

  it.each([
    ['/api/services/nobody', 'service_not_found'],
    ['/api/services/epg?environment=nowhere', 'service_not_found'],
    ['/api/services/nobody/operations', 'service_not_found'],
    ['/api/services/nobody/instances', 'service_not_found'],
    ['/api/services/nobody/series', 'service_not_found'],
    [`/api/traces/${'ab'.repeat(16)}`, 'trace_not_found'],
    ['/api/topology/edges/0123456789abcdef', 'edge_not_found'],
    ['/api/nothing', 'not_found'],
    ['/api/services/epg/nothing', 'not_found'],
  ])('%s is not there, and the answer says what to do', async (url, code) => {
    expect(problemIn(await get(url), 404, code).hint).toMatch(/\w/)
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is not answered', async (method) => {
    const response = await app.inject({ method, url: '/api/status', headers: { host: 'localhost', 'content-type': 'application/json' }, payload: '{}' })
    problemIn(response, 405, 'method_not_allowed')
    expect(response.headers.allow).toBe('GET, HEAD')
  })
})

describe('what a caller says', () => {
  const HOSTILE = [
    "' OR 1=1 --",
    '"; DROP TABLE spans; --',
    '{tenant:String}',
    '\u0000',
    '../../etc/passwd',
    '<script>alert(1)</script>',
    '%s%n',
    '__proto__',
    '\ud83d\ude00',
    '节目',
    'a'.repeat(900),
  ]

  it.each(HOSTILE)('%j reaches the store as the value it is, and nothing else', async (hostile) => {
    const asked: unknown[] = []
    const store = storeIn('empty')
    const services: Store['services'] = {
      ...store.services,
      services: async (_window, name) => (asked.push(name), []),
      operations: async (_window, key) => (asked.push(key.service), []),
    }
    const traces: Store['traces'] = { ...store.traces, search: async (search) => (asked.push(search.service, search.attributes), []) }
    const app = await buildApp(testDeps({ store: { ...store, services, traces } }))
    const value = encodeURIComponent(hostile)
    const headers = { host: 'localhost' }
    expect((await app.inject({ url: `/api/services/${value}`, headers })).statusCode).toBe(404)
    expect((await app.inject({ url: `/api/services/${value}/operations`, headers })).statusCode).toBe(404)
    const found = await app.inject({ url: `/api/traces?service=${value}&attr=${value}%3D${value}`, headers })
    expect(found.statusCode).toBe(hostile === '' ? 400 : 200)
    expect(asked).toEqual([
      hostile,
      hostile,
      hostile,
      hostile,
      [{ key: hostile.split('=', 1)[0], value: `${hostile}=${hostile}`.slice((hostile.split('=', 1)[0]?.length ?? 0) + 1) }],
      undefined,
    ])
    await app.close()
  })

  it('never reaches the store as a tenant', async () => {
    const tenants = new Set<string>()
    const store = storeIn('empty')
    const traces: Store['traces'] = { ...store.traces, search: async (search) => (tenants.add(search.tenant), []) }
    const app = await buildApp(testDeps({ store: { ...store, traces } }))
    await app.inject({ url: '/api/traces', headers: { host: 'localhost', 'x-tenant': 'other', 'x-scope-orgid': 'other', cookie: 'tenant=other' } })
    expect((await app.inject({ url: '/api/traces?tenant=other', headers: { host: 'localhost' } })).statusCode).toBe(400)
    expect(tenants).toEqual(new Set(['default']))
    await app.close()
  })
})

describe('an empty store', () => {
  it('is answered with why there is nothing', async () => {
    const app = await buildApp(testDeps({ store: storeIn('empty') }))
    const get = (url: string) => app.inject({ url, headers: { host: 'localhost' } })
    expect(answerOf(topologyAnswer, await get('/api/topology'))).toMatchObject({ nodes: [], edges: [], notes: [{ code: 'no_spans' }] })
    expect(answerOf(servicesAnswer, await get('/api/services'))).toMatchObject({ services: [], notes: [{ code: 'no_spans' }] })
    expect(answerOf(tracesAnswer, await get('/api/traces'))).toMatchObject({ traces: [], cursor: null, notes: [{ code: 'no_spans' }] })
    expect(answerOf(statusAnswer, await get('/api/status'))).toMatchObject({ newestData: null, behindMs: null, environments: [], store: { ok: true } })
    expect(answerOf(intakeAnswer, await get('/api/intake'))).toMatchObject({ accepted: 0, outcomes: [] })
    await app.close()
  })

  it('that has services says that the filter found nothing', async () => {
    const app = await buildApp(testDeps())
    const found = answerOf(tracesAnswer, await app.inject({ url: '/api/traces?service=nobody', headers: { host: 'localhost' } }))
    expect(found).toMatchObject({ traces: [], notes: [{ code: 'no_spans', message: expect.stringMatching(/matches the filter/) }] })
    await app.close()
  })
})

describe('a store that is away', () => {
  it('is a 503 on every read, with when to ask again', async () => {
    const app = await buildApp(testDeps({ store: storeIn('away') }))
    for (const url of READS) {
      const response = await app.inject({ url, headers: { host: 'localhost' } })
      expect(problemIn(response, 503, 'store_unavailable').detail, url).toContain('ECONNREFUSED')
      expect(response.headers['retry-after']).toBe('5')
    }
    await app.close()
  })

  it('is told by the status, with since when', async () => {
    let nowMs = 1000
    const app = await buildApp(testDeps({ store: storeIn('away'), clock: () => nowMs, lag: () => Promise.reject(new Error('no broker')) }))
    const get = async () => answerOf(statusAnswer, await app.inject({ url: '/api/status', headers: { host: 'localhost' } }))
    await get()
    nowMs = 9000
    expect(await get()).toMatchObject({
      tenant: 'default',
      store: { ok: false, since: '1970-01-01T00:00:01.000Z', error: expect.stringContaining('ECONNREFUSED') },
      log: { ok: false, error: 'no broker', lagRecords: null },
      newestData: null,
    })
    await app.close()
  })
})

describe('errors of the store', () => {
  const failing = async (error: Error) => {
    const store = storeIn('empty')
    const app = await buildApp(testDeps({ store: { ...store, topology: { ...store.topology, edges: () => Promise.reject(error) } } }))
    const response = await app.inject({ url: '/api/topology', headers: { host: 'localhost' } })
    const metrics = await app.inject({ url: '/metrics', headers: { host: 'localhost' } })
    await app.close()
    return { response, metrics: metrics.body }
  }

  it.each([
    ['time', 504, 'query_timeout', 'query_ui_seconds'],
    ['memory', 422, 'query_too_large', 'query_memory_bytes'],
    ['rows', 422, 'query_too_large', 'query_rows_read'],
    ['concurrency', 429, 'too_many_queries', 'query_queued'],
  ] as const)('over the limit of %s', async (limit, status, code, reason) => {
    const { response, metrics } = await failing(new QueryLimitError(limit, 'over it'))
    expect(problemIn(response, status, code)).toMatchObject({ detail: 'over it', hint: expect.any(String) })
    expect(metrics).toContain(`skein_query_refused_total{reason="${reason}"} 1`)
  })

  it('of the wrong version', async () => {
    problemIn((await failing(new StoreVersionError('migrated by 0.2.0'))).response, 503, 'store_unavailable')
  })

  it('that nobody foresaw say nothing of the inside', async () => {
    const { response } = await failing(new Error('password=hunter2 at /srv/skein/x.ts'))
    expect(JSON.stringify(problemIn(response, 500, 'internal'))).not.toMatch(/hunter2|srv/)
  })

  it('time out', async () => {
    const store = storeIn('empty')
    const config = configSchema.parse({ limits: { query: { uiSeconds: 1 } } })
    const app = await buildApp(testDeps({ config, store: { ...store, topology: { ...store.topology, edges: () => new Promise(() => undefined) } } }))
    problemIn(await app.inject({ url: '/api/topology', headers: { host: 'localhost' } }), 504, 'query_timeout')
    await app.close()
  })

  it('too many at once', async () => {
    const store = storeIn('empty')
    const door = Promise.withResolvers<void>()
    const config = configSchema.parse({ limits: { query: { perTenant: 1, queued: 1 } } })
    const app = await buildApp(testDeps({ config, store: { ...store, traces: { ...store.traces, search: () => door.promise.then(() => []) } } }))
    const ask = () => app.inject({ url: '/api/traces', headers: { host: 'localhost' } })
    const answers = [ask(), ask(), ask()]
    const refused = await Promise.race(answers)
    problemIn(refused, 429, 'too_many_queries')
    expect(refused.headers['retry-after']).toBe('1')
    door.resolve()
    expect((await Promise.all(answers)).map((answer) => answer.statusCode).toSorted((a, b) => a - b)).toEqual([200, 200, 429])
    await app.close()
  })
})

describe('an answer that is too large', () => {
  const longest = async (config: Parameters<typeof configSchema.parse>[0]) => {
    const app = await buildApp(testDeps({ config: configSchema.parse(config) }))
    const get = (url: string) => app.inject({ url, headers: { host: 'localhost' } })
    const [found] = answerOf(tracesAnswer, await get('/api/traces?sort=longest&limit=1')).traces
    const trace = answerOf(traceAnswer, await get(`/api/traces/${found?.traceId}`))
    await app.close()
    return trace
  }

  it('by spans is cut by start, and says so', async () => {
    const trace = await longest({ limits: { query: { traceSpans: 100 } } })
    expect(trace).toMatchObject({ truncated: true, notes: [{ code: 'limit', count: 100 }] })
    expect(trace.spans).toHaveLength(100)
    expect(trace.spans[0]?.parentSpanId).toBe('')
    expect(trace.notes[0]?.message).toContain('the critical path is that of these alone')
    const shown = new Set(trace.spans.map((span) => span.spanId))
    expect(trace.criticalPath.every(({ spanId }) => shown.has(spanId))).toBe(true)
  })

  it('by bytes is cut near its limit, and says so', async () => {
    const trace = await longest({ limits: { query: { traceBytes: 100_000 } } })
    expect(trace.truncated).toBe(true)
    const bytes = JSON.stringify({ ...trace, resources: {}, criticalPath: [] }).length
    expect(bytes).toBeGreaterThan(60_000)
    expect(bytes).toBeLessThan(110_000)
  })

  it('by nodes is folded, and says so', async () => {
    const app = await buildApp(testDeps({ config: configSchema.parse({ limits: { topology: { nodes: 10 } } }) }))
    const topology = answerOf(topologyAnswer, await app.inject({ url: '/api/topology', headers: { host: 'localhost' } }))
    expect(topology.nodes.some((node) => node.name === 'other')).toBe(true)
    expect(topology.notes.map((note) => note.code)).toContain('folded')
    await app.close()
  })
})
