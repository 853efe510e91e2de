import { PathRow } from '@skein/schemas/path'
import { expect, test } from 'vitest'
import { type HandRow, handBlock } from './conformance-rows.ts'
import type { Suite } from './conformance-suite.ts'
import { MAX_PATH_RELEASES } from './contract-paths.ts'
import { contributorText, entryText, EXEMPLAR_BYTES, type PathContributor, type PathEntry, sightText, stepsText, writeExemplar } from './path-text.ts'

const NOW_MS = Date.UTC(2026, 0, 2, 20)
const PLAY: PathEntry = { environment: 'prod', cluster: 'bj-1', namespace: '', service: 'gateway', operation: 'POST /play' }
const LIST: PathEntry = { ...PLAY, operation: 'GET /list' }
const GATEWAY = { kind: 'service', environment: 'prod', cluster: 'bj-1', namespace: '', name: 'gateway' } as const
const NETWORK: PathContributor = {
  part: 'network',
  node: GATEWAY,
  version: '1',
  operation: 'POST',
  edge: { kind: 'http', other: { ...GATEWAY, name: 'drm "x"' }, inwards: false },
}
const OWN: PathContributor = { part: 'service', node: GATEWAY, version: '1', operation: 'POST /play', edge: null }

/** Where the time of whole traces goes. */
export function pathLaws(suite: Suite): void {
  const window = (tenant: string, minutes = 60) => ({ tenant, startMs: NOW_MS, endMs: NOW_MS + minutes * 60_000 })
  const add = (rows: readonly HandRow[]) => suite.store().ingest.insert(`${suite.fresh('topic')}:0:0-1`, handBlock('path_time', rows), false)
  const wholeTraces = (tenant: string, entry: PathEntry, more: HandRow): HandRow => ({
    tenant,
    minute: NOW_MS,
    what: PathRow.entry,
    entry: entryText(entry),
    band: -1,
    ...more,
  })
  const part = (tenant: string, of: PathContributor, more: HandRow): HandRow => ({
    tenant,
    minute: NOW_MS,
    what: PathRow.part,
    entry: entryText(PLAY),
    item: contributorText(of),
    ...more,
  })

  test('entries come with what their traces took together, the most first; what was taken back is gone', async () => {
    const tenant = suite.fresh('tenant')
    await add([
      wholeTraces(tenant, LIST, { traces: 2, time: 10, duration: [[3, 2]] }),
      wholeTraces(tenant, PLAY, { traces: 3, time: 90, errors: 1, release: '1', duration: [[5, 3]] }),
      wholeTraces(tenant, { ...PLAY, service: 'gone' }, { traces: 1, time: 5 }),
    ])
    await add([
      wholeTraces(tenant, PLAY, { traces: -1, time: -30, release: '1', duration: [[5, -1]] }),
      wholeTraces(tenant, { ...PLAY, service: 'gone' }, { traces: -1, time: -5 }),
    ])
    const entries = await suite.store().paths.entries(window(tenant))
    expect(entries.map(({ entry, traces, timeNs, errors }) => [entry.operation, traces, timeNs, errors])).toEqual([
      ['POST /play', 2, 60, 1],
      ['GET /list', 2, 10, 0],
    ])
    expect(await suite.store().paths.traces(window(tenant), [PLAY, { ...PLAY, service: 'nobody' }, { ...PLAY, service: 'gone' }])).toEqual([
      { entry: PLAY, release: '1', traces: 2, timeNs: 60, duration: { from: 5, counts: Float64Array.of(2) } },
    ])
    expect(await suite.store().paths.traces(window(tenant), [])).toEqual([])
    expect(await suite.store().paths.entries({ ...window(tenant), startMs: NOW_MS + 60_000 })).toEqual([])
  })

  test('own time, findings and shapes are told by latency band, with their slowest trace', async () => {
    const tenant = suite.fresh('tenant')
    const exemplar = (selfNs: number, id: number, traceNs = selfNs * 2): string => {
      const bytes = Buffer.alloc(EXEMPLAR_BYTES)
      const end = writeExemplar(bytes, 0, { selfNs, traceNs, words: Int32Array.of(id, 0, 0, 0, id, 0, 1), first: 0 })
      return bytes.toString('latin1', 0, end)
    }
    /** As they were written first. */
    const wide = Buffer.concat([Buffer.from('0000000000000010', 'hex'), Buffer.from('0000000100000020', 'hex'), Buffer.alloc(24, 1), Buffer.of(0)])
    const finding = sightText({ kind: 'n_plus_one', node: GATEWAY, version: '1', operation: 'SELECT', target: null })
    const shape = stepsText([{ node: GATEWAY, operation: 'POST /play' }])
    await add([
      part(tenant, NETWORK, { band: 10, traces: 2, time: 40, count: 3, slowest: exemplar(30_000, 1) }),
      part(tenant, NETWORK, { band: 10, minute: NOW_MS + 60_000, traces: 1, time: 60, retries: 1, slowest: exemplar(60_000, 2) }),
      part(tenant, OWN, { band: 12, traces: 1, time: 5, slowest: wide.toString('latin1') }),
      { tenant, minute: NOW_MS, what: PathRow.finding, entry: entryText(PLAY), item: finding, band: 10, traces: 1, count: 7, time: 70, saving: 60 },
      {
        tenant,
        minute: NOW_MS,
        what: PathRow.shape,
        entry: entryText(PLAY),
        item: shape,
        band: 10,
        traces: 3,
        time: 300,
        slowest: exemplar(80_000, 3, 80_000),
      },
      { tenant, minute: NOW_MS, what: PathRow.shape, entry: entryText(PLAY), item: shape, band: 10, slowest: exemplar(70_000, 4) },
    ])
    const items = await suite.store().paths.items(window(tenant), PLAY)
    expect(items.map(({ what, band, traces, timeNs, of }) => ({ what, band, traces, timeNs, of }))).toEqual([
      { what: 'part', band: 10, traces: 3, timeNs: 100, of: NETWORK },
      { what: 'part', band: 12, traces: 1, timeNs: 5, of: OWN },
      { what: 'finding', band: 10, traces: 1, timeNs: 70, of: { kind: 'n_plus_one', node: GATEWAY, version: '1', operation: 'SELECT', target: null } },
      { what: 'shape', band: 10, traces: 3, timeNs: 300, of: [{ node: GATEWAY, operation: 'POST /play' }] },
    ])
    expect(items[0]?.exemplar).toMatchObject({ selfNs: 60_000, traceNs: 120_000, traceId: '02'.padEnd(32, '0'), spanId: '02'.padEnd(16, '0'), error: true })
    expect(items[1]?.exemplar).toEqual({ selfNs: 16, traceNs: 2 ** 32 + 32, traceId: '01'.repeat(16), spanId: '01'.repeat(8), error: false })
    expect(items[2]?.exemplar).toBeNull()
    expect(items[3]?.exemplar).toEqual({ selfNs: 80_000, traceNs: 80_000, traceId: '03'.padEnd(32, '0'), spanId: '03'.padEnd(16, '0'), error: true })
    expect(await suite.store().paths.items(window(tenant), LIST)).toEqual([])
    expect(await suite.store().paths.mentions(window(tenant), 'drm "x"')).toEqual([{ entry: PLAY, contributor: NETWORK, timeNs: 100 }])
    expect(await suite.store().paths.mentions(window(tenant), 'drm')).toEqual([])
  })

  test('own time of a contributor is that of all entries together, by latency band', async () => {
    const tenant = suite.fresh('tenant')
    await add([
      part(tenant, NETWORK, { band: 10, traces: 2, time: 40, release: '1' }),
      { ...part(tenant, NETWORK, { band: 10, traces: 3, time: 90 }), entry: entryText(LIST) },
      { ...part(tenant, NETWORK, { band: 11, traces: 1, time: 70 }), minute: NOW_MS + 60_000 },
      part(tenant, OWN, { band: 10, traces: 4, time: 8 }),
      wholeTraces(tenant, PLAY, { traces: 9, time: 900 }),
    ])
    await add([part(tenant, OWN, { band: 10, traces: -1, time: -3 })])
    expect(await suite.store().paths.times(window(tenant))).toEqual({
      rows: [
        { contributor: NETWORK, band: 10, traces: 5, timeNs: 130 },
        { contributor: NETWORK, band: 11, traces: 1, timeNs: 70 },
        { contributor: OWN, band: 10, traces: 3, timeNs: 5 },
      ],
      whole: true,
    })
    expect((await suite.store().paths.times(window(tenant, 1))).rows).toHaveLength(2)
  })

  test('releases beyond the most frequent are one row, so that all of them are the whole', async () => {
    const tenant = suite.fresh('tenant')
    const releases = Array.from({ length: MAX_PATH_RELEASES + 3 }, (_, i) => `${i}`)
    const manyOf = (entry: PathEntry, list: readonly string[]): HandRow[] =>
      list.map((release) => wholeTraces(tenant, entry, { traces: 1, time: 10, release, duration: [[5, 1]] }))
    await add([...manyOf(PLAY, ['1', ...releases]), ...manyOf(LIST, releases.slice(3))])
    const rows = await suite.store().paths.traces(window(tenant), [PLAY, LIST])
    const play = rows.filter(({ entry }) => entry.operation === PLAY.operation)
    expect(rows).toHaveLength(2 * MAX_PATH_RELEASES + 1)
    expect([play[0]?.release, play.at(-1)]).toEqual([
      '1',
      { entry: PLAY, release: null, traces: 3, timeNs: 30, duration: { from: 5, counts: Float64Array.of(3) } },
    ])
    expect(play.reduce((sum, { traces }) => sum + traces, 0)).toBe(releases.length + 1)
    const rare = releases.find((release) => play.every((row) => row.release !== release))!
    const named = await suite.store().paths.traces(window(tenant), [PLAY], [rare])
    expect([named[0], named[1]?.release, named.at(-1)]).toMatchObject([{ release: rare, traces: 1 }, '1', { release: null, traces: 3 }])
  })

  test('a release is one of the entry, and own time by trace is that of the bands asked for', async () => {
    const tenant = suite.fresh('tenant')
    await add([
      wholeTraces(tenant, PLAY, { traces: 5, time: 50, release: '1', duration: [[5, 5]] }),
      wholeTraces(tenant, PLAY, { traces: 2, time: 40, release: '2', duration: [[9, 2]] }),
      wholeTraces(tenant, LIST, { traces: 3, time: 9, release: '1', duration: [[7, 3]] }),
      part(tenant, NETWORK, { band: 10, release: '1', traces: 5, time: 25, duration: [[4, 5]] }),
      part(tenant, NETWORK, { band: 12, release: '2', traces: 2, time: 30, duration: [[8, 2]] }),
      { tenant, minute: NOW_MS, what: PathRow.note, item: 'no_root', traces: 4 },
    ])
    const { paths } = suite.store()
    const one = { entry: PLAY, release: '1', traces: 5, timeNs: 50, duration: { from: 5, counts: Float64Array.of(5) } }
    const two = { entry: PLAY, release: '2', traces: 2, timeNs: 40, duration: { from: 9, counts: Float64Array.of(2) } }
    const other = { entry: LIST, release: '1', traces: 3, timeNs: 9, duration: { from: 7, counts: Float64Array.of(3) } }
    expect(await paths.traces(window(tenant), [PLAY, LIST])).toEqual([other, one, two])
    expect(await paths.traces(window(tenant), [PLAY])).toEqual([one, two])
    expect((await paths.items(window(tenant), PLAY, '1')).map(({ timeNs }) => timeNs)).toEqual([25])
    const slow = await paths.partDurations(window(tenant), PLAY, { fromBand: 11, toBand: 40 })
    expect(slow).toEqual([{ contributor: NETWORK, duration: { from: 8, counts: Float64Array.of(2) } }])
    expect(await paths.notes(window(tenant))).toEqual([{ code: 'no_root', count: 4 }])
  })
}
