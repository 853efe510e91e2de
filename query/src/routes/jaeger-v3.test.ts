import { jaegerV3Operations, jaegerV3Problem, jaegerV3Services, jaegerV3Traces, jaegerV3TraceSummaries } from '@skein/schemas/api/jaeger-v3'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '@skein/store/contract'
import { buildApp } from '../app.ts'
import { answerOf } from '../testing/answers.ts'
import { NOW_MS, storeIn, testDeps } from '../testing/test-app.ts'

const HOUR_MS = 3_600_000
const WINDOW = `query.startTimeMin=${iso(NOW_MS - HOUR_MS)}&query.startTimeMax=${iso(NOW_MS)}`

describe('version 3 of the Jaeger query API', () => {
  let app: FastifyInstance
  const get = (path: string) => app.inject({ url: `/jaeger/api/v3/${path}`, headers: { host: 'localhost' } })
  const summaries = async (query: string) => answerOf(jaegerV3TraceSummaries, await get(`trace-summaries?${query}`)).summaries
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it('names services and operations, as version 2 does; what has no kind is internal', async () => {
    const { services } = answerOf(jaegerV3Services, await get('services'))
    expect(services).toEqual((await app.inject({ url: '/jaeger/api/services', headers: { host: 'localhost' } })).json<{ data: string[] }>().data)
    const { operations } = answerOf(jaegerV3Operations, await get('operations?service=playback'))
    expect(operations).toContainEqual({ name: 'POST /play', spanKind: 'server' })
    for (const name of ['spanKind', 'span_kind']) {
      const clients = answerOf(jaegerV3Operations, await get(`operations?service=playback&${name}=CLIENT`)).operations
      expect(clients).toEqual(operations.filter(({ spanKind }) => spanKind === 'client'))
    }
    expect(refused(await get('operations'), 400)).toContain('service')
  })

  it('has a summary of each trace that is found: root, times, counts by service', async () => {
    const found = await summaries(`query.serviceName=playback&query.operationName=License%2FIssue&${WINDOW}&query.searchDepth=3`)
    expect(found).toHaveLength(3)
    for (const summary of found) {
      const { result } = answerOf(jaegerV3Traces, await get(`traces/${summary.traceId}`))
      const spans = result.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
      expect(summary.spanCount).toBe(spans.length)
      expect(summary.errorSpanCount).toBe(spans.filter(({ status }) => status.code === 2).length)
      expect(summary.orphanSpanCount).toBe(0)
      const root = spans.find(({ parentSpanId }) => parentSpanId === '')
      expect(summary.rootOperationName).toBe(root?.name)
      const starts = spans.map(({ startTimeUnixNano }) => startTimeUnixNano)
      expect(summary.minStartTimeUnixNano).toBe(starts.toSorted()[0])
      expect(summary.maxEndTimeUnixNano).toBe(root?.endTimeUnixNano)
      expect(summary.services.map(({ name }) => name)).toEqual(summary.services.map(({ name }) => name).toSorted())
      expect(summary.services.reduce((sum, { spanCount }) => sum + spanCount, 0)).toBe(spans.length)
    }
  })

  it('counts spans without their parents, and names no root where there is none', async () => {
    const store = storeIn('busy')
    const rootless: Store = {
      ...store,
      traces: {
        ...store.traces,
        search: async (search) => (await store.traces.search(search)).map((row) => ({ ...row, hasRoot: false })),
        services: async (window, traceIds) => (await store.traces.services(window, traceIds)).map((each) => ({ ...each, orphans: 1 })),
      },
    }
    const without = await buildApp(testDeps({ store: rootless }))
    const response = await without.inject({ url: `/jaeger/api/v3/trace-summaries?${WINDOW}&query.searchDepth=1`, headers: { host: 'localhost' } })
    const [summary] = answerOf(jaegerV3TraceSummaries, response).summaries
    expect(summary).toMatchObject({ rootServiceName: '', rootOperationName: '', orphanSpanCount: summary?.services.length })
    await without.close()
  })

  it('searches all services when none is named, by attributes and durations, under older names too', async () => {
    const all = await summaries(`${WINDOW}&query.searchDepth=50`)
    expect(new Set(all.map(({ rootServiceName }) => rootServiceName)).size).toBeGreaterThan(1)
    const attributes = encodeURIComponent('{"error":"true","server.address":"drm-license"}')
    const failed = await summaries(`query.serviceName=playback&query.attributes=${attributes}&${WINDOW}&query.searchDepth=3`)
    expect(failed.length).toBeGreaterThan(0)
    for (const { errorSpanCount } of failed) expect(errorSpanCount).toBeGreaterThan(0)
    const older = WINDOW.replace('startTimeMin', 'start_time_min').replace('startTimeMax', 'start_time_max')
    expect(await summaries(`query.service_name=playback&query.attributes=${attributes}&${older}&query.num_traces=3`)).toEqual(failed)
    expect(await summaries(`query.serviceName=playback&query.durationMin=5h&${WINDOW}`)).toEqual([])
    expect(await summaries(`query.serviceName=nobody&${WINDOW}`)).toEqual([])
  })

  it('reads traces in OTLP/JSON: by search and by id, with resources, scopes and typed attributes', async () => {
    const query = `query.serviceName=playback&${WINDOW}&query.searchDepth=2`
    const { result } = answerOf(jaegerV3Traces, await get(`traces?${query}`))
    const ids = new Set(result.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(({ traceId }) => traceId))))
    expect([...ids]).toEqual((await summaries(query)).map(({ traceId }) => traceId))
    const [first] = ids
    const hints = `startTime=${iso(NOW_MS - HOUR_MS)}&endTime=${iso(NOW_MS).replace('Z', '+00:00')}`
    const one = answerOf(jaegerV3Traces, await get(`traces/${first?.toUpperCase()}?${hints}`)).result
    expect(one.resourceSpans.length).toBeGreaterThan(1)
    for (const { resource } of one.resourceSpans) expect(resource.attributes.find(({ key }) => key === 'service.name')?.value).toHaveProperty('stringValue')
    expect(refused(await get('traces/abc'), 404)).toBe('No traces found')
    expect(refused(await get(`traces?query.serviceName=nobody&${WINDOW}`), 404)).toBe('No traces found')
  })

  it.each([
    ['trace-summaries', 'required'],
    [`trace-summaries?query.startTimeMin=${iso(NOW_MS)}`, 'required'],
    [`trace-summaries?query.startTimeMin=${iso(NOW_MS)}&query.startTimeMax=${iso(NOW_MS)}`, 'must be before'],
    [`trace-summaries?query.startTimeMin=yesterday&query.startTimeMax=${iso(NOW_MS)}`, 'query.startTimeMin: yesterday'],
    [`trace-summaries?query.start_time_min=2026-13-01T00:00:00Z&query.startTimeMax=${iso(NOW_MS)}`, 'query.start_time_min'],
    [`trace-summaries?${WINDOW}&query.searchDepth=many`, 'query.searchDepth'],
    [`trace-summaries?${WINDOW}&query.durationMin=5`, 'query.durationMin'],
    [`trace-summaries?${WINDOW}&query.attributes=%7B`, 'query.attributes'],
    [`trace-summaries?${WINDOW}&query.filter=%7B%7D`, 'query.filter is not answered'],
    ['traces/xyz', 'trace ID'],
    ['traces/abc?startTime=now', 'startTime'],
  ])('%s is refused as Jaeger refuses', async (path, words) => {
    expect(refused(await get(path), 400)).toContain(words)
  })

  it('says that a path is not there, and that the store is away', async () => {
    expect(refused(await get('metrics'), 404)).toContain('nothing')
    const away = await buildApp(testDeps({ store: storeIn('away') }))
    const response = await away.inject({ url: '/jaeger/api/v3/services', headers: { host: 'localhost' } })
    expect(refused(response, 503)).toContain('ECONNREFUSED')
    expect(response.headers['retry-after']).toBe('5')
    await away.close()
  })
})

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

function refused(response: LightMyRequestResponse, status: number): string {
  expect(response.statusCode, response.body).toBe(status)
  expect(response.headers['content-type']).toContain('application/json')
  const { error } = jaegerV3Problem.strict().parse(response.json())
  expect(error.httpCode).toBe(status)
  return error.message
}
