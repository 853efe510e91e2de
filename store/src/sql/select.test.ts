import type { Search } from '@skein/schemas/filter/tree'
import { expect, test } from 'vitest'
import type { ScenarioQuestion } from '../contract-scenarios.ts'
import { FRAME_EDGES } from '../questions/edge-frames.ts'
import { edgeNamesQuery, PACKED_EDGES } from '../questions/edges.ts'
import { countMarksQuery, marksQuery, packedQuery } from '../questions/packed-sums.ts'
import { instancesOfServicesQuery, PACKED_SERVICES, serviceNamesQuery } from '../questions/service-sums.ts'
import {
  otherReleasesQuery,
  pathMentionsQuery,
  partDurationsQuery,
  pathEntriesQuery,
  pathItemsQuery,
  pathNotesQuery,
  pathTimesQuery,
  pathTracesQuery,
} from '../questions/paths.ts'
import { dropSeriesQuery, dropsQuery, sampleQuery, storedLinesQuery } from '../questions/log-drops.ts'
import { metricCombinationsQuery, metricSeriesQuery, metricTotalsQuery, metricVersionsQuery, readUntilQuery } from '../questions/log-metrics.ts'
import { seriesQuery as patternSeriesQuery, templatesQuery, totalsQuery } from '../questions/log-patterns.ts'
import { eventQuery, postedQuery } from '../questions/events.ts'
import { firstMinutesQuery } from '../questions/instance-starts.ts'
import { sharesQuery, stretchesQuery } from '../questions/version-starts.ts'
import { acceptedQuery, newestQuery, outcomesQuery } from '../questions/intake.ts'
import { instanceCountsQuery, instancesQuery, operationsQuery, seriesQuery, servicesQuery } from '../questions/services.ts'
import { edgeInstancesQuery, edgeOperationSumsQuery, groupViewersQuery, proxiesQuery, viewersQuery } from '../questions/edge-ends.ts'
import { servicesInTracesQuery } from '../questions/services-in-traces.ts'
import { storedSpansQuery } from '../questions/stored-spans.ts'
import { lineQuery } from '../questions/log-around.ts'
import {
  groupsOfMinutesQuery,
  linesOfMinutesQuery,
  linesOfRowsQuery,
  ownFieldsQuery,
  patternsOfMinutesQuery,
  valuesOfRowsQuery,
} from '../questions/log-facets.ts'
import { logAlternatives, logFilter } from '../questions/log-filter.ts'
import { stepsOfMinutesQuery, stepsOfRowsQuery } from '../questions/log-histogram.ts'
import { minuteFilter } from '../questions/log-minutes.ts'
import { fingerprintsQuery } from '../questions/log-resources.ts'
import { linesQuery } from '../questions/log-search.ts'
import { endsQuery, tailCountQuery, tailQuery } from '../questions/log-tail.ts'
import { edgeOperationsQuery, edgeSeriesQuery, exemplarsQuery, notesQuery } from '../questions/topology.ts'
import { keyCountsQuery, pairCountsQuery } from '../questions/trace-attributes.ts'
import { keysQuery, PAIRS, pairsQuery, resourcesOfQuery, sideQuery } from '../questions/trace-comparison.ts'
import { candidatesOf } from '../questions/trace-search.ts'
import { tracesQuery } from '../questions/trace-fold.ts'
import { linkingQuery, linkOwnersQuery } from '../questions/trace-links.ts'
import { entriesQuery } from '../questions/scenario-entries.ts'
import { countsQuery, keysQuery as runKeysQuery, matchColumnsQuery, roughCountsQuery } from '../questions/scenario-matches.ts'
import { spansOfTracesQuery } from '../questions/scenario-spans.ts'
import { partsQuery, pointsQuery } from '../questions/trace-points.ts'
import { ownersQuery } from '../questions/resource-owners.ts'
import { bucketsAround, spansQuery } from '../questions/trace-spans.ts'
import { resourcesQuery, spanNamesQuery } from '../questions/traces.ts'
import { sql } from './fragment.ts'
import type { CompiledQuery } from './select.ts'

const window = { tenant: 'acme', startMs: 1_767_300_030_000, endMs: 1_767_303_600_000 }
const id = '0123456789abcdef'
const range = { fromSeconds: 1_767_300_000, toSeconds: 1_767_303_600 }
const search = {
  ...window,
  service: 'tv',
  operation: 'GET /',
  entry: 'GET /',
  minDurationNs: 5,
  maxDurationNs: 9,
  error: true,
  attributes: [
    { key: 'user', value: '42' },
    { key: 'm', value: 'GET' },
  ],
  sort: 'newest' as const,
  limit: 20,
  after: `1767303500000000000-${id}${id}`,
}
const lookUp = { tenant: 'acme', traceId: id + id, limit: 100, aroundMs: undefined }

