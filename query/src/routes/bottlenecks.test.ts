import { bottlenecksAnswer, type BottlenecksAnswer } from '@skein/schemas/api/bottlenecks'
import { describe, expect, test } from 'vitest'
import { buildApp } from '../app.ts'
import { storeIn, testDeps } from '../testing/test-app.ts'

async function ask(query = '', deps = testDeps()): Promise<BottlenecksAnswer> {
  const app = await buildApp(deps)
  const response = await app.inject(`/api/bottlenecks${query}`)
  await app.close()
  expect([query, response.statusCode]).toEqual([query, 200])
  return bottlenecksAnswer.strict().parse(response.json())
}

async function refusal(query: string): Promise<string> {
  const app = await buildApp(testDeps())
  const response = await app.inject(`/api/bottlenecks${query}`)
  await app.close()
  expect(response.statusCode).toBe(400)
  return response.json<{ detail: string }>().detail
}

describe('GET /api/bottlenecks', () => {
  test('says where the slowest hundredth of the entry that takes most spends its time', async () => {
    const answer = await ask()
    expect(answer.entries.map(({ operation }) => operation)).toEqual(['POST /playback/start', 'GET /epg'])
    expect(answer.entry).toMatchObject({ service: 'api-gateway', operation: 'POST /playback/start', traces: 8720, errors: 12 })
    expect(answer.band).toMatchObject({ name: 'p99', traces: 100, toMs: null })
    const [worst] = answer.contributors
    expect(worst).toMatchObject({ part: 'network', node: { name: 'playback' }, operation: 'POST /license', edge: { target: { name: 'drm' }, kind: 'http' } })
    expect(worst?.share).toBeCloseTo(0.6, 1)
    expect(worst?.selfMs).toBeCloseTo((2600 * 0.6 * 70 + 3400 * 0.6 * 30) / 100, 3)
    expect(worst?.exemplars[0]?.durationMs).toBe(3400)
    expect(answer.contributors.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
  })

  test('the matrix is the same time by band: each column adds up to its mean', async () => {
    const answer = await ask()
    expect(answer.bands.map(({ name }) => name)).toEqual(['p0-50', 'p50-90', 'p90-99', 'p99+'])
    expect(answer.bands.reduce((sum, { traces }) => sum + traces, 0)).toBe(8720)
    for (const band of answer.bands) expect(Object.values(band.selfMs).reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(band.meanMs, 1)
    expect(answer.bands[3]?.selfMs[answer.contributors[0]?.id ?? '']).toBe(answer.contributors[0]?.selfMs)
  })

  test('compares with the fastest half, another window or another release, or says that there is nothing', async () => {
    const fast = await ask()
    expect(fast.baseline).toMatchObject({ kind: 'fast', label: 'p0-50' })
    const worst = fast.contributors[0]
    expect(worst?.changeMs).toBeCloseTo((worst?.selfMs ?? 0) - (worst?.baselineMs ?? 0), 2)
    expect(worst?.changeMs).toBeGreaterThan(1000)
    const window = await ask('?baseline=window&baseStart=now-25h&baseEnd=now-24h')
    expect(window.baseline).toMatchObject({ kind: 'window', traces: 100 })
    expect(window.contributors[0]?.changeMs).toBe(0)
    expect(window.latency.every(({ traces, baselineTraces }) => traces === baselineTraces)).toBe(true)
    expect((await ask('?baseline=release&release=playback&version=4.12.3&baseVersion=4.12.2')).baseline).toBeNull()
    expect(
      (await ask('?baseline=release&release=playback&baseVersion=4.12.3')).contributors.find(({ part }) => part === 'network')?.baselineMs,
    ).toBeGreaterThan(0)
  })

  test('traces of releases that are told together are in all numbers, and the answer says so', async () => {
    const { paths } = testDeps().store
    const others = async (...asked: Parameters<typeof paths.traces>) => (await paths.traces(...asked)).map((row) => ({ ...row, release: null }))
    const deps = testDeps()
    const answer = await ask('', { ...deps, store: { ...deps.store, paths: { ...deps.store.paths, traces: others } } })
    expect(answer).toMatchObject({ entry: { traces: 8720 }, band: { traces: 100 } })
    expect([answer.versions.filter(({ service }) => service === 'api-gateway'), answer.notes.map(({ code }) => code)]).toEqual([
      [],
      expect.arrayContaining(['folded']),
    ])
  })

  test('releases that are asked for are told apart, however rare', async () => {
    const deps = testDeps()
    const { paths } = deps.store
    const named: unknown[] = []
    const traces = (...asked: Parameters<typeof paths.traces>) => (named.push(asked[2]), paths.traces(...asked))
    await ask('?version=rare&baseline=release&baseVersion=rarer', { ...deps, store: { ...deps.store, paths: { ...paths, traces } } })
    expect(named).toContainEqual(['rare', 'rarer'])
  })

  test('finds the entries that spend time at a node, and says when there are none', async () => {
    const through = await ask('?through=pg-account')
    expect(through.entries.map(({ operation }) => operation)).toEqual(['POST /playback/start'])
    expect(through.entry?.operation).toBe('POST /playback/start')
    expect(await ask('?through=nobody')).toMatchObject({ entries: [], entry: null, contributors: [] })
  })

  test('finds the entry asked for, and names the releases of the services on its path', async () => {
    expect((await ask('?service=api-gateway&operation=GET%20%2Fepg')).entry?.operation).toBe('GET /epg')
    expect((await ask('?service=nobody')).entry).toBeNull()
    expect((await ask()).versions).toEqual([
      { service: 'api-gateway', version: '7.1.0', traces: 8720 },
      { service: 'playback', version: '4.12.3', traces: 8720 },
    ])
    expect((await ask()).findings[0]).toMatchObject({ kind: 'n_plus_one', count: 9, target: { name: 'pg-account' } })
    expect((await ask()).shapes[0]).toMatchObject({ share: 1, traces: 100 })
    expect((await ask('?band=all')).band.traces).toBe(8720)
  })

  test('explains emptiness, and fails as the store does', async () => {
    const empty = await ask('', testDeps({ store: storeIn('empty') }))
    expect(empty).toMatchObject({ entry: null, contributors: [], notes: [{ code: 'no_spans', message: 'No spans in this window' }] })
    expect((await ask('?environment=nowhere')).notes[0]?.message).toContain('matches the filter')
    const app = await buildApp(testDeps({ store: storeIn('away') }))
    expect((await app.inject('/api/bottlenecks')).statusCode).toBe(503)
    await app.close()
  })

  test('a baseline that is not said whole is refused by name', async () => {
    expect(await refusal('?baseline=window&baseStart=now-2h')).toContain('baseEnd')
    expect(await refusal('?baseline=release')).toContain('baseVersion')
    expect(await refusal('?band=p42')).toContain('band')
  })
})
