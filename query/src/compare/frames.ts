import type { TopologyFrame, TopologyFramesAnswer } from '@skein/schemas/api/topology-frames'
import type { EdgeFrame } from '@skein/store/contract'
import { toMs } from '../milliseconds.ts'
import type { MergedEdge } from '../topology/merged-edge.ts'
import { isoTime } from '../window.ts'

/** Values of one measure an answer may have: 20 MB of JSON. */
const MAX_VALUES = 1_500_000

/** The busiest edges that an answer of so many steps has room for, and how many are left out. */
export function framedEdges(edges: readonly MergedEdge[], steps: number): { edges: MergedEdge[]; leftOut: number } {
  const room = Math.max(1, Math.floor(MAX_VALUES / Math.max(1, steps)))
  const ranked = edges.toSorted((a, b) => b.calls - a.calls || (a.edgeId < b.edgeId ? -1 : 1))
  return { edges: ranked.slice(0, room), leftOut: Math.max(0, ranked.length - room) }
}

/** A frame for every step; one that nothing is stored of is all null. */
export function framesOf(frames: readonly EdgeFrame[], timesMs: readonly number[], edges: number): TopologyFramesAnswer['frames'] {
  const byTime = new Map(frames.map((frame) => [frame.timeMs, frame]))
  const nothing = Array<null>(edges).fill(null)
  return timesMs.map((timeMs) => {
    const frame = byTime.get(timeMs)
    return frame === undefined ? { time: isoTime(timeMs), calls: nothing, errors: nothing, p95Ms: nothing } : frameOf(frame)
  })
}

function frameOf({ timeMs, calls, errors, p95Ns }: EdgeFrame): TopologyFrame {
  const called = (at: number): boolean => calls[at]! > 0
  return {
    time: isoTime(timeMs),
    calls: Array.from(calls, (count, at) => (called(at) ? count : null)),
    errors: Array.from(errors, (count, at) => (called(at) ? count : null)),
    p95Ms: Array.from(p95Ns, (durationNs, at) => (called(at) && !Number.isNaN(durationNs) ? toMs(durationNs) : null)),
  }
}
