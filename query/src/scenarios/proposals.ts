import type { Proposal } from '@skein/schemas/api/scenarios'

export interface EntrySequence {
  sessions: number
  entries: readonly { service: string; operation: string }[]
}

const MIN_SUPPORT = 0.05
const MIN_SESSIONS = 3
const MAX_STEPS = 5
const MAX_PROPOSALS = 5

interface Pattern {
  entries: EntrySequence['entries']
  sessions: number
}

/** Scenarios that sessions already live: sequences of different entries, in order with anything between, that many sessions have; the longest first. */
export function proposalsOf(sequences: readonly EntrySequence[]): Proposal[] {
  const total = sequences.reduce((sum, { sessions }) => sum + sessions, 0)
  const least = Math.max(MIN_SESSIONS, total * MIN_SUPPORT)
  const frequent: Pattern[] = []
  grow(
    { entries: [], sessions: total },
    sequences.map((sequence) => ({ sequence, from: 0 })),
    { least, frequent },
  )
  const worth = frequent.filter(({ entries }) => entries.length > 1)
  const closed = worth.filter((pattern) => !worth.some((other) => other !== pattern && other.sessions >= pattern.sessions * 0.95 && contains(other, pattern)))
  return closed
    .sort((a, b) => b.sessions * (b.entries.length - 1) - a.sessions * (a.entries.length - 1))
    .slice(0, MAX_PROPOSALS)
    .map((pattern) => proposalOf(pattern, total))
}

interface Projected {
  sequence: EntrySequence
  /** Where what comes after the pattern begins. */
  from: number
}

const nameOf = ({ service, operation }: EntrySequence['entries'][number]): string => JSON.stringify([service, operation])

/** PrefixSpan: what follows the pattern, in which sessions. */
function grow(pattern: Pattern, projected: readonly Projected[], found: { least: number; frequent: Pattern[] }): void {
  if (pattern.entries.length >= MAX_STEPS) return
  const used = new Set(pattern.entries.map(nameOf))
  const next = new Map<string, { entry: EntrySequence['entries'][number]; sessions: number; projected: Projected[] }>()
  for (const { sequence, from } of projected) {
    const seen = new Set<string>()
    for (let at = from; at < sequence.entries.length; at++) {
      const entry = sequence.entries[at]
      const name = entry === undefined ? '' : nameOf(entry)
      if (entry === undefined || seen.has(name) || used.has(name)) continue
      seen.add(name)
      const known = next.get(name) ?? { entry, sessions: 0, projected: [] }
      next.set(name, known)
      known.sessions += sequence.sessions
      known.projected.push({ sequence, from: at + 1 })
    }
  }
  for (const { entry, sessions, projected: rest } of next.values()) {
    if (sessions < found.least) continue
    const longer = { entries: [...pattern.entries, entry], sessions }
    found.frequent.push(longer)
    grow(longer, rest, found)
  }
}

function contains(longer: Pattern, shorter: Pattern): boolean {
  if (longer.entries.length <= shorter.entries.length) return false
  let at = 0
  for (const entry of longer.entries) if (nameOf(entry) === nameOf(shorter.entries[at] ?? { service: '', operation: '' })) at++
  return at === shorter.entries.length
}

function proposalOf({ entries, sessions }: Pattern, total: number): Proposal {
  const names = entries.map(({ operation }, at) => (entries.findIndex((entry) => entry.operation === operation) < at ? `${operation} ${at + 1}` : operation))
  const first = names[0] ?? ''
  const last = names.at(-1) ?? ''
  return {
    definition: {
      name: `${first} → ${last}`.slice(0, 100),
      key: 'session',
      within: '10m',
      steps: entries.map(({ service, operation }, at) => ({ name: (names[at] ?? '').slice(0, 100), match: { kind: 'span', service, operation } })),
      success: last.slice(0, 100),
    },
    sessions,
    support: total === 0 ? 0 : sessions / total,
  }
}
