import { histogramOf, NO_HISTOGRAM, plainHistogram } from '@skein/schemas/histogram'
import { Topic } from '@skein/schemas/topics'
import { expect, test } from 'vitest'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, handBlock } from './conformance-rows.ts'
import type { TableName } from './tables.ts'

const MINUTE_MS = 60_000
const HOUR_MS = Date.UTC(2026, 0, 2, 20)

/** Every question on rows made by hand. */
export function questionLaws(suite: Suite): void {
  edgeLaws(suite)
  topologyLaws(suite)
  serviceLaws(suite)
  intakeLaws(suite)

  test('an empty store answers every question with nothing', async () => {
    const window = windowOf(suite.fresh('tenant'))
    const { topology, services, intake } = suite.store()
    await suite.store().probe()
    expect(await topology.edges(window)).toEqual([])
    expect(await topology.exemplars(window, 3)).toEqual([])
    expect(await topology.notes(window)).toEqual([])
    expect(await topology.edgeSeries(window, ['0123456789abcdef'])).toEqual([])
    expect(await topology.edgeOperations(window, [], 50)).toEqual([])
    expect(await services.services(window)).toEqual([])
    expect(await services.operations(window, {}, 10)).toEqual([])
    expect(await services.instances(window, {})).toEqual([])
    expect(await services.series(window, {}, 60)).toEqual([])
    expect(await services.addresses(window)).toEqual([])
    expect(await intake.accepted(window)).toEqual([])
    expect(await intake.outcomes(window)).toEqual([])
    expect(await intake.newest(window.tenant)).toBeNull()
  })
}

function edgeLaws(suite: Suite): void {
  test('edges add up the minutes of the window, and taken-back calls leave no edge', async () => {
    const window = windowOf(suite.fresh('tenant'))
    await plantEdges(suite, window.tenant)
    const edges = await suite.store().topology.edges(window)
    expect(edges).toHaveLength(1)
    expect(edges[0]).toMatchObject({
      edgeId: 'fedcba9876543210',
      kind: 'http',
      source: { kind: 'service', environment: '', cluster: '', namespace: '', name: 'tv' },
      target: { kind: 'service', name: 'epg' },
      calls: 5,
      callsSeen: 4,
      errors: 1,
      evidence: { paired: 3, clientOnly: 2, serverOnly: 0 },
      firstSeenMs: HOUR_MS + 1,
      lastSeenMs: HOUR_MS + 4,
    })
    expect(plainHistogram(edges[0]?.client ?? NO_HISTOGRAM)).toEqual({ from: 40, counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3] })
    expect(plainHistogram(edges[0]?.network ?? NO_HISTOGRAM)).toEqual({ from: -1, counts: [1] })
  })

  test('what is almost always zero stays with its edge', async () => {
    const window = windowOf(suite.fresh('tenant'))
    const rare = (edge: number) => ({
      server_only: edge % 50 === 7 ? edge : 0,
      errors: edge % 40 === 3 ? edge : 0,
      queue_wait: edge % 60 === 9 ? [[edge, 1] as const] : [],
    })
    const rows = Array.from({ length: 300 }, (_, edge) => ({
      edge_id: BigInt(edge + 1),
      minute: HOUR_MS,
      source_name: `s${edge}`,
      calls: edge + 1,
      ...rare(edge),
    }))
    await insert(suite, 'edges', window.tenant, rows)
    for (const { edgeId, errors, evidence, queueWait } of await suite.store().topology.edges(window)) {
      const edge = Number(BigInt(`0x${edgeId}`)) - 1
      const wanted = rare(edge)
      expect([errors, evidence.serverOnly, plainHistogram(queueWait)]).toEqual([
        wanted.errors,
        wanted.server_only,
        plainHistogram(histogramOf(wanted.queue_wait)),
      ])
    }
  })

  test('an edge has a series by minute and its operations', async () => {
    const window = windowOf(suite.fresh('tenant'))
    await plantEdges(suite, window.tenant)
    const ids = ['fedcba9876543210']
    expect(await suite.store().topology.edgeSeries(window, ids)).toMatchObject([
      { minuteMs: HOUR_MS, calls: 3, errors: 1, server: null, network: null, queueWait: null },
      { minuteMs: HOUR_MS + MINUTE_MS, calls: 2, errors: 0, server: null },
    ])
    expect((await suite.store().topology.edgeOperations(window, ids, 1)).map(({ operation }) => operation)).toEqual(['a'])
    expect(await suite.store().topology.edgeOperationSums(window, ids)).toEqual({ operations: 2, calls: 5, errors: 1 })
    expect((await suite.store().topology.edgeOperations(window, ids, 50)).map(({ operation, calls }) => [operation, calls])).toEqual([
      ['a', 3],
      ['b', 2],
    ])
  })
}

