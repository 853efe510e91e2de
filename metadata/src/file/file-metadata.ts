import { readFileSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import type { Json, MetadataEntry, MetadataEvent, MetadataStore } from '../contract.ts'
import { ReadOnlyError } from '../contract.ts'

export interface FileMetadataOptions {
  /** YAML: `entries:` maps a key (`key/ab12cd34`) to its value. */
  path: string
  /** How often the file is looked at. */
  pollMs?: number
}

interface Loaded {
  stamp: string
  entries: Map<string, MetadataEntry>
  revision: number
}

/**
 * Read-only metadata for cluster roles: the file is written by whoever deploys. A changed file is read within `pollMs`;
 * a changed file that cannot be parsed leaves the last good content in force. Throws when the first read fails.
 */
export function createFileMetadata(options: FileMetadataOptions): MetadataStore {
  const { path, pollMs = 1000 } = options
  const closing = new AbortController()
  const log: MetadataEvent[] = []
  let lastLookMs = performance.now()
  let loaded = load(path, { stamp: '', entries: new Map(), revision: 0 }, log)

  function fresh(): Loaded {
    const nowMs = performance.now()
    if (nowMs - lastLookMs < pollMs) return loaded
    lastLookMs = nowMs
    try {
      loaded = load(path, loaded, log)
    } catch {
      // A file caught in the middle of being replaced: the next look sees the whole one.
    }
    return loaded
  }

  return {
    async get(key) {
      return structuredClone(fresh().entries.get(key) ?? null)
    },
    async list(prefix) {
      const found = [...fresh().entries.values()].filter((entry) => entry.key.startsWith(prefix))
      return structuredClone(found.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
    },
    async transact(changes) {
      if (changes.length === 0) return { ok: true, revision: loaded.revision }
      throw new ReadOnlyError(`${path} is read only: edit the file instead`)
    },
    async *watch(from, signal) {
      const stop = AbortSignal.any([signal, closing.signal])
      let seen = from
      while (!stop.aborted) {
        fresh()
        for (const event of log.filter(({ revision }) => revision > seen)) {
          if (stop.aborted) return
          yield structuredClone(event)
        }
        seen = Math.max(seen, loaded.revision)
        await sleep(pollMs, undefined, { signal: stop, ref: false }).catch(() => undefined)
      }
    },
    async close() {
      closing.abort()
    },
  }
}

function load(path: string, before: Loaded, log: MetadataEvent[]): Loaded {
  const { mtimeMs, size, ino } = statSync(path)
  const stamp = `${mtimeMs}:${size}:${ino}`
  if (stamp === before.stamp) return before
  const values = entriesOf(parse(readFileSync(path, 'utf8')) as unknown, path)
  const revision = before.revision + 1
  const entries = new Map<string, MetadataEntry>()
  const events: MetadataEvent[] = []
  for (const [key, value] of values) {
    const old = before.entries.get(key)
    const same = old !== undefined && JSON.stringify(old.value) === JSON.stringify(value)
    entries.set(key, same ? old : { key, value, revision })
    if (!same) events.push({ key, value, revision })
  }
  for (const key of before.entries.keys()) if (!entries.has(key)) events.push({ key, value: null, revision })
  log.push(...events)
  return { stamp, entries, revision }
}

function entriesOf(document: unknown, path: string): [string, Json][] {
  const entries = typeof document === 'object' && document !== null && 'entries' in document ? document.entries : undefined
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) throw new TypeError(`${path} must have a mapping called entries`)
  return Object.entries(entries as Record<string, Json>)
}
