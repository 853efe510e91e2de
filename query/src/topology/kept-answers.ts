import { compress, type Encoding } from '../compression.ts'
import type { TopologyRows } from './topology-rows.ts'

/** The JSON of an answer, and the same compressed, once for all who ask. */
export interface KeptAnswer {
  readonly json: Buffer
  compressed(encoding: Encoding): Promise<Buffer>
}

export interface KeptAnswers<Rows> {
  /** The answer made before for this key from the same rows, else a new one. */
  answerOf(key: string, rows: Rows, make: () => object): KeptAnswer
}

interface Entry<Rows> extends KeptAnswer {
  rows: Rows
  bytes: number
}

/**
 * Every open map asks every few seconds, mostly for what has not changed: the store then hands out the same rows again, by identity, and
 * joining, writing and compressing them once is enough. Holds at most `maxBytes` of bodies, the longest unused goes first.
 */
export function createKeptAnswers<Rows>(maxBytes: number, isSame: (a: Rows, b: Rows) => boolean): KeptAnswers<Rows> {
  const entries = new Map<string, Entry<Rows>>()
  let held = 0

  function forget(key: string): void {
    held -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }

  function hold(key: string, entry: Entry<Rows>): void {
    forget(key)
    entries.set(key, entry)
    held += entry.bytes
    for (const oldest of entries.keys()) {
      if (held <= maxBytes) break
      forget(oldest)
    }
  }

  function entryOf(key: string, rows: Rows, answer: object): Entry<Rows> {
    const json = Buffer.from(JSON.stringify(answer))
    const bodies = new Map<Encoding, Promise<Buffer>>()
    const grow = async (body: Promise<Buffer>): Promise<void> => {
      const { length } = await body
      entry.bytes += length
      if (entries.get(key) === entry) held += length
    }
    const entry: Entry<Rows> = {
      rows,
      json,
      bytes: json.length,
      compressed(encoding) {
        const known = bodies.get(encoding)
        if (known !== undefined) return known
        const body = compress(json, encoding)
        bodies.set(encoding, body)
        void grow(body).catch(() => bodies.delete(encoding))
        return body
      },
    }
    return entry
  }

  return {
    answerOf(key, rows, make) {
      const known = entries.get(key)
      const entry = known !== undefined && isSame(known.rows, rows) ? known : entryOf(key, rows, make())
      hold(key, entry)
      return entry
    },
  }
}

/** The very same rows; notes are few and may be made anew. */
export function sameTopologyRows(a: TopologyRows, b: TopologyRows): boolean {
  return (
    a.edges === b.edges &&
    a.services === b.services &&
    a.addresses === b.addresses &&
    a.exemplars === b.exemplars &&
    a.viewers === b.viewers &&
    a.proxies === b.proxies &&
    a.weekAgo.edges === b.weekAgo.edges &&
    a.weekAgo.services === b.weekAgo.services &&
    (a.notes === b.notes || JSON.stringify(a.notes) === JSON.stringify(b.notes))
  )
}
