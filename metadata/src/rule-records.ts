import { type OrderRecord, orderRecord, type PipelineDefinition, type RuleRecord, ruleRecord, type TenantRules } from '@skein/schemas/log-rule'
import { readRule } from '@skein/schemas/rules/read-rule'
import type { Json, MetadataEntry, MetadataStore } from './contract.ts'
import type { Kept } from './rule-order.ts'

/** What there is, and the keys of what cannot be read (or is missing: rules without an order): it is as good as not there, and nothing waits for it. */
export interface ReadRules {
  /** Null when the tenant has none. */
  rules: TenantRules | null
  unreadable: readonly string[]
  /** Ids of the rules among them, which can be removed. */
  unreadableRules: readonly string[]
}

export interface Read extends Kept<OrderRecord, RuleRecord> {
  /** Of the order, also where it cannot be read. */
  orderRevision: number | null
  /** Rules that cannot be read, by their ids. */
  unreadable: ReadonlyMap<string, { revision: number }>
  unreadableKeys: readonly string[]
}

/** Reads what there is of tenants. */
export interface RuleReader {
  metadata: MetadataStore
  /** By key: what is read again each second is understood once. */
  known: Map<string, { revision: number; record: RuleRecord | OrderRecord | null }>
}

const RULES = 'log-rule/'
const ORDERS = 'log-order/'
/** Entries that are remembered as understood; more than a machine's tenants write. */
const MAX_KNOWN = 20_000

export async function readAll(reader: RuleReader): Promise<TenantRules[]> {
  const [orders, rules] = await Promise.all([reader.metadata.list(ORDERS), reader.metadata.list(RULES)])
  const byTenant = new Map<string, RuleRecord[]>()
  for (const entry of rules) {
    const record = understood(reader, entry, asRule)
    if (record !== null) byTenant.set(record.tenant, [...(byTenant.get(record.tenant) ?? []), record])
  }
  return orders.flatMap((entry) => {
    const order = understood(reader, entry, asOrder)
    return order === null ? [] : [{ tenant: order.tenant, order, rules: byTenant.get(order.tenant) ?? [] }]
  })
}

export async function readTenant(reader: RuleReader, tenant: string): Promise<Read> {
  const [order, rules] = await Promise.all([reader.metadata.get(orderKey(tenant)), reader.metadata.list(ruleKey(tenant, ''))])
  const orderRead = order === null ? null : understood(reader, order, asOrder)
  const read: Read['rules'][number][] = []
  const unreadable = new Map<string, { revision: number }>()
  for (const entry of rules) {
    const record = understood(reader, entry, asRule)
    if (record === null) unreadable.set(entry.key.slice(ruleKey(tenant, '').length), { revision: entry.revision })
    else read.push({ record, revision: entry.revision })
  }
  const isOrderLost = order === null ? rules.length > 0 : orderRead === null
  return {
    order: order === null || orderRead === null ? null : { record: orderRead, revision: order.revision },
    orderRevision: order?.revision ?? null,
    rules: read,
    unreadable,
    unreadableKeys: [...(isOrderLost ? [orderKey(tenant)] : []), ...[...unreadable.keys()].map((id) => ruleKey(tenant, id))],
  }
}

export function told(tenant: string, read: Read): ReadRules {
  return { rules: rulesOf(tenant, read), unreadable: read.unreadableKeys, unreadableRules: [...read.unreadable.keys()] }
}

function rulesOf(tenant: string, { order, rules }: Read): TenantRules | null {
  return order === null ? null : { tenant, order: order.record, rules: rules.map(({ record }) => record) }
}

function understood<Kind extends RuleRecord | OrderRecord>(
  reader: RuleReader,
  { key, value, revision }: MetadataEntry,
  as: (value: Json) => Kind | null,
): Kind | null {
  const known = reader.known.get(key)
  if (known?.revision === revision) return known.record as Kind | null
  const record = as(value)
  if (reader.known.size >= MAX_KNOWN) reader.known.clear()
  reader.known.set(key, { revision, record })
  return record
}

/** Null for what is no record, or holds a definition that means nothing. */
function asRule(value: Json): RuleRecord | null {
  const read = ruleRecord.safeParse(value)
  return read.success && read.data.versions.every(({ definition }) => readRule(definition).ok) ? read.data : null
}

function asOrder(value: Json): OrderRecord | null {
  const read = orderRecord.safeParse(value)
  return read.success ? read.data : null
}

export function pipelinesOf({ order }: Read): readonly PipelineDefinition[] {
  return order?.record.versions.at(-1)?.pipelines ?? []
}

export function liveRule(read: Read, id: string): Read['rules'][number] | undefined {
  return pipelinesOf(read).some(({ rules }) => rules.includes(id)) ? read.rules.find(({ record }) => record.id === id) : undefined
}

export function ruleKey(tenant: string, id: string): string {
  return `${RULES}${encodeURIComponent(tenant)}/${id}`
}

export function orderKey(tenant: string): string {
  return `${ORDERS}${encodeURIComponent(tenant)}`
}
