import type { SpanRow } from './span-row.ts'

export interface Stretch {
  startNs: number
  endNs: number
}

/** When one service had a span under way. */
export interface ServiceLane {
  service: string
  spans: number
  /** Spans that failed: when they ended, and their row. */
  failures: { atNs: number; key: string }[]
  /** Disjoint, in the order of time. */
  busy: Stretch[]
  busyNs: number
  /** The most spans at one time. */
  most: number
  /** Row of its first span. */
  firstKey: string
  startNs: number
}

/** One lane a service, those that began first on top. */
export function serviceLanes(rows: readonly SpanRow[]): ServiceLane[] {
  const byService = new Map<string, SpanRow[]>()
  for (const row of rows) {
    if (row.span === null) continue
    const of = byService.get(row.span.service)
    if (of === undefined) byService.set(row.span.service, [row])
    else of.push(row)
  }
  return [...byService].map(([service, of]) => laneOf(service, of)).sort((a, b) => a.startNs - b.startNs || (a.service < b.service ? -1 : 1))
}

function laneOf(service: string, rows: readonly SpanRow[]): ServiceLane {
  const sorted = rows.toSorted((a, b) => a.startNs - b.startNs)
  const busy: Stretch[] = []
  for (const { startNs, durationNs } of sorted) {
    const endNs = startNs + durationNs
    const last = busy.at(-1)
    if (last === undefined || startNs > last.endNs) busy.push({ startNs, endNs })
    else if (endNs > last.endNs) last.endNs = endNs
  }
  return {
    service,
    spans: rows.length,
    failures: sorted.filter((row) => row.span?.status.code === 'error').map((row) => ({ atNs: row.startNs + row.durationNs, key: row.key })),
    busy,
    busyNs: busy.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0),
    most: mostAtOnce(sorted),
    firstKey: sorted[0]?.key ?? '',
    startNs: sorted[0]?.startNs ?? 0,
  }
}

function mostAtOnce(sorted: readonly SpanRow[]): number {
  const ends = sorted.map((row) => row.startNs + row.durationNs).sort((a, b) => a - b)
  let ended = 0
  let most = 0
  sorted.forEach((row, begun) => {
    while ((ends[ended] ?? Infinity) <= row.startNs && ended <= begun) ended++
    most = Math.max(most, begun + 1 - ended)
  })
  return Math.max(1, most)
}

/** Stretches nearer together than `leastNs` are one, so that a lane never has more than can be seen. */
export function drawnStretches(stretches: readonly Stretch[], leastNs: number): Stretch[] {
  const drawn: Stretch[] = []
  for (const { startNs, endNs } of stretches) {
    const last = drawn.at(-1)
    if (last !== undefined && startNs - last.endNs < leastNs) last.endNs = Math.max(last.endNs, endNs)
    else drawn.push({ startNs, endNs })
  }
  return drawn
}