async function plantEdges(suite: Suite, tenant: string): Promise<void> {
  const common = { edge_id: 0xfedc_ba98_7654_3210n, kind: 'http', source_kind: 'service', source_name: 'tv', target_kind: 'service', target_name: 'epg' }
  await insert(suite, 'edges', tenant, [
    {
      ...common,
      minute: HOUR_MS,
      operation: 'a',
      calls: 3,
      calls_seen: 3,
      errors: 1,
      paired: 3,
      client: [
        [40, 1],
        [50, 2],
      ],
      first_seen: HOUR_MS + 1,
      last_seen: HOUR_MS + 2,
    },
    {
      ...common,
      minute: HOUR_MS + MINUTE_MS,
      operation: 'b',
      calls: 2,
      calls_seen: 1,
      client_only: 2,
      client: [[50, 1]],
      network: [[-1, 1]],
      first_seen: HOUR_MS + 3,
      last_seen: HOUR_MS + 4,
    },
    { ...common, minute: HOUR_MS + 60 * MINUTE_MS, operation: 'a', calls: 9 },
    { ...common, edge_id: 1n, minute: HOUR_MS, operation: 'a', calls: 1, client: [[3, 1]] },
    { ...common, edge_id: 1n, minute: HOUR_MS + MINUTE_MS, operation: 'a', calls: -1, client: [[3, -1]] },
  ])
}

function topologyLaws(suite: Suite): void {
  test('exemplars are the slowest and the newest errors of each edge, each once', async () => {
    const window = windowOf(suite.fresh('tenant'))
    const row = (edge: bigint, span: string, more: HandRow): HandRow => ({
      minute: HOUR_MS,
      edge_id: edge,
      trace_id: 'ab',
      span_id: span,
      ts: HOUR_MS,
      ...more,
    })
    await insert(suite, 'exemplars', window.tenant, [
      row(1n, 'a1', { duration: 10 }),
      row(1n, 'a2', { duration: 30 }),
      row(1n, 'a3', { duration: 20 }),
      row(1n, 'a4', { duration: 1, error: 1, ts: HOUR_MS + 1 }),
      row(1n, 'a5', { duration: 2, error: 1 }),
      row(2n, 'b1', { duration: 5, error: 1 }),
    ])
    const spans = async (edges?: string[]): Promise<string[]> =>
      (await suite.store().topology.exemplars(window, 1, edges)).map(
        (each) => `${each.edgeId.slice(-1)} ${each.spanId.slice(0, 2)} ${each.durationNs} ${each.error}`,
      )
    expect(await spans()).toEqual(['1 a2 30 false', '2 b1 5 true', '1 a4 1 true'])
    expect(await spans(['0000000000000002'])).toEqual(['2 b1 5 true'])
    expect(await spans([])).toEqual([])
  })

  test('exemplars of named edges are also the calls longest on their way, of which the same once', async () => {
    const window = windowOf(suite.fresh('tenant'))
    const row = (span: string, more: HandRow): HandRow => ({ minute: HOUR_MS, edge_id: 1n, trace_id: 'ab', span_id: span, ts: HOUR_MS, ...more })
    await insert(suite, 'exemplars', window.tenant, [
      row('a1', { duration: 30 }),
      row('a2', { duration: 10, transit: 5 }),
      row('a3', { duration: 20, transit: 9 }),
      row('a4', { duration: 1, transit: 7 }),
      row('a1', { duration: 30, transit: 6 }),
    ])
    const spans = async (perEdge: number, edges?: string[]): Promise<[string, number][]> =>
      (await suite.store().topology.exemplars(window, perEdge, edges)).map(({ spanId, transitNs }) => [spanId.slice(0, 2), transitNs])
    expect((await spans(1, ['0000000000000001'])).map(([span]) => span)).toEqual(['a1', 'a3'])
    expect(await spans(3, ['0000000000000001'])).toEqual([
      ['a1', 6],
      ['a3', 9],
      ['a4', 7],
    ])
    expect((await spans(1)).map(([span]) => span)).toEqual(['a1'])
  })

  test('notes are counted over the window', async () => {
    const window = windowOf(suite.fresh('tenant'))
    await insert(suite, 'notes', window.tenant, [
      { minute: HOUR_MS, code: 'half_edges', subject: 'tv', count: 2 },
      { minute: HOUR_MS + MINUTE_MS, code: 'half_edges', subject: 'tv', count: 3 },
      { minute: HOUR_MS, code: 'limit', subject: '', count: 1 },
      { minute: HOUR_MS + MINUTE_MS, code: 'limit', subject: '', count: -1 },
    ])
    expect(await suite.store().topology.notes(window)).toEqual([{ code: 'half_edges', subject: 'tv', count: 5 }])
  })
}

