import type { Proposal } from '@skein/schemas/api/scenarios'

type Entry = { service: string; operation: string }

export interface EntrySequence {
  sessions: number
  entries: readonly Entry[]
}

const MIN_SUPPORT = 0.05
const MIN_SESSIONS = 3
const MAX_STEPS = 5
const MAX_PROPOSALS = 5
/** Patterns of each length that are followed further, those of most sessions: long sessions have more subsequences than anyone can count. */
const MAX_PATTERNS = 100
/** A longer pattern that nearly all sessions of a shorter one live stands for it. */
const NEARLY = 0.95
const MAX_NAME_CHARS = 100
/** Room for a number after the name of an operation. */
const MAX_STEP_CHARS = 96

/** Entries as numbers, in order, without repeats that stand side by side. */
interface Numbered {
  entries: readonly Entry[]
  sequences: readonly { sessions: number; steps: Int32Array }[]
}

interface Pattern {
  steps: readonly number[]
  sessions: number
  /** By sequence: where what comes after the pattern begins; −1 = it is not in there. */
  after: Int32Array
}

/** Scenarios that sessions already live: sequences of different entries, in order with anything between, that many sessions have; the longest first. */
export function proposalsOf(sequences: readonly EntrySequence[]): Proposal[] {
  const total = sequences.reduce((sum, { sessions }) => sum + sessions, 0)
  const numbered = numberedOf(sequences)
  const worth = frequentPatterns(numbered, total).filter(({ steps }) => steps.length > 1)
  const closed = worth.filter((pattern) => !worth.some((other) => other.sessions >= pattern.sessions * NEARLY && contains(other.steps, pattern.steps)))
  return closed
    .sort((a, b) => b.sessions * (b.steps.length - 1) - a.sessions * (a.steps.length - 1))
    .slice(0, MAX_PROPOSALS)
    .map(({ steps, sessions }) =>
      proposalOf(
        steps.flatMap((step) => numbered.entries[step] ?? []),
        { sessions, total },
      ),
    )
}

function numberedOf(sequences: readonly EntrySequence[]): Numbered {
  const numbers = new Map<string, number>()
  const entries: Entry[] = []
  const numberOf = (entry: Entry): number => {
    const name = JSON.stringify([entry.service, entry.operation])
    const number = numbers.get(name) ?? entries.length
    if (number === entries.length) entries.push(entry)
    numbers.set(name, number)
    return number
  }
  return { entries, sequences: sequences.map(({ sessions, entries: lived }) => ({ sessions, steps: Int32Array.from(lived, numberOf) })) }
}

/** Level by level: what follows a pattern, in how many sessions. */
function frequentPatterns(numbered: Numbered, total: number): Pattern[] {
  const least = Math.max(MIN_SESSIONS, total * MIN_SUPPORT)
  const found: Pattern[] = []
  let level: Pattern[] = [{ steps: [], sessions: total, after: new Int32Array(numbered.sequences.length) }]
  for (let length = 1; length <= MAX_STEPS; length++) {
    const longer = level.flatMap((pattern) => followers(numbered, pattern, least))
    level = longer
      .sort((a, b) => b.sessions - a.sessions)
      .slice(0, MAX_PATTERNS)
      .map(({ pattern, step, sessions }) => ({ steps: [...pattern.steps, step], sessions, after: afterStep(numbered, pattern, step) }))
    found.push(...level)
  }
  return found
}

function followers({ entries, sequences }: Numbered, pattern: Pattern, least: number): { pattern: Pattern; step: number; sessions: number }[] {
  const counts = new Float64Array(entries.length)
  /** By entry: the last sequence it was counted in. */
  const counted = new Int32Array(entries.length).fill(-1)
  sequences.forEach(({ sessions, steps }, sequence) => {
    const from = pattern.after[sequence]!
    for (let at = from < 0 ? steps.length : from; at < steps.length; at++) {
      const step = steps[at]!
      if (counted[step] === sequence) continue
      counted[step] = sequence
      counts[step] = counts[step]! + sessions
    }
  })
  return Array.from(counts, (sessions, step) => ({ pattern, step, sessions })).filter(
    ({ step, sessions }) => sessions >= least && !pattern.steps.includes(step),
  )
}

function afterStep({ sequences }: Numbered, pattern: Pattern, step: number): Int32Array {
  return Int32Array.from(sequences, ({ steps }, sequence) => {
    const from = pattern.after[sequence]!
    const at = from < 0 ? -1 : steps.indexOf(step, from)
    return at < 0 ? -1 : at + 1
  })
}

function contains(longer: readonly number[], shorter: readonly number[]): boolean {
  if (longer.length <= shorter.length) return false
  let at = 0
  for (const step of longer) if (step === shorter[at]) at++
  return at === shorter.length
}

function proposalOf(entries: readonly Entry[], { sessions, total }: { sessions: number; total: number }): Proposal {
  const called = entries.map(({ service, operation }) => (operation === '' ? service : operation).slice(0, MAX_STEP_CHARS))
  const names = called.map((name, at) => (called.indexOf(name) < at ? `${name} ${at + 1}` : name))
  const first = names[0] ?? ''
  const last = names.at(-1) ?? ''
  return {
    definition: {
      name: `${first} → ${last}`.slice(0, MAX_NAME_CHARS),
      key: 'session',
      within: '10m',
      steps: entries.map(({ service, operation }, at) => ({ name: names[at] ?? '', match: { kind: 'span', service, operation } })),
      success: last,
    },
    sessions,
    support: total === 0 ? 0 : sessions / total,
  }
}
