import { StoreUnavailableError } from '@skein/store/errors'
import type { IntakeQuestions, Store, TopologyQuestions } from '@skein/store/contract'
import { edgeMinutes, edgeRowOf, minutesOf, quantilesOf } from './fake-numbers.ts'
import { fakeEvents } from './fake-events.ts'
import { NO_SCENARIO_ROWS, scenarioRowsAway } from './fake-scenarios.ts'
import { fakeLogs, logsAway, NO_LOGS } from './fake-logs.ts'
import { logMetricsAway, logRulesAway, NO_LOG_METRICS, NO_LOG_RULES } from './fake-log-rules.ts'
import { logPatternsAway, NO_LOG_PATTERNS } from './fake-log-patterns.ts'
import { fakePaths, NO_PATHS, pathsAway } from './fake-paths.ts'
import { fakeServices, splitByOperation } from './fake-services.ts'
import { createFakeTraces } from './fake-trace-questions.ts'
import { fakeFrames } from './fake-frames.ts'
import { edgeEndsAway, fakeEdgeEnds, NO_EDGE_ENDS } from './fake-edge-ends.ts'
import { fakeExemplars } from './fake-exemplars.ts'
import { primeTime, seeded } from './seeded.ts'
import { EDGES, SERVICES, type FakeEdge } from './tv-operator.ts'

export type FakeMode = 'busy' | 'empty' | 'away'

/** A store of a made-up TV operator whose numbers follow the clock; or an empty one, or one that cannot be reached. */
export function createFakeStore({ clock, mode = 'busy' }: { clock: () => number; mode?: FakeMode }): Store {
  const unavailable = async (): Promise<never> => {
    throw new StoreUnavailableError('connect ECONNREFUSED 127.0.0.1:8123')
  }
  const busy: Store = {
    ingest: { insert: unavailable, batchIdsSince: unavailable, logFilesBefore: unavailable, patternsBefore: unavailable },
    topology: fakeTopology(clock),
    services: fakeServices(clock),
    traces: createFakeTraces(clock),
    events: fakeEvents(clock),
    scenarios: NO_SCENARIO_ROWS,
    paths: fakePaths(),
    logs: fakeLogs(clock),
    logPatterns: NO_LOG_PATTERNS,
    logRules: NO_LOG_RULES,
    logMetrics: NO_LOG_METRICS,
    intake: fakeIntake(clock),
    probe: async () => undefined,
    failed: new Promise<never>(() => undefined),
    close: async () => undefined,
  }
  if (mode === 'busy') return busy
  return { ...busy, ...(mode === 'empty' ? emptyQuestions() : awayQuestions(unavailable)) }
}

function emptyQuestions(): Pick<Store, 'topology' | 'services' | 'traces' | 'events' | 'paths' | 'logs' | 'intake'> {
  const none = async () => []
  return {
    topology: {
      readAhead: async () => undefined,
      edges: none,
      exemplars: none,
      notes: none,
      edgeSeries: none,
      edgeFrames: none,
      edgeOperations: none,
      ...NO_EDGE_ENDS,
    },
    services: { readAhead: async () => undefined, services: none, operations: none, instances: none, series: none, addresses: none },
    traces: {
      search: none,
      points: async () => ({ points: [], total: 0 }),
      differences: async () => ({ selected: 0, rest: 0, selectedOfAll: 0, restOfAll: 0, pairs: [], keys: [], resources: [] }),
      attributes: async () => ({ traces: 0, ofAll: 0, pairs: [], keys: [], resources: [] }),
      services: none,
      spanNames: none,
      linking: none,
      linkOwners: none,
      stored: none,
      spans: async () => ({ spans: [], truncated: false }),
      resources: async () => new Map(),
    },
    events: { post: async (_, event) => event, posted: none, versions: none, instanceStarts: none },
    paths: NO_PATHS,
    logs: NO_LOGS,
    intake: { accepted: none, outcomes: none, newest: async () => null },
  }
}

function awayQuestions(
  away: () => Promise<never>,
): Pick<
  Store,
  'topology' | 'services' | 'traces' | 'events' | 'scenarios' | 'paths' | 'logs' | 'logPatterns' | 'logRules' | 'logMetrics' | 'intake' | 'probe'
> {
  return {
    topology: { readAhead: away, edges: away, exemplars: away, notes: away, edgeSeries: away, edgeFrames: away, edgeOperations: away, ...edgeEndsAway(away) },
    services: { readAhead: away, services: away, operations: away, instances: away, series: away, addresses: away },
    traces: {
      search: away,
      points: away,
      differences: away,
      attributes: away,
      services: away,
      spanNames: away,
      linking: away,
      linkOwners: away,
      stored: away,
      spans: away,
      resources: away,
    },
    scenarios: scenarioRowsAway(away),
    events: { post: away, posted: away, versions: away, instanceStarts: away },
    paths: pathsAway(away),
    logs: logsAway(away),
    logPatterns: logPatternsAway(away),
    logRules: logRulesAway(away),
    logMetrics: logMetricsAway(away),
    intake: { accepted: away, outcomes: away, newest: away },
    probe: away,
  }
}

