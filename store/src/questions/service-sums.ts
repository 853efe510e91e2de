import type { ByteLru } from '../cache/byte-lru.ts'
import type { CachedQuestion } from '../cache/window-cache.ts'
import type { RedRow, ServiceKey, TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { asText, asTexts } from '../sql/column.ts'
import { hexId, sql, uint64Ids } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { minutesOf } from '../sql/window.ts'
import { histogramAt, type Sums } from '../sums/sums.ts'
import { createNames } from './names.ts'
import { marksQuery, type PackedTable, packedSums } from './packed-sums.ts'
import { redRow } from './red.ts'

export const SERVICE_COLUMNS = {
  environment: asText(sql`environment`),
  cluster: asText(sql`cluster`),
  namespace: asText(sql`namespace`),
  service: asText(sql`service`),
} as const
export const BY_SERVICE = sql`environment, cluster, namespace, service`

/** Services have no id of their own. */
const SERVICE_ID = sql`sipHash64(environment, cluster, namespace, service)`

export const PACKED_SERVICES: PackedTable = {
  table: 'red',
  id: SERVICE_ID,
  shape: { counters: ['sum', 'sum'], histograms: 1 },
  counters: [sql`calls`, sql`errors`],
  histograms: [sql`duration`],
}

const ROW_BYTES = 500

export type ServiceNumbers = ServiceKey & RedRow

export function servicesQuestion(engine: Engine, lru: ByteLru): CachedQuestion<Sums, readonly ServiceNumbers[]> {
  const known = createNames(lru, 'services', (window, ids) => engine.ask(serviceNamesQuery(window, ids)))
  return packedSums(engine, PACKED_SERVICES, {
    async answer(window, sums) {
      if (sums === undefined) return []
      const names = await known.of(window, sums.ids)
      const rows = names.flatMap((name, at) => {
        const numbers = { calls: sums.counters[0]![at]!, errors: sums.counters[1]![at]!, histogram: histogramAt(sums.histograms[0]!, at) }
        return name === undefined ? [] : [{ ...serviceKey(name), ...redRow(numbers) }]
      })
      return rows.sort(byKey)
    },
    answerBytes: (rows) => rows.length * ROW_BYTES,
  })
}

export function serviceNamesQuery(window: TenantWindow, ids: readonly string[]) {
  return compile({
    scope: window,
    from: 'red',
    columns: { id: asText(hexId(SERVICE_ID)), ...SERVICE_COLUMNS },
    where: [minutesOf(window), sql`${SERVICE_ID} IN ${uint64Ids(ids)}`],
    groupBy: BY_SERVICE,
  })
}

interface ServiceInstances extends ServiceKey {
  readonly instances: readonly string[]
  readonly addresses: readonly string[]
}

export interface KnownInstances {
  /** By `keyText`. */
  readonly counts: ReadonlyMap<string, number>
  readonly addresses: readonly { address: string; service: ServiceKey }[]
}

export function instancesQuestion(engine: Engine): CachedQuestion<readonly ServiceInstances[], KnownInstances> {
  return {
    name: 'instances',
    table: 'instances',
    rowsALoad: 0,
    addedByEngine: true,
    marks: (window) => engine.ask(marksQuery(window, 'instances')),
    load: (tenant, segments) =>
      Promise.all(segments.map(({ from, to }) => engine.ask(instancesOfServicesQuery({ tenant, startMs: from * 1000, endMs: to * 1000 })))),
    add: (parts) => addInstances(parts.flat()),
    answer: async (_, rows = []) => ({
      counts: new Map(rows.map((row) => [keyText(row), row.instances.length])),
      addresses: rows.toSorted(byKey).flatMap((row) => row.addresses.toSorted().map((address) => ({ address, service: serviceKey(row) }))),
    }),
    partBytes: (rows) => rows.reduce((sum, row) => sum + ROW_BYTES + 100 * (row.instances.length + row.addresses.length), 0),
    answerBytes: ({ counts, addresses }) => ROW_BYTES * (counts.size + addresses.length),
  }
}

export function instancesOfServicesQuery(window: TenantWindow) {
  return compile({
    scope: window,
    from: 'instances',
    columns: { ...SERVICE_COLUMNS, instances: asTexts(sql`groupUniqArray(instance)`), addresses: asTexts(sql`groupUniqArrayArray(addresses)`) },
    where: [minutesOf(window)],
    groupBy: BY_SERVICE,
  })
}

function addInstances(rows: readonly ServiceInstances[]): ServiceInstances[] {
  const byService = new Map<string, { key: ServiceKey; instances: Set<string>; addresses: Set<string> }>()
  for (const row of rows) {
    const key = keyText(row)
    const known = byService.get(key) ?? { key: serviceKey(row), instances: new Set(), addresses: new Set() }
    byService.set(key, known)
    for (const instance of row.instances) known.instances.add(instance)
    for (const address of row.addresses) known.addresses.add(address)
  }
  return [...byService.values()].map(({ key, instances, addresses }) => ({ ...key, instances: [...instances], addresses: [...addresses] }))
}

export function serviceKey({ environment, cluster, namespace, service }: ServiceKey): ServiceKey {
  return { environment, cluster, namespace, service }
}

export function keyText(key: ServiceKey): string {
  return JSON.stringify([key.environment, key.cluster, key.namespace, key.service])
}

function byKey(a: ServiceKey, b: ServiceKey): number {
  return (
    compareText(a.environment, b.environment) || compareText(a.cluster, b.cluster) || compareText(a.namespace, b.namespace) || compareText(a.service, b.service)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
