import type { ComparedPair, TraceAttributes, TraceDifferences, TraceSelection } from '@skein/store/contract-comparison'
import type { FakeTrace } from './fake-traces.ts'

/** Traces of a search, selected ones against the others, counted one by one. */
export function fakeDifferences(traces: readonly FakeTrace[], selection: TraceSelection, perSide: number): TraceDifferences {
  const isSelected = (trace: FakeTrace): boolean => isIn(trace, selection)
  const all = [traces.filter(isSelected), traces.filter((trace) => !isSelected(trace))] as const
  const [selected, rest] = [all[0].slice(0, perSide), all[1].slice(0, perSide)]
  const counts = { selected: selected.length, rest: rest.length, selectedOfAll: all[0].length, restOfAll: all[1].length }
  if (selected.length === 0 || rest.length === 0) return { ...counts, pairs: [], keys: [], resources: [] }
  const tallies = new Map<string, Omit<ComparedPair, 'selected' | 'rest'> & { selected: Set<string>; rest: Set<string> }>()
  const keys = new Map<string, { selected: Set<string>; rest: Set<string> }>()
  const resources = new Map<string, { selected: Set<string>; rest: Set<string> }>()
  for (const [side, some] of [['selected', selected] as const, ['rest', rest] as const]) {
    for (const { traceId, spans } of some) {
      for (const span of spans) {
        for (const pair of pairsOf(span)) ofKey(tallies, JSON.stringify(pair), pair)[side].add(traceId)
        for (const [key] of span.attributes) ofKey(keys, key, {})[side].add(traceId)
        ofKey(resources, span.resource, {})[side].add(traceId)
      }
    }
  }
  return {
    ...counts,
    pairs: [...tallies.values()]
      .map((tally) => ({ ...tally, selected: tally.selected.size, rest: tally.rest.size }))
      .filter((pair) => pair.selected + pair.rest > 1),
    keys: [...keys].map(([key, sides]) => ({ key, selected: sides.selected.size, rest: sides.rest.size })),
    resources: [...resources].map(([fingerprint, sides]) => ({ fingerprint, selected: [...sides.selected], rest: [...sides.rest] })),
  }
}

/** What stands in how many of the traces. */
export function fakeAttributes(traces: readonly FakeTrace[], limit: number): TraceAttributes {
  const looked = traces.slice(0, limit)
  const pairs = new Map<string, Omit<ComparedPair, 'selected' | 'rest'> & Sides>()
  const keys = new Map<string, Sides>()
  const resources = new Map<string, Sides>()
  for (const { traceId, spans } of looked) {
    for (const span of spans) {
      for (const pair of pairsOf(span)) ofKey(pairs, JSON.stringify(pair), pair).selected.add(traceId)
      for (const [key] of span.attributes) ofKey(keys, key, {}).selected.add(traceId)
      ofKey(resources, span.resource, {}).selected.add(traceId)
    }
  }
  return {
    traces: looked.length,
    ofAll: traces.length,
    pairs: [...pairs.values()].map(({ of, key, value, selected }) => ({ of, key, value, traces: selected.size })),
    keys: [...keys].map(([key, { selected }]) => ({ key, traces: selected.size })),
    resources: [...resources].map(([fingerprint, { selected }]) => ({ fingerprint, traceIds: [...selected] })),
  }
}

interface Sides {
  selected: Set<string>
  rest: Set<string>
}

function ofKey<T extends object>(map: Map<string, T & Sides>, key: string, what: T): Sides {
  const known = map.get(key) ?? { ...what, selected: new Set<string>(), rest: new Set<string>() }
  map.set(key, known)
  return known
}

function pairsOf(span: FakeTrace['spans'][number]): Omit<ComparedPair, 'selected' | 'rest'>[] {
  return [
    { of: 'service', key: 'service', value: span.service },
    { of: 'operation', key: 'operation', value: span.name },
    { of: 'status', key: 'status', value: ['unset', 'ok', 'error'][span.status] ?? 'unset' },
    ...span.attributes.map(([key, value]) => ({ of: 'attribute' as const, key, value })),
  ]
}

function isIn({ startNs, durationNs, spans }: FakeTrace, selection: TraceSelection): boolean {
  const startMs = Number(startNs / 1_000_000n)
  const failed = spans.some(({ status }) => status === 2)
  return (
    startMs >= (selection.startMs ?? 0) &&
    startMs < (selection.endMs ?? Infinity) &&
    durationNs >= (selection.minDurationNs ?? 0) &&
    durationNs <= (selection.maxDurationNs ?? Infinity) &&
    (selection.error ?? failed) === failed &&
    (selection.attributes.length === 0 ||
      spans.some((span) =>
        selection.attributes.every(({ key, value }) =>
          span.attributes.some(([name, stored]) => name === key && (typeof stored === 'string' ? stored : JSON.stringify(stored)) === value),
        ),
      ))
  )
}
