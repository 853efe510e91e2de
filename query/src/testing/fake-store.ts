import { StoreUnavailableError } from '@skein/store/errors'
import type { IntakeQuestions, ServiceKey, ServiceQuestions, Store, TopologyQuestions } from '@skein/store/contract'
import { edgeMinutes, edgeRowOf, durations, minutesOf, quantilesOf } from './fake-numbers.ts'
import { createFakeTraces } from './fake-trace-questions.ts'
import { fakeExemplars } from './fake-exemplars.ts'
import { primeTime, seeded } from './seeded.ts'
import { EDGES, SERVICES, type FakeEdge, type FakeService } from './tv-operator.ts'

export type FakeMode = 'busy' | 'empty' | 'away'

/** A store of a made-up TV operator whose numbers follow the clock; or an empty one, or one that cannot be reached. */
export function createFakeStore({ clock, mode = 'busy' }: { clock: () => number; mode?: FakeMode }): Store {
  const unavailable = async (): Promise<never> => {
    throw new StoreUnavailableError('connect ECONNREFUSED 127.0.0.1:8123')
  }
  const busy: Store = {
    ingest: { insert: unavailable, batchIdsSince: unavailable },
    topology: fakeTopology(clock),
    services: fakeServices(clock),
    traces: createFakeTraces(clock),
    intake: fakeIntake(clock),
    probe: async () => undefined,
    close: async () => undefined,
  }
  if (mode === 'busy') return busy
  return { ...busy, ...(mode === 'empty' ? emptyQuestions() : awayQuestions(unavailable)) }
}

function emptyQuestions(): Pick<Store, 'topology' | 'services' | 'traces' | 'intake'> {
  const none = async () => []
  return {
    topology: { edges: none, exemplars: none, notes: none, edgeSeries: none, edgeOperations: none },
    services: { services: none, operations: none, instances: none, series: none, addresses: none },
    traces: { search: none, spans: async () => ({ spans: [], truncated: false }), resources: async () => new Map() },
    intake: { accepted: none, outcomes: none, newest: async () => null },
  }
}

function awayQuestions(away: () => Promise<never>): Pick<Store, 'topology' | 'services' | 'traces' | 'intake' | 'probe'> {
  return {
    topology: { edges: away, exemplars: away, notes: away, edgeSeries: away, edgeOperations: away },
    services: { services: away, operations: away, instances: away, series: away, addresses: away },
    traces: { search: away, spans: away, resources: away },
    intake: { accepted: away, outcomes: away, newest: away },
    probe: away,
  }
}

function fakeTopology(clock: () => number): TopologyQuestions {
  const rowOf = (edge: FakeEdge, window: { startMs: number; endMs: number }) => edgeRowOf(edge, edgeMinutes(edge, window, clock()))
  const chosen = (ids: readonly string[]) => EDGES.filter((edge) => ids.includes(edgeRowOf(edge, []).edgeId))
  return {
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
          return { minuteMs: minute.minuteMs, calls: minute.calls, errors: minute.errors, client: quantilesOf(row.client), server: quantilesOf(row.server) }
        }),
      ),
    edgeOperations: async (window, edgeIds) =>
      chosen(edgeIds).flatMap((edge) => {
        const row = rowOf(edge, window)
        const served = SERVICES.find((each) => each.service === edge.target.name && each.environment === edge.target.environment)
        return split(row.calls, row.errors, edge.p50Ms, served?.operations ?? [[`${edge.kind} ${edge.target.name}`, 3, 1]])
      }),
  }
}

function split(calls: number, errors: number, p50Ms: number, operations: FakeService['operations']) {
  const total = operations.reduce((sum, [, , weight]) => sum + weight, 0)
  return operations.map(([operation, kind, weight], i) => {
    const share = weight / total
    const some = Math.round(calls * share)
    return { operation, kind, calls: some, errors: Math.round(errors * share), duration: quantilesOf(durations(p50Ms * (0.7 + 0.35 * i), some)) }
  })
}

