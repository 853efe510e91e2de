import type { ReplayFrame, RunReplay } from '@skein/schemas/api/replay'

export type EdgeState = 'done' | 'slow' | 'error' | 'waits' | 'elsewhere'

/** How one edge looks at a frame. */
export interface EdgeMoment {
  state: EdgeState
  /** Orders in which the edge lit up within the event, from 1. */
  numbers: readonly number[]
  /** The newest call on it. */
  frame: ReplayFrame | null
}

/** Frames of the event that a frame belongs to, up to it, and those still to come. */
export function eventFrames(replay: Pick<RunReplay, 'frames'>, at: number): { event: number; reached: readonly ReplayFrame[]; all: readonly ReplayFrame[] } {
  const event = replay.frames[at]?.event ?? 0
  const all = replay.frames.filter((frame) => frame.event === event)
  const first = replay.frames.findIndex((frame) => frame.event === event)
  return { event, all, reached: all.slice(0, Math.max(0, at - first + 1)) }
}

/** What each edge shows at frame `at`: lit in order, still waiting, or not of this event. */
export function edgeMoments(replay: Pick<RunReplay, 'frames' | 'edges'>, at: number): Map<string, EdgeMoment> {
  const { all, reached } = eventFrames(replay, at)
  return new Map(
    replay.edges.map(({ id }): [string, EdgeMoment] => {
      const own = reached.flatMap((frame, index) => (frame.edge === id ? [{ frame, number: index + 1 }] : []))
      const last = own.at(-1)
      if (last === undefined) return [id, { state: all.some((frame) => frame.edge === id) ? 'waits' : 'elsewhere', numbers: [], frame: null }]
      const worst = own.some(({ frame }) => frame.state === 'error') ? 'error' : own.some(({ frame }) => frame.state === 'slow') ? 'slow' : 'done'
      return [id, { state: worst, numbers: own.map(({ number }) => number), frame: last.frame }]
    }),
  )
}

const SLOWEST_MS = 1500
const FASTEST_MS = 60

/** How long a frame stays before the next: as long as it was, within what an eye can follow. */
export function frameDelayMs(offsets: readonly number[], at: number, speed: number): number {
  const gap = (offsets[at + 1] ?? 0) - (offsets[at] ?? 0)
  return Math.min(SLOWEST_MS, Math.max(FASTEST_MS, gap * 4 + 250)) / speed
}
