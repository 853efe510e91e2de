import { topologyFramesAnswer } from '@skein/schemas/api/topology-frames'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../app.ts'
import { answerOf, problemIn } from '../testing/answers.ts'
import { storeIn, testDeps } from '../testing/test-app.ts'

const host = { host: 'localhost' }

describe('/api/topology/frames', () => {
  let app: FastifyInstance
  const get = (query: string) => app.inject({ url: `/api/topology/frames?${query}`, headers: host })
  const map = async (query: string) => (await app.inject({ url: `/api/topology?${query}`, headers: host })).json<TopologyAnswer>()
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it('goes through the edges of the map minute by minute, and their calls add up', async () => {
    const frames = answerOf(topologyFramesAnswer, await get('start=now-1h'))
    const { edges } = await map('start=now-1h')
    expect(frames).toMatchObject({ window: { start: '2026-11-22T11:12:00.000Z', end: '2026-11-22T12:13:00.000Z' }, stepSeconds: 60, notes: [] })
    expect(frames.edges.toSorted()).toEqual(edges.map(({ id }) => id).toSorted())
    expect(frames.frames.map(({ time }) => time)).toEqual(Array.from({ length: 61 }, (_, at) => new Date(Date.UTC(2026, 10, 22, 11, 12 + at)).toISOString()))
    for (const edge of edges) {
      const at = frames.edges.indexOf(edge.id)
      expect([edge.id, frames.frames.reduce((sum, { calls }) => sum + (calls[at] ?? 0), 0)]).toEqual([edge.id, edge.calls])
    }
  })

  it('leaves gaps as gaps: a step nobody told of is null, not zero', async () => {
    const { frames } = answerOf(topologyFramesAnswer, await get('start=now-5m&end=2026-11-22T12:20:00Z'))
    for (const list of [frames.at(-1)?.calls, frames.at(-1)?.errors, frames.at(-1)?.p95Ms]) expect(new Set(list)).toEqual(new Set([null]))
    expect(frames[0]?.calls.some((count) => count !== null)).toBe(true)
  })

  it('takes longer steps for longer windows, and the steps it is told', async () => {
    expect(answerOf(topologyFramesAnswer, await get('start=now-24h')).stepSeconds).toBe(300)
    const hours = answerOf(topologyFramesAnswer, await get('start=now-6h&stepSeconds=3600'))
    expect(hours.frames.map(({ time }) => time.slice(11, 16))).toEqual(['06:00', '07:00', '08:00', '09:00', '10:00', '11:00', '12:00'])
  })

  it('keeps to its scope', async () => {
    const staging = answerOf(topologyFramesAnswer, await get('environment=staging'))
    expect(staging.edges.toSorted()).toEqual((await map('environment=staging')).edges.map(({ id }) => id).toSorted())
  })

  it('answers an empty store with steps of nothing and why', async () => {
    const empty = await buildApp(testDeps({ store: storeIn('empty') }))
    const answer = answerOf(topologyFramesAnswer, await empty.inject({ url: '/api/topology/frames', headers: host }))
    expect(answer).toMatchObject({ edges: [], notes: [{ code: 'no_data' }] })
    expect(answer.frames).toHaveLength(61)
    await empty.close()
  })

  it.each(['stepSeconds=30', 'stepSeconds=90', 'stepSeconds=60&start=now-6h', 'stepSeconds=x'])('%s is refused, and the parameter is named', async (query) => {
    expect(problemIn(await get(query), 400, 'invalid_parameter').errors?.[0]?.parameter).toBe('stepSeconds')
  })
})
