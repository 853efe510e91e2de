import type { FieldValue } from '@skein/schemas/filter/tree'
import type { ByteLru } from '../cache/byte-lru.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { readResourceFields, type ResourceFields } from '../resource-attributes.ts'
import { asText } from '../sql/column.ts'
import { hexId, sql, uint16 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { resourcesQuery } from './traces.ts'

const DAY_MS = 86_400_000
/** Of a window; of more the newest are known. */
const MOST_RESOURCES = 10_000
const RESOURCES_PER_QUESTION = 2000

/** The resources that may have sent what is in a window, by fingerprint (16 hex digits). */
export type LogResources = ReadonlyMap<string, ResourceFields>

/** Reads what resources say; what a fingerprint stands for never changes, so that it is read once. */
export async function readLogResources(engine: Engine, lru: ByteLru, window: TenantWindow): Promise<LogResources> {
  const rows = await engine.ask(fingerprintsQuery(window))
  return resourcesNamed(
    { engine, lru, tenant: window.tenant },
    rows.map(({ fingerprint }) => fingerprint),
  )
}

export async function resourcesNamed(
  { engine, lru, tenant }: { engine: Engine; lru: ByteLru; tenant: string },
  fingerprints: readonly string[],
): Promise<LogResources> {
  const keyOf = (fingerprint: string): string => `resource ${fingerprint} ${tenant}`
  const known = new Map<string, ResourceFields>()
  for (const fingerprint of fingerprints) {
    const fields = lru.get(keyOf(fingerprint)) as ResourceFields | undefined
    if (fields !== undefined) known.set(fingerprint, fields)
  }
  const unknown = fingerprints.filter((fingerprint) => !known.has(fingerprint))
  for (let at = 0; at < unknown.length; at += RESOURCES_PER_QUESTION) {
    for (const { fingerprint, attributes } of await engine.ask(resourcesQuery(tenant, unknown.slice(at, at + RESOURCES_PER_QUESTION)))) {
      const fields = readResourceFields(attributes)
      lru.put(keyOf(fingerprint), fields, fields.bytes)
      known.set(fingerprint, fields)
    }
  }
  return known
}

export function fingerprintsQuery(window: TenantWindow) {
  const day = (ms: number): number => Math.max(0, Math.min(65_535, Math.floor(ms / DAY_MS)))
  return compile({
    scope: window,
    from: 'resources',
    columns: { fingerprint: asText(hexId(sql`fp`)) },
    where: [sql`day >= toDate(${uint16(day(window.startMs - DAY_MS))})`, sql`day <= toDate(${uint16(day(window.endMs + DAY_MS))})`],
    groupBy: sql`fp`,
    orderBy: sql`max(day) DESC, fp`,
    limit: MOST_RESOURCES,
  })
}

/** A field that all lines of a resource have from it. */
export function resourceField(resource: ResourceFields, field: string): FieldValue | undefined {
  if (field === 'environment' || field === 'cluster' || field === 'namespace') return resource[field] === '' ? undefined : resource[field]
  return resource.attributes.get(field)
}
