import { traceAttributesAnswer, traceFacetsAnswer } from '@skein/schemas/api/trace-attributes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../app.ts'
import { answerOf, problemIn } from '../testing/answers.ts'
import { storeIn, testDeps } from '../testing/test-app.ts'

describe('what stands in traces', () => {
  let app: FastifyInstance
  const get = (path: string) => app.inject({ url: `/api/traces/${path}`, headers: { host: 'localhost' } })
  const offered = async (query: string) => answerOf(traceAttributesAnswer, await get(`attributes?${query}`))
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it('is counted as facets of a search, a trace once for each value, the most frequent first', async () => {
    const all = answerOf(traceFacetsAnswer, await get('facets?start=now-1h'))
    expect(all.traces).toBe(all.total)
    expect(all.notes).toEqual([])
    expect(all.services[0]).toMatchObject({ value: 'api-gateway' })
    for (const facet of [all.services, all.operations, all.statuses, all.versions]) {
      expect(facet.length).toBeGreaterThan(0)
      expect(facet.map(({ traces }) => traces)).toEqual(facet.map(({ traces }) => traces).toSorted((a, b) => b - a))
      for (const { traces } of facet) expect(traces).toBeLessThanOrEqual(all.traces)
    }
    const failed = answerOf(traceFacetsAnswer, await get('facets?start=now-1h&service=playback&error=true'))
    expect(failed.traces).toBeLessThan(all.traces)
    expect(failed.statuses.find(({ value }) => value === 'error')?.traces).toBe(failed.traces)
  })

  it('says that it looked at a part of many', async () => {
    const many = answerOf(traceFacetsAnswer, await get('facets?start=now-12h'))
    expect(many).toMatchObject({ traces: 500, notes: [{ code: 'sampled', count: 500 }] })
    expect(many.total).toBeGreaterThan(500)
  })

  it('is offered by key and by value, of spans and of resources, whatever the case', async () => {
    const keys = await offered('start=now-1h&prefix=HTTP.')
    expect(keys.keys.length).toBeGreaterThan(0)
    for (const { key } of keys.keys) expect(key).toMatch(/^http\./)
    expect(keys.values).toEqual([])
    const everything = (await offered('start=now-1h')).keys
    expect(everything).toEqual(expect.arrayContaining([expect.objectContaining({ key: 'service.version', scope: 'resource' })]))
    const values = await offered('start=now-1h&key=service.name&prefix=PLAY')
    expect(values.keys).toEqual([])
    expect(values.values).toMatchObject([{ value: 'playback', scope: 'resource' }])
    expect((await offered('start=now-1h&key=server.address')).values.map(({ value }) => value)).toContain('drm-license')
    expect((await offered('start=now-1h&key=no.such.key')).values).toEqual([])
  })

  it('is nothing where there are no traces, and says so', async () => {
    const empty = await buildApp(testDeps({ store: storeIn('empty') }))
    const answer = answerOf(traceFacetsAnswer, await empty.inject({ url: '/api/traces/facets', headers: { host: 'localhost' } }))
    expect(answer).toMatchObject({ traces: 0, total: 0, services: [], notes: [{ code: 'no_data' }] })
    await empty.close()
  })

  it.each([
    ['facets?limit=5', 'limit'],
    ['facets?minMs=5&maxMs=1', 'minMs'],
    ['attributes?key=', 'key'],
    ['attributes?attr=x', 'attr'],
  ])('%s is refused, and the parameter is named', async (path, parameter) => {
    expect(problemIn(await get(path), 400, 'invalid_parameter').errors?.[0]?.parameter).toBe(parameter)
  })
})
