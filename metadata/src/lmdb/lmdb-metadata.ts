import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { commit, type Database, openDurable, type RootDatabase } from '@skein/lmdb/durable'
import type { Json, MetadataChange, MetadataEntry, MetadataEvent, MetadataStore, TransactResult } from '../contract.ts'
import { HistoryLostError, MAX_KEY_BYTES } from '../contract.ts'

export interface LmdbMetadataOptions {
  /** The store lies in `metadata/` under it, made with mode 0700 when missing. */
  dataDir: string
  /** How often `watch` looks for changes of other processes. */
  pollMs?: number
  /** Transactions `watch` can look back. */
  history?: number
}

interface Stored {
  value: Json
  revision: number
}

/** Revision of the newest transaction, beside the entries. */
const REVISION_KEY = 'revision'
const MAP_BYTES = 256 * 1024 * 1024

/** Several processes may open the same directory at once, each reading and writing. */
export function createLmdbMetadata(options: LmdbMetadataOptions): MetadataStore {
  const { pollMs = 250, history = 10_000 } = options
  const path = join(options.dataDir, 'metadata')
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const root = openDurable({ path, encoding: 'json', mapSize: MAP_BYTES, maxDbs: 4 })
  const tables = openTables(root)
  const { entries, changes, counters } = tables
  const closing = new AbortController()

  return {
    async get(key) {
      const stored = entries.get(key)
      return stored === undefined ? null : { key, ...stored }
    },
    async list(prefix) {
      const found: MetadataEntry[] = []
      for (const { key, value } of entries.getRange({ start: prefix })) {
        if (!key.startsWith(prefix)) break
        found.push({ key, ...value })
      }
      return found
    },
    async transact(list) {
      if (list.length === 0) return { ok: true, revision: counters.get(REVISION_KEY) ?? 0 }
      checkKeys(list)
      return await commit(path, Buffer.byteLength(JSON.stringify(list)), () => root.transaction(() => apply(list, tables, history)))
    },
    async *watch(from, signal) {
      const stop = AbortSignal.any([signal, closing.signal])
      let seen = from
      while (!stop.aborted) {
        const newest = counters.get(REVISION_KEY) ?? 0
        while (seen < newest && !stop.aborted) {
          const change = changes.get(seen + 1)
          if (change === undefined) throw new HistoryLostError(`changes after revision ${seen} are no longer kept`)
          seen++
          yield* change
        }
        await sleep(pollMs, undefined, { signal: stop, ref: false }).catch(() => undefined)
      }
    },
    async close() {
      closing.abort()
      await root.close()
    },
  }
}

interface Tables {
  entries: Database<Stored, string>
  /** Revision → what that transaction changed, for `watch`. */
  changes: Database<MetadataEvent[], number>
  counters: Database<number, string>
}

function openTables(root: RootDatabase): Tables {
  return {
    entries: root.openDB<Stored, string>({ name: 'entries', encoding: 'json' }),
    changes: root.openDB<MetadataEvent[], number>({ name: 'changes', encoding: 'json', keyEncoding: 'uint32' }),
    counters: root.openDB<number, string>({ name: 'counters', encoding: 'json' }),
  }
}

/** Inside a write transaction. */
function apply(list: readonly MetadataChange[], { entries, changes, counters }: Tables, history: number): TransactResult {
  for (const change of list) {
    if ((entries.get(change.key)?.revision ?? null) !== change.expect) return { ok: false, conflict: change.key }
  }
  const revision = (counters.get(REVISION_KEY) ?? 0) + 1
  for (const { key, value } of list) {
    if (value === null) entries.removeSync(key)
    else entries.putSync(key, { value, revision })
  }
  changes.putSync(
    revision,
    list.map(({ key, value }) => ({ key, value, revision })),
  )
  if (revision > history) changes.removeSync(revision - history)
  counters.putSync(REVISION_KEY, revision)
  return { ok: true, revision }
}

function checkKeys(list: readonly MetadataChange[]): void {
  const seen = new Set<string>()
  for (const { key } of list) {
    if (key.length === 0 || Buffer.byteLength(key) > MAX_KEY_BYTES) throw new RangeError(`a metadata key has 1 to ${MAX_KEY_BYTES} bytes`)
    if (seen.has(key)) throw new RangeError(`metadata key ${key} is changed twice in one transaction`)
    seen.add(key)
  }
}