function fakeServices(clock: () => number): ServiceQuestions {
  const numbersOf = (service: FakeService, window: { startMs: number; endMs: number }) => {
    const incoming = EDGES.filter(
      (edge) => edge.target.kind === 'service' && edge.target.name === service.service && edge.target.environment === service.environment,
    )
    const rows = incoming.map((edge) => edgeRowOf(edge, edgeMinutes(edge, window, clock())))
    const calls = rows.reduce((sum, row) => sum + row.calls, 0)
    const p50Ms = rows.reduce((sum, row, i) => sum + (incoming[i]?.p50Ms ?? 0) * row.calls, 0) / Math.max(1, calls)
    return { calls, errors: rows.reduce((sum, row) => sum + row.errors, 0), p50Ms }
  }
  const matching = (key: Partial<ServiceKey>) =>
    SERVICES.filter((each) => (Object.keys(key) as (keyof ServiceKey)[]).every((name) => key[name] === undefined || key[name] === each[name]))
  const seen = (window: { startMs: number; endMs: number }) => minutesOf(window, clock()).length > 0
  return {
    services: async (window, name) =>
      (seen(window) ? SERVICES : [])
        .filter((each) => name === undefined || each.service === name)
        .map((each) => {
          const { calls, errors, p50Ms } = numbersOf(each, window)
          return { ...keyOf(each), calls, errors, duration: quantilesOf(durations(p50Ms, calls)), instances: each.instances }
        }),
    operations: async (window, key) =>
      matching(key).flatMap((each) => {
        const { calls, errors, p50Ms } = numbersOf(each, window)
        return calls === 0 ? [] : split(calls, errors, p50Ms, each.operations)
      }),
    instances: async (window, key) =>
      matching(key).flatMap((each) => {
        const { calls, errors, p50Ms } = numbersOf(each, window)
        if (calls === 0) return []
        return Array.from({ length: each.instances }, (_, i) => {
          const some = Math.round((calls / each.instances) * (0.9 + 0.2 * seeded(each.service, i)))
          const duration = quantilesOf(durations(p50Ms * (i === 0 ? 1.4 : 1), some))
          return {
            instance: `${each.service}-${i}`,
            version: each.version,
            lastSeenMs: clock() - 900 * i,
            calls: some,
            errors: Math.round(errors / each.instances),
            duration,
          }
        })
      }),
    series: async (window, key, stepSeconds) => {
      const points = new Map<number, { calls: number; errors: number; p50Ms: number }>()
      for (const each of matching(key)) {
        for (const { minuteMs } of minutesOf(window, clock())) {
          const minute = numbersOf(each, { startMs: minuteMs, endMs: minuteMs + 60_000 })
          const timeMs = Math.floor(minuteMs / (stepSeconds * 1000)) * stepSeconds * 1000
          const point = points.get(timeMs) ?? { calls: 0, errors: 0, p50Ms: minute.p50Ms }
          points.set(timeMs, { calls: point.calls + minute.calls, errors: point.errors + minute.errors, p50Ms: point.p50Ms })
        }
      }
      return [...points]
        .filter(([, { calls }]) => calls > 0)
        .map(([timeMs, { calls, errors, p50Ms }]) => ({ timeMs, calls, errors, duration: quantilesOf(durations(p50Ms, calls)) }))
    },
    addresses: async (window) => {
      const notified = SERVICES.find((each) => each.service === 'billing')
      return seen(window) && notified !== undefined ? [{ address: '203.0.113.7', service: keyOf(notified) }] : []
    },
  }
}

function keyOf({ environment, cluster, namespace, service }: FakeService): ServiceKey {
  return { environment, cluster, namespace, service }
}

function fakeIntake(clock: () => number): IntakeQuestions {
  const spansOf = (minuteMs: number) => Math.floor(310_000 * primeTime(minuteMs) * (0.95 + 0.1 * seeded('intake', minuteMs)))
  return {
    accepted: async (window) =>
      minutesOf(window, clock()).map(({ minuteMs, weight }) => {
        const records = spansOf(minuteMs) * weight
        const repeats = Math.floor(records * 0.0004)
        return { minuteMs, records, visible: records - repeats - 1, repeats, dead: 1, bytes: records * 487 }
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
