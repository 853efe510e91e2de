import {
  MAX_RULES,
  type OrderRecord,
  type PipelineDefinition,
  type RuleDefinition,
  type RuleRecord,
  RULES_AFTER_MS,
  type TenantRules,
} from '@skein/schemas/log-rule'
import type { RulesFile } from '@skein/schemas/api/log-rules'
import { metricRefusal, type MetricRefusal } from '@skein/schemas/rules/metric-names'
import type { Json, MetadataChange, MetadataStore } from './contract.ts'
import { withNext, withRule, withoutRule, withUnnamed } from './rule-order.ts'
import { liveRule, orderKey, pipelinesOf, type Read, readAll, type ReadRules, readTenant, ruleKey, type RuleReader, told } from './rule-records.ts'

export interface LogRulesOptions {
  metadata: MetadataStore
  /** Unix ms. */
  clock: () => number
  randomBytes: (count: number) => Uint8Array
}

export type RulesRefusal =
  /** There is no such rule, pipeline, or version. */
  | 'unknown'
  /** The version that was read is not the last any more. */
  | 'conflict'
  /** A tenant has no more than `MAX_RULES`. */
  | 'limit'
  /** An order names a rule twice, one that is not there, or leaves one out; or two pipelines have one id. */
  | 'incomplete'

export type RuleChanged =
  | { ok: true; record: RuleRecord }
  | { ok: false; reason: RulesRefusal }
  /** It makes a metric that another rule makes, or one too many. */
  | { ok: false; reason: 'metric'; metric: MetricRefusal }
/** `record` null: it could not be read, and nobody knows what it was. */
export type RuleRemoved = { ok: true; record: RuleRecord | null } | { ok: false; reason: RulesRefusal }
export type OrderChanged = ({ ok: true } & ReadRules & { rules: TenantRules }) | { ok: false; reason: RulesRefusal }

/**
 * Rules on logs of tenants. A written version holds for records received 2 s later and after: by then every reader that reads anew before it judges a
 * record has seen it, so which version judges what is a function of the log and these records alone. The order is a record of its own, with versions
 * of its own: it changes at once or not at all.
 */
export interface LogRules {
  /** Of all tenants. */
  all(): Promise<TenantRules[]>
  of(tenant: string): Promise<ReadRules>
  /** At the end of a pipeline (the first, if none is named; it is made when there is none), or before a rule of it. */
  create(tenant: string, rule: { definition: RuleDefinition; pipeline?: string; before?: string }): Promise<RuleChanged>
  /** The same definition again changes nothing. */
  change(tenant: string, id: string, change: { definition: RuleDefinition; version?: number }): Promise<RuleChanged>
  /** What it was. One that cannot be read goes too, also where no order names it. */
  remove(tenant: string, id: string): Promise<RuleRemoved>
  /** `version` 0: there was no order. A rule that cannot be read need not be named: it keeps its place in its pipeline. */
  reorder(tenant: string, change: { version: number; pipelines: readonly PipelineDefinition[] }): Promise<OrderChanged>
  /** Everything as the file says; a rule of the same id gets a version more, if it is another. */
  replace(tenant: string, change: { file: RulesFile; version?: number }): Promise<OrderChanged>
}

/** Versions kept of a rule, for what is read again and to go back to. */
const KEPT_VERSIONS = 20
const TRIES = 5
const MAIN: PipelineDefinition = { id: 'main', name: 'Main', enabled: true, match: '', rules: [] }

type Keeper = LogRulesOptions & RuleReader

export function createLogRules(options: LogRulesOptions): LogRules {
  const keeper: Keeper = { ...options, known: new Map() }
  return {
    all: () => readAll(keeper),
    of: async (tenant) => told(tenant, await readTenant(keeper, tenant)),
    create: (tenant, rule) => trying(() => create(keeper, tenant, rule)),
    change: (tenant, id, change) => trying(() => changeRule(keeper, tenant, { id, ...change })),
    remove: (tenant, id) => trying(() => remove(keeper, tenant, id)),
    reorder: (tenant, change) => trying(() => reorder(keeper, tenant, change)),
    replace: (tenant, change) => trying(() => replace(keeper, tenant, change)),
  }
}

/** Null: somebody wrote in between; a conflict after some tries. */
async function trying<Result extends { ok: boolean }>(attempt: () => Promise<Result | null>): Promise<Result | { ok: false; reason: 'conflict' }> {
  for (let tries = 0; tries < TRIES; tries++) {
    const result = await attempt()
    if (result !== null) return result
  }
  return { ok: false, reason: 'conflict' }
}

