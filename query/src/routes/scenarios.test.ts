import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../app.ts'
import { testDeps } from '../testing/test-app.ts'

const definition = {
  name: 'play',
  key: 'session',
  within: '10m',
  steps: [
    { name: 'log in', match: { kind: 'span', service: 'gateway', operation: 'POST /login' } },
    { name: 'play', match: { kind: 'device', event: 'startup', where: 'first_frame_ms > 0' } },
  ],
  success: 'play',
}

describe('scenarios', () => {
  let app: FastifyInstance
  beforeEach(async () => {
    app = await buildApp(testDeps())
  })
  afterEach(() => app.close())

  async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: unknown, headers: Record<string, string> = {}) {
    const options: InjectOptions = { method, url, headers: { host: 'localhost', ...headers }, ...(payload === undefined ? {} : { payload: payload as object }) }
    const response = await app.inject(options)
    return { status: response.statusCode, body: response.json<Record<string, unknown>>() }
  }

  it('are created, read, changed as the version that was read, and removed', async () => {
    const made = await ask('POST', '/api/scenarios', { definition })
    expect(made).toMatchObject({ status: 201, body: { version: 1, definition } })
    const path = `/api/scenarios/${String(made.body['id'])}`
    expect(await ask('GET', path)).toMatchObject({ status: 200, body: { version: 1 } })
    const changed = { ...definition, within: '5m' }
    expect(await ask('PUT', path, { definition: changed, version: 1 })).toMatchObject({ status: 200, body: { version: 2, definition: changed } })
    expect(await ask('PUT', path, { definition, version: 1 })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await ask('GET', '/api/scenarios')).body['scenarios']).toHaveLength(1)
    expect(await ask('DELETE', path)).toMatchObject({ status: 200, body: { version: 2 } })
    expect(await ask('DELETE', path)).toMatchObject({ status: 404, body: { code: 'scenario_not_found' } })
    for (const part of ['', '/funnel', '/runs', '/replay?run=1-a'])
      expect(await ask('GET', `${path}${part}`)).toMatchObject({ status: 404, body: { code: 'scenario_not_found' } })
  })

  it('that are not valid are refused with every step and reason, by each path that takes one', async () => {
    const wrong = { ...definition, steps: [{ name: 'log in', match: { kind: 'span', where: 'a >' } }], success: 'play' }
    for (const path of ['/api/scenarios', '/api/scenarios/preview']) {
      const { status, body } = await ask('POST', path, { definition: wrong })
      expect([status, body['code']]).toEqual([400, 'invalid_body'])
      expect(body['errors']).toEqual([
        { parameter: 'definition.success', message: 'success names play, which is no step: log in' },
        { parameter: 'definition.steps.0.match', message: 'step 1 "log in", match needs a service or an operation: else every span is this step' },
        { parameter: 'definition.steps.0.match.where', message: 'step 1 "log in", where column 4: a > needs a value' },
      ])
    }
    for (const payload of [[], { definition: 7 }, {}]) expect((await ask('POST', '/api/scenarios', payload)).status).toBe(400)
  })

  it('tell the runs of a step that they have, and name their steps where asked for another', async () => {
    const { body } = await ask('POST', '/api/scenarios', { definition })
    const path = `/api/scenarios/${String(body['id'])}/runs`
    expect(await ask('GET', `${path}?step=play&fate=dropped`)).toMatchObject({ status: 200, body: { runs: [] } })
    expect(await ask('GET', `${path}?step=buy`)).toMatchObject({ status: 400, body: { code: 'invalid_parameter', hint: 'Its steps: log in, play.' } })
    expect(await ask('GET', `${path}?fate=slow`)).toMatchObject({ status: 400, body: { errors: [{ parameter: 'fate' }] } })
  })

  it('are not changed by pages of other sites', async () => {
    expect(await ask('POST', '/api/scenarios', { definition }, { origin: 'https://elsewhere.example' })).toMatchObject({ status: 403 })
    expect((await ask('GET', '/api/scenarios')).body['scenarios']).toEqual([])
  })

  it('say why their funnel is empty: nothing matches, and devices do not report yet', async () => {
    const { body } = await ask('POST', '/api/scenarios/preview', { definition })
    expect(body).toMatchObject({ starts: 0, conversion: null, evaluated: 'backfilled' })
    expect((body['notes'] as { code: string }[]).map(({ code }) => code)).toEqual(['no_device_records', 'no_matches'])
  })

  it('are replayed by a run or a cohort, and a session that is not there is not found', async () => {
    const made = await ask('POST', '/api/scenarios', { definition })
    const path = `/api/scenarios/${String(made.body['id'])}/replay`
    for (const query of ['', '?run=1-a&cohort=a:b', '?run=x', '?run=9999999999999999999-s', '?cohort=x'])
      expect(await ask('GET', `${path}${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } })
    expect(await ask('GET', `${path}?run=1763800000000000000-s`)).toMatchObject({ status: 404, body: { code: 'run_not_found' } })
    expect(await ask('GET', `${path}?cohort=a:b`)).toMatchObject({ status: 200, body: { mode: 'cohort', frames: [] } })
    expect(await ask('GET', '/api/sessions/nobody/replay')).toMatchObject({ status: 404, body: { code: 'run_not_found' } })
  })
})