const pathEntry = { environment: 'e', cluster: 'c', namespace: 'n', service: 'tv', operation: 'GET /' }

const scenario: ScenarioQuestion = {
  ...window,
  steps: [
    { match: { kind: 'span', service: 'tv', operation: 'login' }, optional: false, slowNs: null },
    { match: { kind: 'span', service: 'tv', where: 'code >= 500 or not route:/epg' }, optional: true, slowNs: 1e9 },
    { match: { kind: 'device', event: 'startup' }, optional: false, slowNs: null },
  ],
  success: 2,
  keys: ['user.id', 'enduser.id'],
  withinMs: 60_000,
  from: 'spans',
  nowMs: window.endMs,
}

const selection = {
  startMs: 1_767_300_001_500,
  endMs: 1_767_300_002_500,
  minDurationNs: 5,
  maxDurationNs: 9,
  error: true,
  attributes: [{ key: 'v', value: '2' }],
}
const sample = { tenant: 'acme', range, selected: [id], rest: ['f'.repeat(16)] }

const bare = { ...window, attributes: [], service: 'tv', kind: 3, status: 1, minSpanNs: 5.5, maxSpanNs: 9.5 }

const service = (name: string) => ({ kind: 'service' as const, name })
const calling = {
  ...window,
  attributes: [],
  error: true,
  calls: [
    { kind: 'http' as const, source: service('tv'), target: service('epg') },
    { kind: 'link' as const, source: service('tv'), target: service('epg') },
    { kind: 'consume' as const, source: { kind: 'queue' as const, name: 'kafka/orders' }, target: service('epg') },
    { kind: 'call' as const, source: { kind: 'client' as const, name: 'user/epg' }, target: service('epg') },
  ],
  sort: 'newest' as const,
  limit: 20,
}

const nanoseconds = { from: 1_767_300_030_000_000_000n, to: 1_767_303_600_000_000_000n }
const logSearch: Search = {
  and: [
    { field: 'body', op: 'has', value: 'Connection reset' },
    { field: 'body', op: 'has', value: '登录' },
    { not: { field: 'body', op: 'like', value: 'pay*' } },
    {
      or: [
        { field: 'body', op: 'matches', value: 'a|b' },
        { field: 'severity', op: '>=', value: 13 },
      ],
    },
    { field: 'http.route', op: '=', value: '/epg' },
    { field: 'took', op: '>', value: 5 },
    { field: 'cluster', op: '=', value: 'bj-1' },
    { field: 'trace_id', op: '=', value: id + id },
  ],
}
const filterScope = {
  resources: new Map([[id, { environment: '', cluster: 'bj-1', namespace: '', attributes: new Map([['http.route', '/epg']]), bytes: 0 }]]),
  regexOf: () => () => false,
}
const minuteSearch: Search = {
  and: [
    { field: 'service', op: '=', value: 'epg' },
    { field: 'severity', op: '>=', value: 13 },
    { field: 'pattern', op: '=', value: id },
  ],
}
const tailPosition = { sinceMs: window.startMs, partitions: new Map([[3, { offset: 7, receivedMs: window.startMs }]]) }
const tailEnds = [
  { partition: 3, offset: 9, receivedMs: window.endMs, lines: 2 },
  { partition: 4, offset: 0, receivedMs: window.endMs, lines: 1 },
]