function serviceLaws(suite: Suite): void {
  test('services, operations, series add up; instances are counted and named', async () => {
    const window = windowOf(suite.fresh('tenant'))
    const tv = { environment: 'prod', cluster: 'c1', namespace: 'n1', service: 'tv' }
    await insert(suite, 'red', window.tenant, [
      { ...tv, minute: HOUR_MS, operation: 'GET /', kind: 2, calls: 4, errors: 1, duration: [[100, 4]] },
      { ...tv, minute: HOUR_MS + MINUTE_MS, operation: 'GET /', kind: 2, calls: 1, duration: [[200, 1]] },
      { ...tv, minute: HOUR_MS, operation: 'POST /', kind: 2, calls: 1 },
      { ...tv, minute: HOUR_MS, service: 'epg', operation: 'x', kind: 5, calls: 7 },
    ])
    await insert(suite, 'instances', window.tenant, [
      { ...tv, minute: HOUR_MS, instance: 'pod-1', version: '1', addresses: ['10.0.0.1', 'pod-1'], calls: 4 },
      { ...tv, minute: HOUR_MS + MINUTE_MS, instance: 'pod-1', version: '1', addresses: ['10.0.0.1'], calls: 1 },
      { ...tv, minute: HOUR_MS, instance: 'pod-2', version: '2', calls: 1 },
    ])
    const { services } = suite.store()
    expect((await services.services(window)).map(({ service, calls, errors, instances }) => [service, calls, errors, instances])).toEqual([
      ['epg', 7, 0, 0],
      ['tv', 6, 1, 2],
    ])
    expect(await services.services(window, 'tv')).toMatchObject([{ ...tv, calls: 6 }])
    expect((await services.services(window, 'epg'))[0]?.duration).toBeNull()
    expect((await services.operations(window, tv, 10)).map(({ operation, kind, calls }) => [operation, kind, calls])).toEqual([
      ['GET /', 2, 5],
      ['POST /', 2, 1],
    ])
    expect(await services.operations(window, { ...tv, cluster: 'other' }, 10)).toEqual([])
    expect(await services.operations(window, tv, 1)).toEqual((await services.operations(window, tv, 10)).slice(0, 1))
    expect(
      (await services.instances(window, { service: 'tv' })).map(({ instance, version, calls, lastSeenMs }) => [instance, version, calls, lastSeenMs]),
    ).toEqual([
      ['pod-1', '1', 5, HOUR_MS + MINUTE_MS],
      ['pod-2', '2', 1, HOUR_MS],
    ])
    expect((await services.series(window, tv, 60)).map(({ timeMs, calls }) => [timeMs, calls])).toEqual([
      [HOUR_MS, 5],
      [HOUR_MS + MINUTE_MS, 1],
    ])
    expect((await services.series(window, tv, 3600)).map(({ timeMs, calls }) => [timeMs, calls])).toEqual([[HOUR_MS, 6]])
    expect(await services.addresses(window)).toEqual([
      { address: '10.0.0.1', service: tv },
      { address: 'pod-1', service: tv },
    ])
  })

  test('percentiles are those of the added-up histogram', async () => {
    const window = windowOf(suite.fresh('tenant'))
    await insert(suite, 'red', window.tenant, [
      { minute: HOUR_MS, service: 's', operation: 'o', calls: 50, duration: [[320, 50]] },
      { minute: HOUR_MS + MINUTE_MS, service: 's', operation: 'o', calls: 50, duration: [[640, 50]] },
    ])
    const duration = (await suite.store().services.services(window))[0]?.duration
    expect(duration?.p50).toBeCloseTo(2 ** (320.5 / 32), 5)
    expect(duration?.p99).toBeCloseTo(2 ** (640.5 / 32), 5)
  })
}

