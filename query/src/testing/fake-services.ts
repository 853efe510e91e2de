import type { RedRow, ServiceKey } from '@skein/store/contract-terms'
import type { ServiceQuestions } from '@skein/store/contract'
import { durations, edgeMinutes, edgeRowOf, minutesOf, quantilesOf } from './fake-numbers.ts'
import { seeded } from './seeded.ts'
import { EDGES, SERVICES, type FakeService } from './tv-operator.ts'

interface Span {
  startMs: number
  endMs: number
}

interface ServiceNumbers {
  calls: number
  errors: number
  p50Ms: number
}

export function fakeServices(clock: () => number): ServiceQuestions {
  const numbersOf = (service: FakeService, window: Span) => numbersIn(service, window, clock())
  const seen = (window: Span) => minutesOf(window, clock()).length > 0
  return {
    readAhead: async () => undefined,
    services: async (window, name) =>
      (seen(window) ? SERVICES : [])
        .filter((each) => name === undefined || each.service === name)
        .map((each) => {
          const { calls, errors, p50Ms } = numbersOf(each, window)
          return { ...keyOf(each), calls, errors, duration: quantilesOf(durations(p50Ms, calls)), instances: each.instances }
        }),
    operations: async (window, key) => {
      const service = matching(key)[0]
      const numbers = service === undefined ? null : numbersOf(service, window)
      return service === undefined || numbers === null || numbers.calls === 0
        ? []
        : splitByOperation(numbers.calls, numbers.errors, numbers.p50Ms, service.operations)
    },
    instances: async (window, key) => matching(key).flatMap((each) => instancesOf(each, numbersOf(each, window), clock())),
    series: async (window, key, stepSeconds) => seriesOf(matching(key), window, { stepMs: stepSeconds * 1000, nowMs: clock() }),
    addresses: async (window) => {
      const billing = SERVICES.find((each) => each.service === 'billing')
      return seen(window) && billing !== undefined ? [{ address: '203.0.113.7', service: keyOf(billing) }] : []
    },
  }
}

function numbersIn(service: FakeService, window: Span, nowMs: number): ServiceNumbers {
  const incoming = EDGES.filter(({ target }) => target.kind === 'service' && target.name === service.service && target.environment === service.environment)
  const rows = incoming.map((edge) => edgeRowOf(edge, edgeMinutes(edge, window, nowMs)))
  const calls = rows.reduce((sum, row) => sum + row.calls, 0)
  const p50Ms = rows.reduce((sum, row, i) => sum + (incoming[i]?.p50Ms ?? 0) * row.calls, 0) / Math.max(1, calls)
  return { calls, errors: rows.reduce((sum, row) => sum + row.errors, 0), p50Ms }
}

function matching(key: Partial<ServiceKey>): FakeService[] {
  return SERVICES.filter((each) => (Object.keys(key) as (keyof ServiceKey)[]).every((name) => key[name] === undefined || key[name] === each[name]))
}

type InstanceRow = Awaited<ReturnType<ServiceQuestions['instances']>>[number]

function instancesOf(service: FakeService, { calls, errors, p50Ms }: ServiceNumbers, nowMs: number): InstanceRow[] {
  if (calls === 0) return []
  const prefix = service.environment === 'production' ? '' : `${service.environment}-`
  return Array.from({ length: service.instances }, (_, i) => {
    const some = Math.round((calls / service.instances) * (0.9 + 0.2 * seeded(service.service, i)))
    return {
      instance: `${prefix}${service.service}-${i}`,
      version: service.version,
      lastSeenMs: nowMs - 900 * i,
      calls: some,
      errors: Math.round(errors / service.instances),
      duration: quantilesOf(durations(p50Ms * (i === 0 ? 1.4 : 1), some)),
    }
  })
}

function seriesOf(services: readonly FakeService[], window: Span, { stepMs, nowMs }: { stepMs: number; nowMs: number }): ({ timeMs: number } & RedRow)[] {
  const points = new Map<number, ServiceNumbers>()
  for (const service of services) {
    for (const { minuteMs } of minutesOf(window, nowMs)) {
      const minute = numbersIn(service, { startMs: minuteMs, endMs: minuteMs + 60_000 }, nowMs)
      const timeMs = Math.floor(minuteMs / stepMs) * stepMs
      const point = points.get(timeMs) ?? { calls: 0, errors: 0, p50Ms: minute.p50Ms }
      const busiest = minute.calls > point.calls ? minute.p50Ms : point.p50Ms
      points.set(timeMs, { calls: point.calls + minute.calls, errors: point.errors + minute.errors, p50Ms: busiest })
    }
  }
  return [...points]
    .filter(([, { calls }]) => calls > 0)
    .map(([timeMs, { calls, errors, p50Ms }]) => {
      const wobble = 0.9 + 0.2 * seeded('wobble', timeMs)
      return { timeMs, calls, errors, duration: quantilesOf(durations(p50Ms * wobble, calls)) }
    })
}

function keyOf({ environment, cluster, namespace, service }: FakeService): ServiceKey {
  return { environment, cluster, namespace, service }
}

/** Calls of a service or an edge, divided among its operations. */
export function splitByOperation(
  calls: number,
  errors: number,
  p50Ms: number,
  operations: FakeService['operations'],
): ({ operation: string; kind: number } & RedRow)[] {
  const total = operations.reduce((sum, [, , weight]) => sum + weight, 0)
  return operations.map(([operation, kind, weight], i) => {
    const share = weight / total
    const some = Math.round(calls * share)
    return { operation, kind, calls: some, errors: Math.round(errors * share), duration: quantilesOf(durations(p50Ms * (0.7 + 0.35 * i), some)) }
  })
}
