import { EFFECTIVE_AFTER_MS, MAX_SCENARIOS, readScenario, type ScenarioDefinition, type ScenarioRecord, scenarioRecord } from '@skein/schemas/scenario'
import type { Json, MetadataStore } from './contract.ts'

export interface ScenariosOptions {
  metadata: MetadataStore
  /** Unix ms. */
  clock: () => number
  randomBytes: (count: number) => Uint8Array
}

export type ScenarioChange =
  | { ok: true; record: ScenarioRecord }
  /** `conflict`: the version that was read is not the last any more. `limit`: a tenant has no more than `MAX_SCENARIOS`. */
  | { ok: false; reason: 'unknown' | 'conflict' | 'limit' }

/**
 * Business scenarios of tenants. A written definition holds for records received 2 s later and after: by then every reader that reads anew before
 * it judges a record has seen it, so that what is judged by which version is a function of the log and these records alone. A record that is
 * none (files are written by hand) is as good as not there: the other scenarios, and intake, do not wait for its mending.
 */
export interface Scenarios {
  /** By time of creation; of all tenants when none is named. */
  list(tenant?: string): Promise<ScenarioRecord[]>
  /** Keys, of all tenants, whose records are none: nothing is matched by them until they are mended. */
  unreadable(): Promise<string[]>
  get(tenant: string, id: string): Promise<ScenarioRecord | null>
  create(tenant: string, definition: ScenarioDefinition): Promise<ScenarioChange>
  /** The same definition again changes nothing. */
  change(tenant: string, id: string, change: { definition: ScenarioDefinition; version?: number }): Promise<ScenarioChange>
  /** What it was; null when there is no such scenario. */
  remove(tenant: string, id: string): Promise<ScenarioRecord | null>
}

const PREFIX = 'scenario/'
/** Versions kept for what is read again. */
const KEPT_VERSIONS = 10
const TRIES = 5

export function createScenarios({ metadata, clock, randomBytes }: ScenariosOptions): Scenarios {
  const keyOf = (tenant: string, id: string): string => `${PREFIX}${encodeURIComponent(tenant)}/${id}`

  async function find(tenant: string, id: string): Promise<{ record: ScenarioRecord; revision: number } | null> {
    if (!scenarioRecord.shape.id.safeParse(id).success) return null
    const entry = await metadata.get(keyOf(tenant, id))
    const record = entry === null ? null : recordOf(entry.value)
    return entry === null || record === null ? null : { record, revision: entry.revision }
  }

  async function list(tenant?: string): Promise<ScenarioRecord[]> {
    const entries = await metadata.list(tenant === undefined ? PREFIX : `${PREFIX}${encodeURIComponent(tenant)}/`)
    return entries.flatMap(({ value }) => recordOf(value) ?? []).toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
  }

  return {
    list,
    unreadable: async () => (await metadata.list(PREFIX)).flatMap(({ key, value }) => (recordOf(value) === null ? [key] : [])),
    get: async (tenant, id) => (await find(tenant, id))?.record ?? null,
    async create(tenant, definition) {
      if ((await list(tenant)).length >= MAX_SCENARIOS) return { ok: false, reason: 'limit' }
      const nowMs = clock()
      const id = Buffer.from(randomBytes(6)).toString('hex')
      const versions = [{ version: 1, definition, effectiveFromMs: nowMs + EFFECTIVE_AFTER_MS }]
      const record: ScenarioRecord = { id, tenant, createdAtMs: nowMs, updatedAtMs: nowMs, versions }
      const result = await metadata.transact([{ key: keyOf(tenant, id), expect: null, value: jsonOf(record) }])
      return result.ok ? { ok: true, record } : { ok: false, reason: 'conflict' }
    },
    async change(tenant, id, { definition, version }) {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const found = await find(tenant, id)
        const last = found?.record.versions.at(-1)
        if (found === null || last === undefined) return { ok: false, reason: 'unknown' }
        if (version !== undefined && version !== last.version) return { ok: false, reason: 'conflict' }
        if (JSON.stringify(last.definition) === JSON.stringify(definition)) return { ok: true, record: found.record }
        const nowMs = clock()
        const effectiveFromMs = Math.max(nowMs + EFFECTIVE_AFTER_MS, last.effectiveFromMs + 1)
        const versions = [...found.record.versions, { version: last.version + 1, definition, effectiveFromMs }].slice(-KEPT_VERSIONS)
        const record = { ...found.record, updatedAtMs: nowMs, versions }
        const result = await metadata.transact([{ key: keyOf(tenant, id), expect: found.revision, value: jsonOf(record) }])
        if (result.ok) return { ok: true, record }
      }
      return { ok: false, reason: 'conflict' }
    },
    async remove(tenant, id) {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const found = await find(tenant, id)
        if (found === null) return null
        if ((await metadata.transact([{ key: keyOf(tenant, id), expect: found.revision, value: null }])).ok) return found.record
      }
      throw new Error(`scenario ${id} was changed by others ${TRIES} times in a row`)
    },
  }
}

/** Null for what is no record, or holds a definition that means nothing. */
function recordOf(value: Json): ScenarioRecord | null {
  const read = scenarioRecord.safeParse(value)
  return read.success && read.data.versions.every(({ definition }) => readScenario(definition).ok) ? read.data : null
}

/** Without what is undefined: JSON has no such thing. */
function jsonOf(record: ScenarioRecord): Json {
  return JSON.parse(JSON.stringify(record)) as Json
}