const QUERIES: Record<string, CompiledQuery> = {
  edges: packedQuery('acme', PACKED_EDGES, { segments: [{ from: 1_767_300_000, to: 1_767_300_300 }] }),
  edgeFrames: packedQuery('acme', FRAME_EDGES, { segments: [{ from: 1_767_300_000, to: 1_767_300_300 }] }),
  edgeNames: edgeNamesQuery(window, [id]),
  marks: marksQuery(window, 'edges'),
  exemplarMarks: countMarksQuery(window, 'exemplars'),
  exemplars: exemplarsQuery(window, { perEdge: 3, edgeIds: [id], order: sql`edge_id, duration DESC`, where: [] }),
  notes: notesQuery(window),
  edgeInstances: edgeInstancesQuery(window, [id], 50),
  viewers: viewersQuery(window),
  logLines: linesQuery({ tenant: 'acme', range: nanoseconds, where: [logFilter(logSearch, filterScope)], order: 'desc', limit: 20, after: `${id}${id}` }),
  logLine: lineQuery('acme', `${id}${id}`)!,
  logSteps: stepsOfRowsQuery({ ...window, stepMs: 60_000 }, []),
  logStepsOfMinutes: stepsOfMinutesQuery({ ...window, stepMs: 60_000 }, minuteFilter(minuteSearch)!),
  logCount: linesOfRowsQuery(window, []),
  logCountOfMinutes: linesOfMinutesQuery(window, sql`1`),
  logGroupsOfMinutes: groupsOfMinutesQuery(window, sql`1`),
  logPatternsOfMinutes: patternsOfMinutesQuery(window, sql`1`),
  logFacet: valuesOfRowsQuery(window, { where: [], field: 'http.route' }),
  logOwnFields: ownFieldsQuery(window, logAlternatives({ field: 'http.route', op: '=', value: '/epg' }, filterScope)[1]!),
  logResources: fingerprintsQuery(window),
  tailEnds: endsQuery('acme', tailPosition),
  tail: tailQuery({ tenant: 'acme', from: tailPosition, ends: tailEnds, where: [], limit: 10 }),
  tailCount: tailCountQuery({ tenant: 'acme', from: tailPosition, ends: tailEnds, where: [] }),
  drops: dropsQuery({ ...window, rule: 'noise', service: 'tv', reason: 'sample' }, 10),
  dropSeries: dropSeriesQuery(window, 60_000),
  storedLines: storedLinesQuery({ ...window, service: 'tv' }),
  sampledLines: sampleQuery(window, { oneIn: 4, limit: 100 }),
  sampledSeconds: sampleQuery(window, { oneIn: 1000, limit: 100 }),
  metricTotals: metricTotalsQuery(window, 0),
  metricCombinations: metricCombinationsQuery({ ...window, metric: 'orders', rule: 'r1' }, ['http.route'], 10),
  metricSeries: metricSeriesQuery({ ...window, metric: 'orders', service: 'tv', environment: 'prod' }, { stepMs: 60_000, by: [], kept: null }),
  metricSeriesFolded: metricSeriesQuery({ ...window, metric: 'orders' }, { stepMs: 60_000, by: ['service', 'http.route'], kept: [['tv', '/play']] }),
  metricVersions: metricVersionsQuery({ ...window, metric: 'orders' }),
  metricsReadUntil: readUntilQuery('acme', 0),
  patternTotals: totalsQuery({ ...window, service: 'tv', environment: 'prod', cluster: 'c1', namespace: 'n', severities: ['error', 'fatal'] }, 10),
  patternSeries: patternSeriesQuery(window, [id], 60_000),
  patternTemplates: templatesQuery('acme', [id]),
  groupViewers: groupViewersQuery(window, [[id], [id.toUpperCase()]]),
  proxies: proxiesQuery(window),
  servicesInTraces: servicesInTracesQuery(window, [id + id]),
  storedSpans: storedSpansQuery({
    tenant: 'acme',
    traceIds: [id + id],
    fromMs: window.startMs,
    toMs: window.endMs,
    beforeMs: window.endMs,
    spansPerTrace: 1000,
  }),
  edgeSeries: edgeSeriesQuery(window, [id]),
  edgeOperations: edgeOperationsQuery(window, [id], 50),
  edgeOperationSums: edgeOperationSumsQuery(window, [id]),
  edgesSummed: packedQuery('acme', PACKED_EDGES, { segments: [{ from: 1_767_300_000, to: 1_767_300_300 }], summed: true, part: [sql`edge_id % 4 = 1`] }),
  services: packedQuery('acme', PACKED_SERVICES, { segments: [{ from: 1_767_300_000, to: 1_767_300_300 }] }),
  serviceNames: serviceNamesQuery(window, [id]),
  servicesNamed: servicesQuery(window, 'tv'),
  instanceCounts: instanceCountsQuery(window, 'tv'),
  instancesOfServices: instancesOfServicesQuery(window),
  operations: operationsQuery(window, { service: 'tv', cluster: 'c', namespace: 'n', environment: 'e' }, 1001),
  instances: instancesQuery(window, { service: 'tv' }),
  series: seriesQuery(window, {}, 300),
  event: eventQuery('acme', 'deploy-1'),
  posted: postedQuery(window, 10),
  stretches: stretchesQuery('acme', [{ from: 1_767_300_000, to: 1_767_300_300 }], 300),
  shares: sharesQuery('acme', [
    { environment: 'e', cluster: 'c', namespace: 'n', service: 'tv', minuteMs: 1_767_300_000_000, fromVersion: '1', toVersion: '2' },
  ]),
  firstMinutes: firstMinutesQuery(window, ['tv']),
  accepted: acceptedQuery(window),
  outcomes: outcomesQuery(window),
  newest: newestQuery('acme'),
  traces: tracesQuery({ ...search, sort: 'longest', attributes: [] }, range, undefined),
  tracesOfItems: tracesQuery(search, range, candidatesOf(search, range)[0]),
  tracesOfRest: tracesQuery(search, range, candidatesOf(search, range)[1]),
  tracesOfService: tracesQuery(
    search,
    range,
    candidatesOf({ tenant: 'acme', startMs: 0, endMs: 0, service: 'tv', error: true, attributes: [], sort: 'newest', limit: 1 }, range)[0],
  ),
  comparedSide: sideQuery({ search, selection, wanted: 'rest', range, candidates: candidatesOf(search, range)[0], oneIn: 3, limit: 500 }),
  comparedPairs: pairsQuery(sample),
  pairCounts: pairCountsQuery({ ...sample, rest: [] }, PAIRS),
  keyCounts: keyCountsQuery({ ...sample, rest: [] }),
  comparedKeys: keysQuery(sample),
  comparedResources: resourcesOfQuery(sample),
  resourceOwners: ownersQuery(window, ['k8s.pod.name'], 'tv-1'),
  tracesOfOwners: tracesQuery(search, range, candidatesOf({ ...search, attributes: [{ key: 'pod', value: 'a', resources: [id] }] }, range)[2]),
  spanNames: spanNamesQuery(window, 'tv', 100),
  tracesOfSpans: tracesQuery({ ...bare, limit: 20, sort: 'newest' }, range, candidatesOf({ ...bare, limit: 20, sort: 'newest' }, range)[0]),
  spans: spansQuery(lookUp, bucketsAround(1_767_300_000_000)),
  resources: resourcesQuery('acme', [id]),
  points: pointsQuery({ search: { ...window, minDurationNs: 5, attributes: [] }, range, candidates: undefined, oneIn: 3, limit: 100 }),
  parts: partsQuery({ ...window, attributes: [] }, range),
  scenarioCounts: countsQuery(scenario),
  scenarioMatches: matchColumnsQuery({ ...scenario, from: { scenario: 'sc', version: 2 } }, { oneIn: 4, keyed: true, limit: 10 }),
  scenarioRoughCounts: roughCountsQuery({ ...scenario, from: { scenario: 'sc', version: 2 } }, 64),
  scenarioRunKeys: runKeysQuery({ ...scenario, key: 'k' }, { hashes: [id], traceIds: [id + id], fromMs: scenario.startMs, toMs: scenario.startMs }),
  scenarioStoredRunKeys: runKeysQuery(
    { ...scenario, from: { scenario: 'sc', version: 2 } },
    { hashes: [id], traceIds: [id + id], fromMs: scenario.startMs, toMs: scenario.startMs },
  ),
  tracesOfCalls: tracesQuery(calling, range, candidatesOf(calling, range)[0]),
  tracesOfCallsOfService: tracesQuery(calling, range, candidatesOf({ ...calling, service: 'epg', operation: 'GET /' }, range)[0]),
  spansOfTraces: spansOfTracesQuery(window, { traceIds: [id + id], spanIds: [id], limit: 100 }),
  sessionEntries: entriesQuery(window, 100),
  pathEntries: pathEntriesQuery(window),
  pathMentions: pathMentionsQuery(window, 'epg'),
  pathTimes: pathTimesQuery(window),
  pathTraces: pathTracesQuery(window, [pathEntry]),
  otherReleases: otherReleasesQuery(window, pathEntry, ['1', "2'"]),
  pathItems: pathItemsQuery(window, pathEntry, undefined),
  partDurations: partDurationsQuery(window, pathEntry, { fromBand: 90, toBand: 140 }),
  pathNotes: pathNotesQuery(window),
  linking: linkingQuery({ tenant: window.tenant, traceId: id + id, limit: 100 }),
  linkOwners: linkOwnersQuery({ tenant: window.tenant, traceIds: [id + id, id + id.toUpperCase()], beforeMs: 5, ownersPerTrace: 7 }),
}

for (const [name, query] of Object.entries(QUERIES)) {
  test(`the SQL of ${name} is the golden one`, async () => {
    const parameters = Object.entries(query.parameters).map(([key, { type, value }]) => `-- ${key} ${type} ${JSON.stringify(value)}`)
    await expect(`${[query.sql, ...parameters].join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.sql`)
  })
}

test('every reference to a table in every question is bound to its tenant', () => {
  for (const { sql: statement, parameters } of Object.values(QUERIES)) {
    const references = statement.match(/FROM `/g)?.length ?? 0
    expect(references).toBeGreaterThan(0)
    expect(statement.match(/FROM `\w+`\nWHERE \(tenant = \{p\d+:String\}\)/g)).toHaveLength(references)
    expect(Object.values(parameters).map(({ value }) => value)).toContain('acme')
  }
})