function intakeLaws(suite: Suite): void {
  test('what was accepted and what was not is counted by minute', async () => {
    const window = windowOf(suite.fresh('tenant'))
    await insert(suite, 'ranges', window.tenant, [
      { received: HOUR_MS + 1, range: 'r1', topic: 't', records: 10, visible: 7, repeats: 2, dead: 1, bytes: 100, newest_ns: BigInt(HOUR_MS) * 1_000_000n },
      { received: HOUR_MS + 2, range: 'r2', topic: 't', records: 1, visible: 1, bytes: 5, newest_ns: 1n },
      { received: HOUR_MS + 90_000, range: 'r3', topic: 't', records: 1, visible: 1, bytes: 5 },
      { received: HOUR_MS + 80_000, range: 'r4', topic: Topic.logs, records: 7, visible: 4, repeats: 1, bytes: 9 },
    ])
    await insert(suite, 'outcomes', window.tenant, [
      { minute: HOUR_MS, signal: 'traces', key_id: 'k', kind: 'refused', reason: 'bad_id', requests: 1, records: 2, bytes: 3 },
      { minute: HOUR_MS, signal: 'traces', key_id: 'k', kind: 'refused', reason: 'malformed', requests: 1, records: 2, bytes: 3 },
    ])
    await insert(suite, 'outcomes', window.tenant, [
      { minute: HOUR_MS, signal: 'traces', key_id: 'k', kind: 'refused', reason: 'bad_id', requests: 1, records: 1, bytes: 1 },
    ])
    const { intake } = suite.store()
    expect(await intake.accepted(window)).toEqual([
      { minuteMs: HOUR_MS, signal: 'traces', records: 11, visible: 8, repeats: 2, dead: 1, bytes: 105 },
      { minuteMs: HOUR_MS + MINUTE_MS, signal: 'traces', records: 1, visible: 1, repeats: 0, dead: 0, bytes: 5 },
      { minuteMs: HOUR_MS + MINUTE_MS, signal: 'logs', records: 7, visible: 4, repeats: 1, dead: 0, bytes: 9 },
    ])
    expect(await intake.outcomes(window)).toEqual([
      { minuteMs: HOUR_MS, signal: 'traces', keyId: 'k', kind: 'refused', reason: 'bad_id', requests: 2, records: 3, bytes: 4 },
      { minuteMs: HOUR_MS, signal: 'traces', keyId: 'k', kind: 'refused', reason: 'malformed', requests: 1, records: 2, bytes: 3 },
    ])
    expect(await intake.newest(window.tenant)).toEqual({ receivedMs: HOUR_MS + 90_000, newestSpanMs: HOUR_MS })
  })
}

function windowOf(tenant: string) {
  return { tenant, startMs: HOUR_MS, endMs: HOUR_MS + 60 * MINUTE_MS }
}

async function insert(suite: Suite, table: TableName, tenant: string, rows: readonly HandRow[]): Promise<void> {
  await suite.store().ingest.insert(
    `${suite.fresh('topic')}:0:0-9`,
    handBlock(
      table,
      rows.map((row) => ({ tenant, ...row })),
    ),
    false,
  )
}