function fakeTopology(clock: () => number): TopologyQuestions {
  const rowOf = (edge: FakeEdge, window: { startMs: number; endMs: number }) => edgeRowOf(edge, edgeMinutes(edge, window, clock()))
  const chosen = (ids: readonly string[]) => EDGES.filter((edge) => ids.includes(edgeRowOf(edge, []).edgeId))
  return {
    ...fakeEdgeEnds(clock),
    readAhead: async () => undefined,
    edges: async (window) => EDGES.map((edge) => rowOf(edge, window)).filter((row) => row.calls > 0),
    exemplars: async (window, perEdge, edgeIds) => fakeExemplars(window, clock(), perEdge).filter((row) => edgeIds?.includes(row.edgeId) ?? true),
    notes: async (window) =>
      minutesOf(window, clock()).length === 0
        ? []
        : [
            { code: 'half_edges', subject: 'api-gateway', count: 214 },
            { code: 'late_corrections', subject: '', count: 37 },
            { code: 'skewed_hosts', subject: 'manifest-2', count: 412 },
            { code: 'unnamed_peers', subject: 'notification', count: 18 },
          ],
    edgeSeries: async (window, edgeIds) =>
      chosen(edgeIds).flatMap((edge) =>
        edgeMinutes(edge, window, clock()).map((minute) => {
          const row = edgeRowOf(edge, [minute])
          const { minuteMs, calls, errors } = minute
          const [client, server, network, queueWait] = [row.client, row.server, row.network, row.queueWait].map(quantilesOf)
          return { minuteMs, calls, errors, client: client ?? null, server: server ?? null, network: network ?? null, queueWait: queueWait ?? null }
        }),
      ),
    edgeFrames: async (window, stepSeconds, groups) => fakeFrames({ window, stepSeconds, groups, nowMs: clock() }),
    edgeOperations: async (window, edgeIds) =>
      chosen(edgeIds).flatMap((edge) => {
        const row = rowOf(edge, window)
        const served = SERVICES.find((each) => each.service === edge.target.name && each.environment === edge.target.environment)
        return splitByOperation(row.calls, row.errors, edge.p50Ms, served?.operations ?? [[`${edge.kind} ${edge.target.name}`, 3, 1]])
      }),
  }
}

function fakeIntake(clock: () => number): IntakeQuestions {
  const spansOf = (minuteMs: number) => Math.floor(310_000 * primeTime(minuteMs) * (0.95 + 0.1 * seeded('intake', minuteMs)))
  return {
    accepted: async (window) =>
      minutesOf(window, clock()).flatMap(({ minuteMs, weight }) => {
        const records = spansOf(minuteMs) * weight
        const repeats = Math.floor(records * 0.0004)
        const lines = records * 3
        return [
          { minuteMs, signal: 'traces' as const, records, visible: records - repeats - 1, repeats, dead: 1, bytes: records * 487 },
          { minuteMs, signal: 'logs' as const, records: lines, visible: lines - Math.floor(lines / 9), repeats: 0, dead: 0, bytes: lines * 165 },
        ]
      }),
    outcomes: async (window) =>
      minutesOf(window, clock()).flatMap(({ minuteMs }) => {
        const repeats = {
          signal: 'traces' as const,
          keyId: 'default',
          kind: 'repeat' as const,
          reason: 'repeat_batch' as const,
          requests: 1,
          records: 124,
          bytes: 61_000,
        }
        const full = { ...repeats, kind: 'refused' as const, reason: 'intake_inflight_bytes' as const, requests: 3, records: 1500, bytes: 730_000 }
        const cut = { ...repeats, kind: 'cut' as const, reason: 'intake_value_bytes' as const, requests: 2, records: 5, bytes: 210_000 }
        const dead = { ...repeats, kind: 'dead' as const, reason: 'dead_letter' as const, requests: 1, records: 1, bytes: 512 }
        const minute = Math.floor(minuteMs / 60_000)
        return [repeats, ...(minute % 20 === 7 ? [full] : []), ...(minute % 5 === 0 ? [cut, dead] : [])].map((row) => ({ ...row, minuteMs }))
      }),
    newest: async () => ({ receivedMs: clock() - 640, newestSpanMs: clock() - 910 }),
  }
}
