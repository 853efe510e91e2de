import { PathRow } from '@skein/schemas/path'
import { logLineId } from '@skein/schemas/log'
import { expect, test } from 'vitest'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, handBlock } from './conformance-rows.ts'
import type { ScenarioQuestion } from './contract-scenarios.ts'
import type { Store } from './contract.ts'
import type { TraceSearch } from './contract-traces.ts'
import { QueryLimitError } from './errors.ts'
import { contributorText, entryText, type PathContributor, type PathEntry } from './path-text.ts'
import { INSERT_ORDER, TABLES } from './tables.ts'

const NOW_MS = Date.UTC(2026, 0, 2, 20)
const EDGE = '00000000000000aa'
const TRACE = '7'.repeat(32)
const LINKED = 'c'.repeat(32)

const INJECTIONS = [
  "' OR 1=1 --",
  "'; DROP TABLE spans; --",
  "\\'; DROP TABLE spans; --",
  "') UNION ALL SELECT 1, 2 --",
  '{tenant:String}',
  "'} OR {p0:String} = {'",
  '\\',
  "'",
  '`',
  '\u0000',
  "x\n'\t\r\u0000\\",
  "' || file('/etc/passwd') || '",
  "a') FORMAT Null --",
  "/* q:1 */'",
  '\u2019 OR 1=1',
  '\ud800',
]

/** No question reaches rows of another tenant, or beyond its limits. */
export function wallLaws(suite: Suite): void {
  test('no question shows a tenant the rows of another one, nor markers', async () => {
    const owner = await plantRows(suite)
    const seen = await askEverything(suite.store(), { tenant: owner, text: 'svc', id: EDGE })
    for (const [question, rows] of Object.entries(seen)) expect([question, rows > 0]).toEqual([question, true])
    const foreign = await askEverything(suite.store(), { tenant: suite.fresh('tenant'), text: 'svc', id: EDGE })
    for (const [question, rows] of Object.entries(foreign)) expect([question, rows]).toEqual([question, 0])
  })

  test('a question without a tenant is refused', async () => {
    const refusals = await Promise.allSettled(questions(suite.store(), { tenant: '', text: 'x', id: EDGE }).map(async ([, ask]) => ask()))
    for (const refusal of refusals) expect(refusal.status).toBe('rejected')
  })

  test('each block leaves one marker row a day, and it belongs to nobody', async () => {
    await plantRows(suite)
    for (const table of INSERT_ORDER) {
      const rows = await suite.run(`SELECT ${TABLES[table].marker}, count() FROM ${table} WHERE tenant = '' GROUP BY 1, toDate(${TABLES[table].day}, 'UTC')`)
      expect(rows.length).toBeGreaterThan(0)
      for (const [token, count] of rows) expect([String(token).endsWith(`:${table}`), Number(count)]).toEqual([true, 1])
    }
  })

  test('text that looks like SQL finds nothing, changes nothing and stays text', { timeout: 120_000 }, async () => {
    const owner = await plantRows(suite)
    const before = await askEverything(suite.store(), { tenant: owner, text: 'svc', id: EDGE })
    for (const text of INJECTIONS) {
      const foreign = await askEverything(suite.store(), { tenant: text, text, id: text })
      for (const [question, rows] of Object.entries(foreign)) expect([text, question, rows]).toEqual([text, question, 0])
    }
    for (const text of INJECTIONS.slice(0, 4)) {
      const own = await askEverything(suite.store(), { tenant: owner, text, id: text })
      expect([text, own['searchByService'], own['searchByAttribute'], own['spans'], own['servicesByName']]).toEqual([text, 0, 0, 0, 0])
    }
    expect(await askEverything(suite.store(), { tenant: owner, text: 'svc', id: EDGE })).toEqual(before)
  })

  test('any text is stored, searched and answered as it is', async () => {
    const tenant = suite.fresh("o'tenant\\")
    for (const service of INJECTIONS.filter((text) => text !== '\ud800')) {
      const row: HandRow = { tenant, minute: NOW_MS, service, operation: service, calls: 1 }
      await suite.store().ingest.insert(`${suite.fresh('topic')}:0:0-1`, handBlock('red', [row]), false)
      const found = await suite.store().services.services({ tenant, startMs: NOW_MS, endMs: NOW_MS + 60_000 }, service)
      expect(found.map((each) => each.service)).toEqual([service])
    }
  })

  test('a question over its limit of rows fails with that limit, and the next one is answered', async () => {
    const owner = await plantRows(suite)
    const strict = await suite.reopen({ rowsRead: 1 })
    const other: HandRow[] = Array.from({ length: 5 }, (_, at) => ({ tenant: owner, minute: NOW_MS, service: `s${at}`, operation: 'o', calls: 1 }))
    await strict.ingest.insert(`${suite.fresh('topic')}:0:0-1`, handBlock('red', other), false)
    const window = { tenant: owner, startMs: NOW_MS, endMs: NOW_MS + 60_000 }
    await expect(strict.services.services(window)).rejects.toMatchObject({ name: 'QueryLimitError', limit: 'rows' })
    await expect(strict.services.services(window)).rejects.toBeInstanceOf(QueryLimitError)
    const free = await suite.reopen()
    expect((await free.services.services(window)).length).toBeGreaterThan(5)
  })
}

