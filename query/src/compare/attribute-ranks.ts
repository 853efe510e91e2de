import type { AttributeDifference } from '@skein/schemas/api/trace-comparison'
import type { AttributeValue } from '@skein/schemas/api/traces'
import type { TraceDifferences } from '@skein/store/contract-comparison'

const MAX_ATTRIBUTES = 50
const MAX_VALUES = 10
const MAX_VALUE_CHARS = 300
/** Of fewer traces on a side each has something of its own. */
const MIN_TRACES = 5
/** Standard errors that chance explains: of some hundred attributes with some values each, hardly any is beyond. */
const CHANCE = 3

export interface RankedFrom extends Pick<TraceDifferences, 'selected' | 'rest' | 'pairs' | 'keys' | 'resources'> {
  /** Fingerprint → attributes. */
  resourceAttributes: ReadonlyMap<string, Readonly<Record<string, AttributeValue>>>
  /** What the selection itself asks for: to tell it back would say nothing. */
  excluded: ReadonlySet<string>
}

interface Counts {
  selected: number
  rest: number
}

interface Ranked {
  key: string
  scope: 'span' | 'resource'
  present: Counts
  values: Map<string, Counts>
}

/** Attributes by how far the shares of their values are apart between the two sides, beyond what chance explains. */
export function rankAttributes(from: RankedFrom): AttributeDifference[] {
  const sides = { selected: from.selected, rest: from.rest }
  if (Math.min(sides.selected, sides.rest) < MIN_TRACES) return []
  return [...spanAttributes(from), ...resourceAttributes(from)]
    .filter(({ key, scope }) => scope === 'resource' || !from.excluded.has(key))
    .map((ranked) => attributeDifference(ranked, sides))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
    .slice(0, MAX_ATTRIBUTES)
}

function spanAttributes({ selected, rest, pairs, keys }: RankedFrom): Ranked[] {
  const byKey = new Map<string, Ranked>()
  const rankedOf = (id: string, key: string, present: Counts): Ranked => {
    const known = byKey.get(id) ?? { key, scope: 'span', present, values: new Map() }
    byKey.set(id, known)
    return known
  }
  for (const { key, ...present } of keys) rankedOf(`attribute ${key}`, key, present)
  for (const { of, key, value, ...counts } of pairs) {
    const { values } = rankedOf(`${of} ${key}`, key, of === 'attribute' ? counts : { selected, rest })
    values.set(textOf(value), counts)
  }
  return [...byKey.values()]
}

/** A trace has a value when any resource that took part in it has it, so traces are counted and not resources. */
function resourceAttributes({ resources, resourceAttributes: attributesOf }: RankedFrom): Ranked[] {
  const byKey = new Map<string, Map<string, Record<keyof Counts, Set<string>>>>()
  for (const { fingerprint, ...traces } of resources) {
    for (const [key, value] of Object.entries(attributesOf.get(fingerprint) ?? {})) {
      const values = byKey.get(key) ?? new Map<string, Record<keyof Counts, Set<string>>>()
      byKey.set(key, values)
      const text = textOf(value)
      const sets = values.get(text) ?? { selected: new Set<string>(), rest: new Set<string>() }
      values.set(text, sets)
      for (const side of ['selected', 'rest'] as const) for (const traceId of traces[side]) sets[side].add(traceId)
    }
  }
  const union = (sets: readonly Set<string>[]): number => new Set(sets.flatMap((set) => [...set])).size
  return [...byKey].map(([key, values]) => ({
    key,
    scope: 'resource',
    present: { selected: union([...values.values()].map((sets) => sets.selected)), rest: union([...values.values()].map((sets) => sets.rest)) },
    values: new Map([...values].map(([value, sets]) => [value, { selected: sets.selected.size, rest: sets.rest.size }])),
  }))
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS)}…` : text
}

function attributeDifference({ key, scope, present, values }: Ranked, sides: Counts): AttributeDifference {
  const shares = [...values].map(([value, counts]) => ({ value, selectedShare: counts.selected / sides.selected, restShare: counts.rest / sides.rest }))
  const score = [present, ...values.values()].reduce((most, counts) => Math.max(most, beyondChance(counts, sides)), 0)
  return {
    key,
    scope,
    score,
    selectedCount: present.selected,
    restCount: present.rest,
    values: shares.sort(byDifference).slice(0, MAX_VALUES),
  }
}

/** The larger difference first; of two alike, what the selected have. */
function byDifference(a: AttributeDifference['values'][number], b: AttributeDifference['values'][number]): number {
  const differenceOf = ({ selectedShare, restShare }: typeof a): number => Math.round(Math.abs(selectedShare - restShare) * 1e9)
  return differenceOf(b) - differenceOf(a) || b.selectedShare - a.selectedShare || (a.value < b.value ? -1 : 1)
}

/** Difference of two shares less so many standard errors of it, each side with one trace of each kind more, so that few traces say little. */
function beyondChance(counts: Counts, sides: Counts): number {
  const shareOf = (side: keyof Counts): number => (counts[side] + 1) / (sides[side] + 2)
  const errorOf = (side: keyof Counts): number => (shareOf(side) * (1 - shareOf(side))) / (sides[side] + 2)
  const difference = Math.abs(counts.selected / sides.selected - counts.rest / sides.rest)
  return Math.max(0, difference - CHANCE * Math.sqrt(errorOf('selected') + errorOf('rest')))
}
