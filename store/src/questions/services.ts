import type { ByteLru } from '../cache/byte-lru.ts'
import type { WindowCache } from '../cache/window-cache.ts'
import type { ServiceKey, TenantWindow } from '../contract-terms.ts'
import type { ServiceQuestions } from '../contract.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { sql, text, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment, Select } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'
import { RED_COLUMNS, redRow } from './red.ts'
import {
  BY_SERVICE,
  instancesQuestion,
  type KnownInstances,
  keyText,
  SERVICE_COLUMNS,
  serviceKey,
  type ServiceNumbers,
  servicesQuestion,
} from './service-sums.ts'

export function createServiceQuestions(engine: Engine, cache: WindowCache, lru: ByteLru): ServiceQuestions {
  const services = servicesQuestion(engine, lru)
  const instances = instancesQuestion(engine)
  const counted = createCounted()
  return {
    async readAhead(window) {
      await cache.readAhead(services, window)
      await cache.readAhead(instances, window)
    },
    async services(window, name) {
      if (name !== undefined) return namedServices(engine, window, name)
      const [numbers, known] = await Promise.all([cache.ask(services, window), cache.ask(instances, window)])
      return counted(numbers, known)
    },
    async operations(window, service, limit) {
      const rows = await engine.ask(operationsQuery(window, service, limit))
      return rows.map((row) => ({ operation: row.operation, kind: row.kind, ...redRow(row) }))
    },
    async instances(window, service) {
      const rows = await engine.ask(instancesQuery(window, service))
      return rows.map((row) => ({ instance: row.instance, version: row.version, lastSeenMs: row.lastSeenMs, ...redRow(row) }))
    },
    async series(window, service, stepSeconds) {
      const rows = await engine.ask(seriesQuery(window, service, stepSeconds))
      return rows.map((row) => ({ timeMs: row.timeMs, ...redRow(row) }))
    },
    addresses: async (window) => (await cache.ask(instances, window)).addresses,
  }
}

/** Services with how many instances they have: the same rows of the same rows, so that who joins them further can tell that nothing changed. */
function createCounted() {
  const made = new WeakMap<readonly ServiceNumbers[], { known: KnownInstances; rows: readonly (ServiceNumbers & { instances: number })[] }>()
  return (numbers: readonly ServiceNumbers[], known: KnownInstances) => {
    const before = made.get(numbers)
    if (before?.known === known) return before.rows
    const rows = numbers.map((row) => ({ ...row, instances: known.counts.get(keyText(row)) ?? 0 }))
    made.set(numbers, { known, rows })
    return rows
  }
}

/** Of one name: to read that alone is cheaper than all of a window. */
async function namedServices(engine: Engine, window: TenantWindow, name: string): ReturnType<ServiceQuestions['services']> {
  const [numbers, instances] = await Promise.all([engine.ask(servicesQuery(window, name)), engine.ask(instanceCountsQuery(window, name))])
  const counts = new Map(instances.map((row) => [keyText(row), row.instances]))
  return numbers.map((row) => ({ ...serviceKey(row), ...redRow(row), instances: counts.get(keyText(row)) ?? 0 }))
}

export function servicesQuery(window: TenantWindow, name: string) {
  return compile({
    scope: window,
    from: 'red',
    columns: { ...SERVICE_COLUMNS, ...RED_COLUMNS },
    where: [minutesOf(window), ...named(name)],
    groupBy: BY_SERVICE,
    orderBy: BY_SERVICE,
  })
}

export function instanceCountsQuery(window: TenantWindow, name: string) {
  return compile({
    scope: window,
    from: 'instances',
    columns: { ...SERVICE_COLUMNS, instances: asNumber(sql`uniqExact(instance)`) },
    where: [minutesOf(window), ...named(name)],
    groupBy: BY_SERVICE,
  })
}

/** Names may be without end, so durations are added up for those alone that are answered. */
export function operationsQuery(window: TenantWindow, service: Partial<ServiceKey>, limit: number) {
  const where = [minutesOf(window), ...isService(service)]
  const busiest: Select = {
    scope: window,
    from: 'red',
    columns: { operation: asText(sql`operation`), kind: asNumber(sql`kind`) },
    where,
    groupBy: sql`operation, kind`,
    orderBy: sql`sum(calls) DESC, operation, kind`,
    limit,
  }
  return compile({
    ...busiest,
    columns: { operation: asText(sql`operation`), kind: asNumber(sql`kind`), ...RED_COLUMNS },
    where: [...where, sql`(operation, kind) IN ${busiest}`],
  })
}

export function instancesQuery(window: TenantWindow, service: Partial<ServiceKey>) {
  return compile({
    scope: window,
    from: 'instances',
    columns: { instance: asText(sql`instance`), version: asText(sql`version`), lastSeenMs: asNumber(sql`toUnixTimestamp(max(minute)) * 1000`), ...RED_COLUMNS },
    where: [minutesOf(window), ...isService(service)],
    groupBy: sql`instance, version`,
    orderBy: sql`instance, version`,
  })
}

export function seriesQuery(window: TenantWindow, service: Partial<ServiceKey>, stepSeconds: number) {
  const step = uint32(Math.max(1, Math.floor(stepSeconds)))
  return compile({
    scope: window,
    from: 'red',
    columns: { timeMs: asNumber(sql`intDiv(toUnixTimestamp(minute), ${step}) * ${step} * 1000`), ...RED_COLUMNS },
    where: [minutesOf(window), ...isService(service)],
    groupBy: sql`timeMs`,
    orderBy: sql`timeMs`,
  })
}

function named(name: string | undefined): Fragment[] {
  return name === undefined ? [] : [sql`service = ${text(name)}`]
}

function isService(service: Partial<ServiceKey>): Fragment[] {
  return [
    ...(service.environment === undefined ? [] : [sql`environment = ${text(service.environment)}`]),
    ...(service.cluster === undefined ? [] : [sql`cluster = ${text(service.cluster)}`]),
    ...(service.namespace === undefined ? [] : [sql`namespace = ${text(service.namespace)}`]),
    ...named(service.service),
  ]
}
