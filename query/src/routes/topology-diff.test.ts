import { topologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../app.ts'
import { answerOf, problemIn } from '../testing/answers.ts'
import { storeIn, testDeps } from '../testing/test-app.ts'

const host = { host: 'localhost' }

describe('/api/topology/diff', () => {
  let app: FastifyInstance
  const get = (query: string) => app.inject({ url: `/api/topology/diff?${query}`, headers: host })
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it('finds the edge that fails and the release that came right before', async () => {
    const diff = answerOf(
      topologyDiffAnswer,
      await get('start=2026-11-22T11:35:00Z&end=2026-11-22T11:55:00Z&baseStart=2026-11-22T11:10:00Z&baseEnd=2026-11-22T11:30:00Z'),
    )
    expect(diff.base).toEqual({ start: '2026-11-22T11:10:00.000Z', end: '2026-11-22T11:30:00.000Z', choice: 'asked' })
    const edge = diff.edges.find(({ target }) => target.name === 'drm-license')
    expect(edge).toMatchObject({ change: 'changed', effects: [{ measure: 'errorRate', worse: true }] })
    expect(edge?.causes).toMatchObject([{ kind: 'version', service: 'drm-license', confidence: 'likely', title: 'drm-license 4.12.2 → 4.12.3' }])
    const events = (await app.inject({ url: '/api/events?start=2026-11-22T11:00:00Z&end=2026-11-22T12:00:00Z', headers: host })).json<{
      events: { id: string }[]
    }>()
    expect(events.events.map(({ id }) => id)).toContain(edge?.causes[0]?.eventId)
  })

  it('knows when a change began inside the window, so that what came after it is no cause of it', async () => {
    const told = await buildApp(testDeps())
    const tell = (id: string, minute: number) =>
      told.inject({
        method: 'POST',
        url: '/api/events',
        headers: { ...host, 'content-type': 'application/json' },
        payload: { id, kind: 'config', title: id, service: 'drm-license', environment: 'production', time: Date.UTC(2026, 10, 22, 11, minute) },
      })
    for (const [id, minute] of [
      ['before', 33],
      ['after', 45],
    ] as const)
      expect((await tell(id, minute)).statusCode).toBe(201)
    const window = 'start=2026-11-22T11:05:00Z&end=2026-11-22T11:55:00Z&baseStart=2026-11-22T10:05:00Z&baseEnd=2026-11-22T10:30:00Z'
    const diff = answerOf(topologyDiffAnswer, await told.inject({ url: `/api/topology/diff?${window}`, headers: host }))
    const edge = diff.edges.find(({ target }) => target.name === 'drm-license')
    const likely = edge?.causes.filter(({ confidence }) => confidence === 'likely').map(({ title, time }) => `${title} ${time.slice(11, 16)}`)
    expect(likely).toEqual(['drm-license 4.12.2 → 4.12.3 11:35', 'before 11:33'])
    expect(edge?.causes.map(({ title }) => title)).not.toContain('after')
    await told.close()
  })

  it('compares with the same minutes last week, and says so', async () => {
    const diff = answerOf(topologyDiffAnswer, await get('start=now-30m'))
    expect(diff.base).toEqual({ start: '2026-11-15T11:42:00.000Z', end: '2026-11-15T12:13:00.000Z', choice: 'lastWeek' })
    expect(diff.compared).toBeGreaterThan(20)
  })

  it('holds the later part of a window against the earlier one, cut where calls began to fail', async () => {
    const diff = answerOf(topologyDiffAnswer, await get('start=2026-11-22T11:05:00Z&end=2026-11-22T11:55:00Z&within=true'))
    expect(diff.base).toMatchObject({ start: '2026-11-22T11:05:00.000Z', end: diff.window.start, choice: 'within' })
    const edge = diff.edges.find(({ target }) => target.name === 'drm-license')
    expect(edge).toMatchObject({ change: 'changed', effects: [{ measure: 'errorRate', worse: true }] })
    const both = await get('within=true&baseStart=2026-11-22T11:10:00Z&baseEnd=2026-11-22T11:30:00Z')
    expect(problemIn(both, 400, 'invalid_parameter').errors?.[0]?.parameter).toBe('within')
  })

  it('compares with the window before when there was nothing last week', async () => {
    const young = storeIn('busy')
    const weekAgo = Date.UTC(2026, 10, 16)
    const edges: typeof young.topology.edges = async (window) => (window.endMs < weekAgo ? [] : young.topology.edges(window))
    const other = await buildApp(testDeps({ store: { ...young, topology: { ...young.topology, edges } } }))
    const diff = answerOf(topologyDiffAnswer, await other.inject({ url: '/api/topology/diff?start=now-30m', headers: host }))
    expect(diff.base).toEqual({ start: '2026-11-22T11:11:00.000Z', end: '2026-11-22T11:42:00.000Z', choice: 'before' })
    await other.close()
  })

  it('takes no new installation for a rise: rates of a base are those of its minutes with data', async () => {
    const young = storeIn('busy')
    const installedMs = Date.UTC(2026, 10, 22, 11, 22)
    const edges: typeof young.topology.edges = async ({ startMs, ...window }) =>
      window.endMs <= installedMs ? [] : young.topology.edges({ ...window, startMs: Math.max(startMs, installedMs) })
    const other = await buildApp(testDeps({ store: { ...young, topology: { ...young.topology, edges } } }))
    const diff = answerOf(topologyDiffAnswer, await other.inject({ url: '/api/topology/diff?start=now-30m', headers: host }))
    expect(diff).toMatchObject({
      base: { choice: 'before', start: '2026-11-22T11:11:00.000Z' },
      notes: expect.arrayContaining([expect.objectContaining({ code: 'partial_base', count: 20 })]),
    })
    expect(diff.edges.flatMap(({ effects }) => effects.filter(({ measure }) => measure === 'rate'))).toEqual([])
    await other.close()
  })

  it('answers an empty store with nothing and why', async () => {
    const empty = await buildApp(testDeps({ store: storeIn('empty') }))
    const diff = answerOf(topologyDiffAnswer, await empty.inject({ url: '/api/topology/diff', headers: host }))
    expect(diff).toMatchObject({ nodes: [], edges: [], compared: 0, base: { choice: 'before' } })
    expect(diff.notes.map(({ code }) => code)).toEqual(['no_data', 'no_base'])
    await empty.close()
  })

  it.each([
    ['baseStart=now-2h', 'baseEnd'],
    ['baseEnd=now-2h', 'baseStart'],
    ['baseStart=now-1h&baseEnd=now-2h', 'baseStart'],
    ['baseStart=x&baseEnd=now', 'baseStart'],
    ['end=soon', 'end'],
  ])('%s is refused, and the parameter is named', async (query, parameter) => {
    expect(problemIn(await get(query), 400, 'invalid_parameter').errors?.[0]?.parameter).toBe(parameter)
  })
})
