import type { IconName } from '../../ui/icon.tsx'
import { fuzzyDistance } from '../fuzzy.ts'

export const ENTRY_GROUPS = ['recent', 'trace', 'page', 'service', 'operation', 'action'] as const
export type EntryGroup = (typeof ENTRY_GROUPS)[number]

/** One line of the palette. */
export interface PaletteEntry {
  /** Unique, and the same tomorrow. */
  id: string
  group: EntryGroup
  label: string
  /** What else it is found by, such as its name in the other language. */
  also?: string
  /** At the right: a place, a key. */
  hint?: string
  icon: IconName
  /** It answers whatever is typed, and comes after what was meant by it. */
  last?: true
  run: () => void
}

const MOST_OF_GROUP = 6
const MOST = 24

/** The entries that answer what was typed, best first inside each group and groups by their best. */
export function foundEntries(entries: readonly PaletteEntry[], typed: string): PaletteEntry[] {
  const scored = entries.flatMap((entry) => {
    if (entry.last === true) return [{ entry, distance: Number.MAX_SAFE_INTEGER }]
    const own = fuzzyDistance(entry.label, typed)
    const other = entry.also === undefined ? null : fuzzyDistance(entry.also, typed)
    const distance = entry.group === 'trace' ? -1 : own === null || (other !== null && other < own) ? other : own
    return distance === null ? [] : [{ entry, distance }]
  })
  const groups = Map.groupBy(
    scored.sort((a, b) => a.distance - b.distance),
    ({ entry }) => entry.group,
  )
  return [...groups.values()].flatMap((group) => group.slice(0, MOST_OF_GROUP).map(({ entry }) => entry)).slice(0, MOST)
}

/** What stands there before anything is typed: what was chosen last, then pages and actions. */
export function restingEntries(entries: readonly PaletteEntry[], recentIds: readonly string[]): PaletteEntry[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const recent = recentIds.flatMap((id): PaletteEntry[] => {
    const entry = byId.get(id)
    return entry === undefined ? [] : [{ ...entry, group: 'recent' }]
  })
  const rest = entries.filter((entry) => (entry.group === 'page' || entry.group === 'action') && !recentIds.includes(entry.id))
  return [...recent, ...rest]
}

/** The trace that a pasted text names: a bare id of 32 hex digits, a `traceparent`, or an address that holds one. */
export function pastedTraceId(text: string): string | null {
  const found = /(?:^|[^0-9a-f])([0-9a-f]{32})(?:[^0-9a-f]|$)/i.exec(text.trim())
  const id = found?.[1]?.toLowerCase()
  return id === undefined || /^0+$/.test(id) ? null : id
}

const MOST_RECENT = 6

/** The remembered ids with the one just chosen first. */
export function withRecent(recentIds: readonly string[], id: string): string[] {
  return [id, ...recentIds.filter((other) => other !== id)].slice(0, MOST_RECENT)
}

/** As kept in the browser; anything else is nothing. */
export function readRecent(text: string | null): string[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, MOST_RECENT) : []
  } catch {
    return []
  }
}
