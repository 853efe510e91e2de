import type { ServiceKey, ServiceQuestions, TenantWindow } from '../contract.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { type Fragment, sql, text, uint32 } from '../sql/fragment.ts'
import { compile, type RowOf } from '../sql/select.ts'
import { minutesOf } from '../sql/window.ts'
import { addHistograms, RED_COLUMNS, redRow } from './red.ts'
import { addUp, insidePart, type WindowPart, windowParts } from './window-parts.ts'

const SERVICE_COLUMNS = {
  environment: asText(sql`environment`),
  cluster: asText(sql`cluster`),
  namespace: asText(sql`namespace`),
  service: asText(sql`service`),
} as const
const BY_SERVICE = sql`environment, cluster, namespace, service`

export function createServiceQuestions(engine: Engine): ServiceQuestions {
  return {
    async services(window, name) {
      const [instances, ...parts] = await Promise.all([
        engine.ask(instanceCountsQuery(window, name)),
        ...windowParts(window).map((part) => engine.ask(servicesQuery(window, part, name))),
      ])
      const numbers = addUp(parts.flat(), keyText, addServices)
      const counts = new Map(instances.map((row) => [keyText(row), row.instances]))
      return numbers.map((row) => ({ ...serviceKey(row), ...redRow(row), instances: counts.get(keyText(row)) ?? 0 }))
    },
    async operations(window, service) {
      const rows = await engine.ask(operationsQuery(window, service))
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
    async addresses(window) {
      const rows = await engine.ask(addressesQuery(window))
      return rows.map((row) => ({ address: row.address, service: serviceKey(row) }))
    },
  }
}

const SERVICE_NUMBERS = { ...SERVICE_COLUMNS, ...RED_COLUMNS } as const
type ServiceSums = RowOf<typeof SERVICE_NUMBERS>

function addServices(a: ServiceSums, b: ServiceSums): ServiceSums {
  return { ...a, calls: a.calls + b.calls, errors: a.errors + b.errors, histogram: addHistograms(a.histogram, b.histogram) }
}

export function servicesQuery(window: TenantWindow, part: WindowPart, name: string | undefined) {
  return compile({
    scope: window,
    from: 'red',
    columns: SERVICE_NUMBERS,
    where: [insidePart(part), ...named(name)],
    groupBy: BY_SERVICE,
    orderBy: BY_SERVICE,
  })
}

export function instanceCountsQuery(window: TenantWindow, name: string | undefined) {
  return compile({
    scope: window,
    from: 'instances',
    columns: { ...SERVICE_COLUMNS, instances: asNumber(sql`uniqExact(instance)`) },
    where: [minutesOf(window), ...named(name)],
    groupBy: BY_SERVICE,
  })
}

export function operationsQuery(window: TenantWindow, service: Partial<ServiceKey>) {
  return compile({
    scope: window,
    from: 'red',
    columns: { operation: asText(sql`operation`), kind: asNumber(sql`kind`), ...RED_COLUMNS },
    where: [minutesOf(window), ...isService(service)],
    groupBy: sql`operation, kind`,
    orderBy: sql`sum(calls) DESC, operation, kind`,
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

export function addressesQuery(window: TenantWindow) {
  return compile({
    scope: window,
    from: 'instances',
    columns: { address: asText(sql`arrayJoin(addresses)`), ...SERVICE_COLUMNS },
    where: [minutesOf(window)],
    groupBy: sql`address, environment, cluster, namespace, service`,
    orderBy: sql`address, environment, cluster, namespace, service`,
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

function serviceKey({ environment, cluster, namespace, service }: ServiceKey): ServiceKey {
  return { environment, cluster, namespace, service }
}

function keyText(key: ServiceKey): string {
  return JSON.stringify([key.environment, key.cluster, key.namespace, key.service])
}
