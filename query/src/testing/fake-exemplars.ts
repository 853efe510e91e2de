import type { ExemplarRow } from '@skein/store/contract'
import { edgeRowOf } from './fake-numbers.ts'
import { fakeTrace, TRACES_A_MINUTE, type FakeTrace } from './fake-traces.ts'
import { EDGES } from './tv-operator.ts'

const MINUTE_MS = 60_000
const MINUTES = 20

/** Slowest, newest failed and longest calls on their way of each edge in the last minutes of a window: spans of traces that can be opened. */
export function fakeExemplars(window: { startMs: number; endMs: number }, nowMs: number, perEdge: number): ExemplarRow[] {
  const endMinute = Math.floor(Math.min(window.endMs, nowMs) / MINUTE_MS)
  const ids = new Map(EDGES.map((edge) => [`${edge.source.name}>${edge.target.name}`, edgeRowOf(edge, []).edgeId]))
  const byEdge = new Map<string, ExemplarRow[]>()
  for (let minute = endMinute - 1; minute > endMinute - MINUTES && minute * MINUTE_MS >= window.startMs; minute--) {
    for (let index = 0; index < TRACES_A_MINUTE; index++) {
      for (const [pair, row] of callsOf(fakeTrace(minute, index))) {
        const edgeId = ids.get(pair)
        if (edgeId !== undefined) byEdge.set(edgeId, [...(byEdge.get(edgeId) ?? []), { ...row, edgeId }])
      }
    }
  }
  return [...byEdge.values()].flatMap((rows) => {
    const slowest = rows.toSorted((a, b) => b.durationNs - a.durationNs).slice(0, perEdge)
    const failed = rows.filter((row) => row.error).slice(0, perEdge)
    const longest = rows.toSorted((a, b) => b.transitNs - a.transitNs).slice(0, perEdge)
    return [...new Set([...slowest, ...failed, ...longest])]
  })
}

function callsOf(trace: FakeTrace): [pair: string, row: Omit<ExemplarRow, 'edgeId'>][] {
  if (trace.spans.length > 1000) return []
  return trace.spans.flatMap((span): [string, Omit<ExemplarRow, 'edgeId'>][] => {
    const durationNs = Number(span.durationNs)
    const transitNs = span.consumes === null ? Math.floor(durationNs / 20) : durationNs * 3
    const row = { traceId: trace.traceId, spanId: span.spanId, durationNs, transitNs, error: span.status === 2 }
    if (span.consumes !== null) return [[`${span.consumes}>${span.service}`, row]]
    if (span.parentSpanId === '') return [[`user/${span.service}>${span.service}`, row]]
    return span.calls === null ? [] : [[`${span.service}>${span.calls}`, row]]
  })
}
