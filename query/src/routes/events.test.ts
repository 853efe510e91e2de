import { type ChangeEvent, changeEvent, eventsAnswer } from '@skein/schemas/api/events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../app.ts'
import { answerOf, problemIn } from '../testing/answers.ts'
import { NOW_MS, testDeps } from '../testing/test-app.ts'

describe('change events', () => {
  let app: FastifyInstance
  const get = (query: string) => app.inject({ url: `/api/events?${query}`, headers: { host: 'localhost' } })
  const post = (payload: unknown, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/api/events',
      headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    })
  const told = async (payload: unknown, headers?: Record<string, string>): Promise<ChangeEvent> => {
    const response = await post(payload, headers)
    expect(response.statusCode, response.body).toBe(201)
    return changeEvent.strict().parse(response.json())
  }
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it('are answered as they were told, with the time they were told without one', async () => {
    const event = await told({
      kind: 'cdn',
      title: ' 切换 CDN ',
      environment: 'production',
      link: 'https://ci.example/run/7?x=1',
      attributes: { from: 'a', to: 'b' },
    })
    expect(event).toMatchObject({ time: new Date(NOW_MS).toISOString(), source: 'posted', kind: 'cdn', title: '切换 CDN', service: '', instanceShare: null })
    const { events, window } = answerOf(eventsAnswer, await get('start=now-10m'))
    expect(events).toContainEqual(event)
    expect(window.end).toBe('2026-11-22T12:13:00.000Z')
  })

  it('count once by id or Idempotency-Key, and are refused when they say something else', async () => {
    const release = { id: 'release/4.13', kind: 'deploy', title: 'playback 4.13', service: 'playback', version: '4.13', time: NOW_MS - 60_000 }
    const first = await told(release)
    expect(first).toMatchObject({ id: 'release/4.13', toVersion: '4.13', time: new Date(NOW_MS - 60_000).toISOString() })
    expect(await told(release)).toEqual(first)
    expect(problemIn(await post({ ...release, title: 'other' }), 409, 'conflict').detail).toContain('playback 4.13')
    const keyed = await told({ kind: 'config', title: 'flags' }, { 'idempotency-key': 'run-9' })
    expect(await told({ kind: 'config', title: 'flags' }, { 'idempotency-key': 'run-9' })).toEqual(keyed)
    expect(keyed.id).toBe('run-9')
    const ids = answerOf(eventsAnswer, await get('start=now-1h&source=posted')).events.map(({ id }) => id)
    expect(ids.filter((id) => id === 'release/4.13' || id === 'run-9').toSorted()).toEqual(['release/4.13', 'run-9'])
  })

  it('has the versions that the telemetry shows among them, with where they came from and how far they came', async () => {
    const { events } = answerOf(eventsAnswer, await get('start=now-1h&kind=version'))
    expect(events).toMatchObject([
      {
        source: 'found',
        service: 'drm-license',
        fromVersion: '4.12.2',
        toVersion: '4.12.3',
        time: '2026-11-22T11:35:00.000Z',
        title: 'drm-license 4.12.2 → 4.12.3',
      },
    ])
    expect(events[0]?.instanceShare).toBeCloseTo(2 / 3)
    expect(answerOf(eventsAnswer, await get('start=now-1h&kind=version')).events).toEqual(events)
    expect(answerOf(eventsAnswer, await get('start=now-1h&kind=version&source=posted')).events).toEqual([])
  })

  it('are narrowed by what they name, while those that do not say concern everyone', async () => {
    await told({ id: 'e1', kind: 'config', title: 'epg only', service: 'epg', environment: 'production' })
    await told({ id: 'all', kind: 'image', title: 'everyone' })
    const ids = async (query: string) => answerOf(eventsAnswer, await get(`start=now-5m&${query}`)).events.map(({ id }) => id)
    expect(await ids('service=epg')).toEqual(expect.arrayContaining(['e1', 'all']))
    expect(await ids('service=auth')).not.toContain('e1')
    expect(await ids('environment=staging')).not.toContain('e1')
    expect(await ids('kind=config')).not.toContain('all')
  })

  it.each([
    [{ kind: 'rename', title: 'x' }, 'kind'],
    [{ kind: 'deploy' }, 'title'],
    [{ kind: 'deploy', title: '   ' }, 'title'],
    [{ kind: 'deploy', title: 'x'.repeat(301) }, 'title'],
    [{ kind: 'deploy', title: 'x', link: 'javascript:alert(1)' }, 'link'],
    [{ kind: 'deploy', title: 'x', link: 'ftp://x.example' }, 'link'],
    [{ kind: 'deploy', title: 'x', link: '/relative' }, 'link'],
    [{ kind: 'deploy', title: 'x', attributes: { a: 1 } }, 'attributes'],
    [{ kind: 'deploy', title: 'x', attributes: Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`k${at}`, ''])) }, 'attributes'],
    [{ kind: 'deploy', title: 'x', id: 'a b' }, 'id'],
    [{ kind: 'deploy', title: 'x', nickname: 'y' }, 'nickname'],
  ])('%j is refused, and the field is named', async (payload, field) => {
    const problem = problemIn(await post(payload), 400, 'invalid_body')
    expect(problem.errors?.map(({ parameter }) => parameter)).toContain(field)
  })

  it.each([['yesterday'], [NOW_MS + 2 * 86_400_000], ['2020-01-01T00:00:00Z']])('the time %j is refused', async (time) => {
    expect(problemIn(await post({ kind: 'deploy', title: 'x', time }), 400, 'invalid_parameter').errors?.[0]?.parameter).toBe('time')
  })

  it('takes JSON alone, and not without bound', async () => {
    problemIn(await post('{"kind":'), 400, 'invalid_body')
    problemIn(await post('kind=deploy', { 'content-type': 'application/x-www-form-urlencoded' }), 400, 'invalid_body')
    problemIn(await post({ kind: 'deploy', title: 'x', attributes: { a: 'x'.repeat(70_000) } }), 413, 'too_large')
    problemIn(await post({ kind: 'deploy', title: 'x' }, { 'idempotency-key': 'a b' }), 400, 'invalid_parameter')
  })

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://localhost:1' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://localhost' }],
  ])('a page of another site may not tell: %j', async (headers) => {
    problemIn(await post({ kind: 'deploy', title: 'x' }, headers), 403, 'forbidden')
  })

  it('cannot be changed or deleted, and the answer says what can be done', async () => {
    const response = await app.inject({ method: 'DELETE', url: '/api/events?id=1', headers: { host: 'localhost' } })
    problemIn(response, 405, 'method_not_allowed')
    expect(response.headers.allow).toBe('GET, HEAD, POST')
  })

  it('a page of its own may', async () => {
    await told({ kind: 'other', title: 'x' }, { origin: 'http://localhost', 'sec-fetch-site': 'same-origin' })
  })
})