const OWN_TIME: PathContributor = {
  part: 'service',
  node: { kind: 'service', environment: 'svc', cluster: '', namespace: '', name: 'svc' },
  version: 'svc',
  operation: 'svc',
  edge: null,
}

function entryOf(text: string): PathEntry {
  return { environment: text, cluster: text, namespace: text, service: text, operation: text }
}

interface Probe {
  tenant: string
  text: string
  id: string
}

function questions(store: Store, { tenant, text, id }: Probe): [string, () => Promise<{ length: number }>][] {
  const window = { tenant, startMs: NOW_MS, endMs: NOW_MS + 60_000 }
  const key = { environment: text, cluster: text, namespace: text, service: text }
  const match = { kind: 'span' as const, service: text, where: 'svc:svc' }
  const scenario: ScenarioQuestion = {
    ...window,
    steps: [{ match, optional: false, slowNs: null }],
    success: 0,
    keys: [text],
    withinMs: 60_000,
    from: 'spans',
    nowMs: NOW_MS,
  }
  const search: TraceSearch = { ...window, attributes: [], sort: 'newest', limit: 10 }
  return [
    ['edges', () => store.topology.edges(window)],
    ['exemplars', () => store.topology.exemplars(window, 2, [id])],
    ['allExemplars', () => store.topology.exemplars(window, 2)],
    ['notes', () => store.topology.notes(window)],
    ['edgeSeries', () => store.topology.edgeSeries(window, [id])],
    ['edgeFrames', async () => (await store.topology.edgeFrames(window, 60, [[EDGE]])).slice()],
    ['edgeInstances', () => store.topology.edgeInstances(window, [id], 10)],
    ['viewers', async () => [...(await store.topology.viewers(window))]],
    ['viewersOfGroups', async () => (await store.topology.viewersOfGroups(window, [[EDGE]])).filter((count) => count > 0)],
    ['proxies', () => store.topology.proxies(window)],
    ['edgeOperations', () => store.topology.edgeOperations(window, [id], 10)],
    ['edgeOperationSums', async () => [await store.topology.edgeOperationSums(window, [id])].filter(({ calls }) => calls > 0)],
    ['services', () => store.services.services(window)],
    ['servicesByName', () => store.services.services(window, text)],
    ['operations', () => store.services.operations(window, key, 10)],
    ['instances', () => store.services.instances(window, key)],
    ['series', () => store.services.series(window, key, 60)],
    ['addresses', () => store.services.addresses(window)],
    ['search', () => store.traces.search(search)],
    ['searchByService', () => store.traces.search({ ...search, service: text })],
    ['searchByOperation', () => store.traces.search({ ...search, operation: text })],
    ['searchByEntry', () => store.traces.search({ ...search, entry: text })],
    ['searchByKind', () => store.traces.search({ ...search, kind: 2, status: 0, minSpanNs: 0, maxSpanNs: 5 })],
    ['attributes', async () => (await store.traces.attributes(search, 10)).pairs],
    ['spanNames', () => store.traces.spanNames(window, text, 10)],
    ['searchByAttribute', () => store.traces.search({ ...search, attributes: [{ key: text, value: text }] })],
    ['differences', async () => await bothSides(store, search)],
    ['linking', () => store.traces.linking(tenant, id === EDGE ? LINKED : id, 10)],
    ['linkOwners', () => store.traces.linkOwners({ tenant, traceIds: [id === EDGE ? LINKED : id], beforeMs: 2 * NOW_MS, ownersPerTrace: 10 })],
    ['spans', async () => (await store.traces.spans(tenant, id === EDGE ? TRACE : id, 10)).spans],
    [
      'stored',
      () => store.traces.stored({ tenant, traceIds: [id === EDGE ? TRACE : id], fromMs: 0, toMs: 2 * NOW_MS, beforeMs: 2 * NOW_MS, spansPerTrace: 10 }),
    ],
    ['resources', async () => [...(await store.traces.resources(tenant, [id]))]],
    ['posted', () => store.events.posted(window, 10)],
    ['versions', () => store.events.versions(window)],
    ['instanceStarts', () => store.events.instanceStarts(window, [text])],
    ['funnel', async () => (await store.scenarios.funnel(scenario, { stepSeconds: 60, sample: 1 })).points],
    ['runs', () => store.scenarios.runs(scenario, { limit: 10 })],
    ['spansOfTraces', async () => [...(await store.scenarios.spans(window, { traceIds: [id === EDGE ? TRACE : id], limit: 10 }))]],
    ['entries', () => store.scenarios.entries(window, 10)],
    ['mentions', () => store.paths.mentions(window, text)],
    ['pathTimes', async () => (await store.paths.times(window)).rows],
    ['pathItems', () => store.paths.items(window, entryOf(text))],
    ['partDurations', () => store.paths.partDurations(window, entryOf(text), { fromBand: 0, toBand: 9 })],
    ...logQuestions(store, { tenant, text, id }),
    ['patternTotals', () => store.logPatterns.totals({ ...window, service: text }, 10)],
    ['patternSeries', () => store.logPatterns.series({ ...window, service: text }, [id], 60_000)],
    ['drops', () => store.logRules.drops({ ...window, rule: text }, 10)],
    ['dropSeries', () => store.logRules.dropSeries({ ...window, rule: text }, 60_000)],
    ['sampledLines', () => store.logRules.sample(window, { oneIn: 1, limit: 10 })],
    ['storedLines', () => store.logRules.stored({ ...window, service: text })],
    ['metricTotals', () => store.logMetrics.totals(window, 0)],
    ['metricCombinations', () => store.logMetrics.combinations({ ...window, metric: text }, ['service', text], 10)],
    ['metricSeries', () => store.logMetrics.series({ ...window, metric: text }, { stepMs: 60_000, by: [text], kept: [[text]] })],
    ['metricVersions', () => store.logMetrics.versions({ ...window, metric: text, rule: text, service: text, environment: text })],
    ['metricsReadUntil', async () => ((await store.logMetrics.readUntil(tenant, 0)) === null ? [] : [1])],
    ['templates', () => store.logPatterns.templates(tenant, [id])],
    ['accepted', () => store.intake.accepted(window)],
    ['outcomes', () => store.intake.outcomes(window)],
    ['newest', async () => ((await store.intake.newest(tenant)) === null ? [] : [1])],
  ]
}

