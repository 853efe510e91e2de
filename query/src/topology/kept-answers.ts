import type { TopologyAnswer } from '@skein/schemas/api/topology'
import type { TopologyRows } from './assemble.ts'

/** An answer of the map and its JSON. */
export interface KeptAnswer {
  answer: TopologyAnswer
  json: string
}

export interface KeptAnswers {
  /** The answer made before for this key from these very rows, else a new one. */
  answerOf(key: string, rows: TopologyRows, make: () => TopologyAnswer): KeptAnswer
}

interface Entry extends KeptAnswer {
  rows: TopologyRows
  notes: string
}

/**
 * Every open map asks every few seconds, mostly for what has not changed: the store then hands out the same rows again, by identity, and
 * joining and writing them once is enough. Holds at most `maxChars` of JSON, the longest unused goes first.
 */
export function createKeptAnswers(maxChars: number): KeptAnswers {
  const entries = new Map<string, Entry>()
  let chars = 0

  function forget(key: string): void {
    chars -= entries.get(key)?.json.length ?? 0
    entries.delete(key)
  }

  return {
    answerOf(key, rows, make) {
      const notes = JSON.stringify(rows.notes)
      const known = entries.get(key)
      forget(key)
      const entry = known !== undefined && known.notes === notes && sameRows(known.rows, rows) ? known : entryOf(rows, notes, make())
      entries.set(key, entry)
      chars += entry.json.length
      for (const oldest of entries.keys()) {
        if (chars <= maxChars) break
        forget(oldest)
      }
      return entry
    },
  }
}

function entryOf(rows: TopologyRows, notes: string, answer: TopologyAnswer): Entry {
  return { rows, notes, answer, json: JSON.stringify(answer) }
}

function sameRows(a: TopologyRows, b: TopologyRows): boolean {
  return a.edges === b.edges && a.services === b.services && a.addresses === b.addresses && a.exemplars === b.exemplars
}
