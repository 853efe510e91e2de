import { type TestSpan, START_MS } from '../topology/spans-for-tests.ts'
import type { ReferenceSpan } from './reference-for-tests.ts'

/** Numbers in [0, 1) from a seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
}

/** A trace with everything that goes wrong: lost parents, cycles, several roots, skew, spans of no length, consumers, equal times. */
export function randomTrace(random: () => number): ReferenceSpan[] {
  const count = 1 + Math.floor(random() * 14)
  const ids = Array.from({ length: count }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(16, '0'),
  )
  return ids.map((id, at) => {
    const start = Math.floor(random() * 30)
    const parent = at === 0 ? (random() < 0.9 ? null : 'f'.repeat(16)) : parentOf(random, ids, at)
    return { id, parent, kind: 1 + Math.floor(random() * 5), start: at === 0 ? 0 : start, end: at === 0 ? 30 : start + Math.floor(random() * 12) }
  })
}

function parentOf(random: () => number, ids: readonly string[], at: number): string | null {
  const dice = random()
  if (dice < 0.03) return null
  if (dice < 0.06) return 'f'.repeat(16)
  return ids[Math.floor(random() * (dice < 0.12 ? ids.length : at))] ?? null
}

/** The same spans as they come in, a millisecond a unit of time, each in a service and with an operation of its own. */
export function asTestSpans(trace: readonly ReferenceSpan[], traceId: string): TestSpan[] {
  return trace.map(({ id, parent, kind, start, end }) => ({
    trace: traceId,
    id,
    ...(parent === null ? {} : { parent }),
    name: `op ${id}`,
    kind,
    startMs: START_MS + start,
    durationMs: end - start,
    resource: { service: `service ${id}` },
  }))
}

/** Ids that no other of many traces has. */
export function uniqueIds(trace: readonly ReferenceSpan[], at: number): ReferenceSpan[] {
  const unique = (id: string): string => (id.startsWith('ffff') ? id : at.toString(16).padStart(8, '0') + id.slice(8))
  return trace.map((each) => ({ ...each, id: unique(each.id), parent: each.parent === null ? null : unique(each.parent) }))
}