function logQuestions(store: Store, { tenant, text }: Probe): [string, () => Promise<{ length: number }>][] {
  const window = { tenant, startMs: NOW_MS, endMs: NOW_MS + 60_000 }
  const lines = { ...window, search: null }
  const id = logLineId(BigInt(NOW_MS) * 1_000_000n, 1n)
  return [
    ['lines', () => store.logs.search({ ...lines, order: 'desc', limit: 10 })],
    ['linesByWord', () => store.logs.search({ ...lines, search: { field: 'body', op: 'has', value: text }, order: 'asc', limit: 10 })],
    ['linesByAttribute', () => store.logs.search({ ...lines, search: { field: text, op: '=', value: text }, order: 'asc', limit: 10 })],
    ['logHistogram', () => store.logs.histogram(lines, 60_000)],
    ['logHistogramOfRows', () => store.logs.histogram(lines, 1000)],
    ['logFacets', async () => (await store.logs.facets(lines, { fields: ['service'], values: 10, most: 10 })).facets.flatMap(({ values }) => values)],
    ['logFacetsOfRows', async () => (await store.logs.facets(lines, { fields: [text], values: 10, most: 10 })).facets.flatMap(({ values }) => values)],
    ['logFields', async () => (await store.logs.fields(lines, 10)).fields],
    ['line', async () => [await store.logs.line(tenant, id)].filter((line) => line !== undefined)],
    ['tailPosition', async () => [...(await store.logs.newestPosition(tenant, 0)).partitions]],
    ['tail', async () => (await store.logs.tail(tenant, { sinceMs: 0, partitions: new Map() }, { search: null, limit: 10 })).rows],
    ['logCount', async () => Array.from({ length: await store.logs.count(window) })],
  ]
}

async function bothSides(store: Store, search: TraceSearch): Promise<{ length: number }> {
  const { selected, rest } = await store.traces.differences(search, { attributes: [] }, 10)
  return { length: selected + rest }
}

/** A store lets so many questions wait and no more, and some ask several. */
const AT_ONCE = 16

