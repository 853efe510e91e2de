import { traceComparisonAnswer } from '@skein/schemas/api/trace-comparison'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../app.ts'
import { answerOf, problemIn } from '../testing/answers.ts'
import { storeIn, testDeps } from '../testing/test-app.ts'

describe('/api/traces/comparison', () => {
  let app: FastifyInstance
  const get = (query: string) => app.inject({ url: `/api/traces/comparison?${query}`, headers: { host: 'localhost' } })
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it('says what failed traces have that others have not, and leaves out that they failed', async () => {
    const answer = answerOf(traceComparisonAnswer, await get('start=now-6h&selError=true'))
    expect(answer.selected.traces).toBeGreaterThan(10)
    expect(answer.attributes.length).toBeGreaterThan(0)
    expect(answer.attributes.map(({ key }) => key)).not.toContain('status')
    const scores = answer.attributes.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })

  it('takes a box of the scatter and says when it looked at a part of the traces only', async () => {
    const answer = answerOf(traceComparisonAnswer, await get('start=now-12h&selMaxMs=100000'))
    expect(answer).toMatchObject({ selected: { traces: 500 }, sampled: true })
    expect(answer.notes.map(({ code }) => code)).toContain('sampled')
    const whole = answerOf(traceComparisonAnswer, await get('start=now-1h&selStart=now-20m&selEnd=now-10m'))
    expect([whole.sampled, whole.selected.traces > 20, whole.rest.traces > 100]).toEqual([false, true, true])
  })

  it('keeps both sides to the search', async () => {
    const answer = answerOf(traceComparisonAnswer, await get('start=now-2h&service=playback&selMinMs=60'))
    const service = answer.attributes.find(({ key, scope }) => key === 'service' && scope === 'span')
    for (const value of service?.values ?? []) expect(value.value).not.toBe('playback')
  })

  it('says that few traces tell little, and that none tell nothing', async () => {
    expect(answerOf(traceComparisonAnswer, await get('start=now-5m&selMinMs=1000000')).notes).toMatchObject([{ code: 'few_calls', count: 0 }])
    const empty = await buildApp(testDeps({ store: storeIn('empty') }))
    const answer = answerOf(traceComparisonAnswer, await empty.inject({ url: '/api/traces/comparison?selMinMs=1', headers: { host: 'localhost' } }))
    expect(answer).toMatchObject({ selected: { traces: 0 }, attributes: [], notes: [{ code: 'no_data' }] })
    await empty.close()
  })

  it.each([
    ['', 'selStart'],
    ['selStart=now&selEnd=now-1h', 'selStart'],
    ['selEnd=soon', 'selEnd'],
    ['selMinMs=5&selMaxMs=1', 'selMinMs'],
    ['selAttr=x', 'selAttr'],
    ['selError=maybe', 'selError'],
    ['selError=true&limit=5', 'limit'],
    ['selError=true&minMs=9&maxMs=1', 'minMs'],
  ])('%j is refused, and the parameter is named', async (query, parameter) => {
    expect(problemIn(await get(query), 400, 'invalid_parameter').errors?.[0]?.parameter).toBe(parameter)
  })
})