async function create(
  keeper: Keeper,
  tenant: string,
  { definition, pipeline, before }: { definition: RuleDefinition; pipeline?: string; before?: string },
): Promise<RuleChanged | null> {
  const read = await readTenant(keeper, tenant)
  const pipelines = pipelinesOf(read)
  if (pipelines.reduce((sum, { rules }) => sum + rules.length, 0) >= MAX_RULES) return { ok: false, reason: 'limit' }
  const refused = refusedMetric(read, '', definition)
  if (refused !== null) return { ok: false, reason: 'metric', metric: refused }
  const id = Buffer.from(keeper.randomBytes(6)).toString('hex')
  const placed = withRule(pipelines.length === 0 ? [MAIN] : pipelines, id, { pipeline, before })
  if (placed === null) return { ok: false, reason: 'unknown' }
  const record = newRecord(keeper, { tenant, id, definition })
  return (await write(keeper, tenant, read, { pipelines: placed, rules: [{ record, expect: null }] })) ? { ok: true, record } : null
}

async function changeRule(
  keeper: Keeper,
  tenant: string,
  { id, definition, version }: { id: string; definition: RuleDefinition; version?: number },
): Promise<RuleChanged | null> {
  const read = await readTenant(keeper, tenant)
  const found = liveRule(read, id)
  const last = found?.record.versions.at(-1)
  if (found === undefined || last === undefined) return { ok: false, reason: 'unknown' }
  if (version !== undefined && version !== last.version) return { ok: false, reason: 'conflict' }
  if (JSON.stringify(last.definition) === JSON.stringify(definition)) return { ok: true, record: found.record }
  const refused = refusedMetric(read, id, definition)
  if (refused !== null) return { ok: false, reason: 'metric', metric: refused }
  const record = nextRecord(keeper, found.record, definition)
  const result = await keeper.metadata.transact([{ key: ruleKey(tenant, id), expect: found.revision, value: jsonOf(record) }])
  return result.ok ? { ok: true, record } : null
}

async function remove(keeper: Keeper, tenant: string, id: string): Promise<RuleRemoved | null> {
  const read = await readTenant(keeper, tenant)
  const found = liveRule(read, id)
  const lost = read.unreadable.get(id)
  const isNamed = pipelinesOf(read).some(({ rules }) => rules.includes(id))
  if (!isNamed && lost === undefined) return { ok: false, reason: 'unknown' }
  const gone = lost === undefined ? [] : [{ key: ruleKey(tenant, id), expect: lost.revision, value: null }]
  const done = isNamed
    ? await write(keeper, tenant, read, { pipelines: withoutRule(pipelinesOf(read), id), rules: [], gone })
    : (await keeper.metadata.transact(gone)).ok
  return done ? { ok: true, record: found?.record ?? null } : null
}

async function reorder(
  keeper: Keeper,
  tenant: string,
  { version, pipelines }: { version: number; pipelines: readonly PipelineDefinition[] },
): Promise<OrderChanged | null> {
  const read = await readTenant(keeper, tenant)
  if (version !== (read.order?.record.versions.at(-1)?.version ?? 0)) return { ok: false, reason: 'conflict' }
  const isReadable = (id: string): boolean => read.rules.some(({ record }) => record.id === id)
  const named = pipelines.flatMap(({ rules }) => rules)
  const live = pipelinesOf(read).flatMap(({ rules }) => rules)
  const isWhole =
    named.filter(isReadable).toSorted().join() === live.filter(isReadable).toSorted().join() &&
    named.every((id, at) => isReadable(id) || (live.includes(id) && named.indexOf(id) === at)) &&
    new Set(pipelines.map(({ id }) => id)).size === pipelines.length
  if (!isWhole) return { ok: false, reason: 'incomplete' }
  return written(keeper, tenant, read, { pipelines: withUnnamed(pipelines, pipelinesOf(read)), rules: [] })
}