async function askEverything(store: Store, probe: Probe): Promise<Record<string, number>> {
  const all = questions(store, probe)
  const counts: (readonly [string, number])[] = []
  for (let at = 0; at < all.length; at += AT_ONCE)
    counts.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(async ([name, ask]) => [name, (await ask()).length] as const))))
  return Object.fromEntries(counts)
}

/** A tenant with a row in every table, named `svc` wherever a question takes text. */
async function plantRows(suite: Suite): Promise<string> {
  const tenant = suite.fresh('tenant')
  const key = { environment: 'svc', cluster: 'svc', namespace: 'svc', service: 'svc' }
  const start_ns = BigInt(NOW_MS) * 1_000_000n
  const rows: Record<(typeof INSERT_ORDER)[number], HandRow> = {
    edges: { minute: NOW_MS, edge_id: 0xaan, operation: 'svc', calls: 1 },
    red: { ...key, minute: NOW_MS, operation: 'svc', calls: 1 },
    instances: { ...key, minute: NOW_MS, instance: 'svc', version: 'svc', addresses: ['svc'], proxy: 'svc', calls: 1 },
    notes: { minute: NOW_MS, code: 'limit', subject: 'svc', count: 1 },
    exemplars: { minute: NOW_MS, edge_id: 0xaan, trace_id: TRACE, span_id: '01' },
    edge_instances: { minute: NOW_MS, edge_id: 0xaan, side: 'source', instance: 'svc', calls: 1 },
    edge_viewers: { minute: NOW_MS, step: 60, edge_id: 0xaan, viewers: ['1'] },
    resources: { day: NOW_MS - (NOW_MS % 86_400_000), fp: 0xaan, attributes: 'svc' },
    traces: { bucket: NOW_MS, trace_id: TRACE, start_ns, end_ns: start_ns, spans: 1, has_root: 1, root_operation: 'svc' },
    trace_services: { bucket: NOW_MS, trace_id: TRACE, service: 'svc' },
    spans: { bucket: NOW_MS, ts: start_ns, trace_id: TRACE, span_id: '01', kind: 2, service: 'svc', name: 'svc', items: ['svc=svc', 'session.id=svc'] },
    span_links: { bucket: NOW_MS, ts: start_ns, linked_trace: LINKED, trace_id: TRACE, span_id: '01', service: 'svc', name: 'svc' },
    scenario_steps: { bucket: NOW_MS, ts: start_ns, scenario: 'svc', version: 1, key: 'svc', key_hash: 1 },
    path_time: {
      minute: NOW_MS,
      what: PathRow.part,
      entry: entryText(entryOf('svc')),
      band: 3,
      item: contributorText(OWN_TIME),
      traces: 1,
      duration: [[1, 1]],
    },
    logs: {
      bucket: NOW_MS,
      ts: start_ns,
      seq: 1,
      received: NOW_MS,
      severity: 17,
      service: 'svc',
      resource_fp: 0xaan,
      trace_id: TRACE,
      pattern: 0xaan,
      body: 'svc',
      items: ['svc=svc'],
    },
    log_minutes: { ...key, minute: NOW_MS, severity: 'error', pattern: 0xaan, lines: 1, bytes: 3 },
    log_patterns: {
      day: NOW_MS - (NOW_MS % 86_400_000),
      partition: 1,
      position: 1,
      service: 'svc',
      number: 0,
      pattern: 0xaan,
      template: 'svc',
      first_seen: NOW_MS,
    },
    log_metrics: {
      ...{ minute: NOW_MS, metric: 'svc', rule: 'svc', version: 1, aggregation: 'sum', service: 'svc', environment: 'svc' },
      ...{ key_1: 'svc', value_1: 'svc', lines: 1, whole: 3, least: 3, most: 3 },
    },
    log_drops: { minute: NOW_MS, rule: 'svc', version: 1, reason: 'drop', service: 'svc', lines: 1, bytes: 3 },
    outcomes: { minute: NOW_MS, signal: 'traces', key_id: 'svc', kind: 'refused', reason: 'bad_id', requests: 1 },
    events: { time: NOW_MS, id: 'svc', kind: 'deploy', service: 'svc', attributes: '{}' },
    ranges: { received: NOW_MS, range: 'svc', topic: 'skein.logs', records: 1 },
  }
  const range = `${suite.fresh('topic')}:0:0-9`
  for (const table of INSERT_ORDER) await suite.store().ingest.insert(range, handBlock(table, [{ tenant, ...rows[table] }]), false)
  const before = { ...rows.instances, minute: NOW_MS - 60_000, instance: 'before', version: 'before' }
  await suite.store().ingest.insert(`${range},before`, handBlock('instances', [{ tenant, ...before }]), false)
  return tenant
}