async function replace(keeper: Keeper, tenant: string, { file, version }: { file: RulesFile; version?: number }): Promise<OrderChanged | null> {
  const read = await readTenant(keeper, tenant)
  if (version !== undefined && version !== (read.order?.record.versions.at(-1)?.version ?? 0)) return { ok: false, reason: 'conflict' }
  const wanted = file.pipelines.flatMap(({ rules }) => rules)
  if (wanted.length > MAX_RULES) return { ok: false, reason: 'limit' }
  const isWhole = new Set(wanted.map(({ id }) => id)).size === wanted.length && new Set(file.pipelines.map(({ id }) => id)).size === file.pipelines.length
  if (!isWhole) return { ok: false, reason: 'incomplete' }
  const rules = wanted.flatMap(({ id, definition }): Writing['rules'] => {
    const known = read.rules.find(({ record }) => record.id === id)
    if (known === undefined) return [{ record: newRecord(keeper, { tenant, id, definition }), expect: read.unreadable.get(id)?.revision ?? null }]
    const same = JSON.stringify(known.record.versions.at(-1)?.definition) === JSON.stringify(definition)
    return same ? [] : [{ record: nextRecord(keeper, known.record, definition), expect: known.revision }]
  })
  const pipelines = file.pipelines.map((pipeline) => ({ ...pipeline, rules: pipeline.rules.map(({ id }) => id) }))
  const gone = [...read.unreadable]
    .filter(([id]) => !wanted.some((rule) => rule.id === id))
    .map(([id, { revision }]): MetadataChange => ({ key: ruleKey(tenant, id), expect: revision, value: null }))
  return written(keeper, tenant, read, { pipelines, rules, gone, expect: read.orderRevision })
}

interface Writing {
  pipelines: readonly PipelineDefinition[]
  rules: readonly { record: RuleRecord; expect: number | null }[]
  /** Rules that cannot be read, and are wanted no more. */
  gone?: readonly MetadataChange[]
  /** Revision of the order that is written over: of the one that was read, unless it may be one that cannot be read. */
  expect?: number | null
}

async function written(keeper: Keeper, tenant: string, read: Read, writing: Writing): Promise<OrderChanged | null> {
  if (!(await write(keeper, tenant, read, writing))) return null
  const { rules, ...unreadable } = told(tenant, await readTenant(keeper, tenant))
  return rules === null ? null : { ok: true, rules, ...unreadable }
}

/** Order and rules at once; rules that no kept order names are not needed for any reading again, and go. */
async function write(
  keeper: Keeper,
  tenant: string,
  read: Read,
  { pipelines, rules, gone = [], expect = read.order?.revision ?? null }: Writing,
): Promise<boolean> {
  const salt = read.order?.record.salt ?? Buffer.from(keeper.randomBytes(16)).toString('hex')
  const versions = withNext(read.order?.record.versions ?? [], pipelines, keeper.clock() + RULES_AFTER_MS)
  const order: OrderRecord = { tenant, salt, versions }
  const needed = new Set(versions.flatMap((version) => version.pipelines.flatMap((pipeline) => pipeline.rules)))
  const changes: MetadataChange[] = [
    { key: orderKey(tenant), expect, value: jsonOf(order) },
    ...rules.map(({ record, expect }) => ({ key: ruleKey(tenant, record.id), expect, value: jsonOf(record) })),
    ...read.rules
      .filter(({ record }) => !needed.has(record.id))
      .map(({ record, revision }) => ({ key: ruleKey(tenant, record.id), expect: revision, value: null })),
    ...gone,
  ]
  return (await keeper.metadata.transact(changes)).ok
}

function newRecord({ clock }: Keeper, { tenant, id, definition }: { tenant: string; id: string; definition: RuleDefinition }): RuleRecord {
  const nowMs = clock()
  return { id, tenant, createdAtMs: nowMs, updatedAtMs: nowMs, versions: [{ version: 1, definition, effectiveFromMs: nowMs + RULES_AFTER_MS }] }
}

function nextRecord({ clock }: Keeper, record: RuleRecord, definition: RuleDefinition): RuleRecord {
  const nowMs = clock()
  const last = record.versions.at(-1)
  const effectiveFromMs = Math.max(nowMs + RULES_AFTER_MS, (last?.effectiveFromMs ?? 0) + 1)
  const versions = [...record.versions, { version: (last?.version ?? 0) + 1, definition, effectiveFromMs }].slice(-KEPT_VERSIONS)
  return { ...record, updatedAtMs: nowMs, versions }
}

/** Beside the other rules that lines come to. */
function refusedMetric(read: Read, id: string, definition: RuleDefinition): MetricRefusal | null {
  const live = new Set(pipelinesOf(read).flatMap(({ rules }) => rules))
  const others = read.rules.flatMap(({ record }) => {
    const last = record.versions.at(-1)
    return record.id === id || last === undefined || !live.has(record.id) ? [] : [{ id: record.id, definition: last.definition }]
  })
  return metricRefusal(definition, others)
}

/** Without what is undefined: JSON has no such thing. */
function jsonOf(record: RuleRecord | OrderRecord): Json {
  return JSON.parse(JSON.stringify(record)) as Json
}
