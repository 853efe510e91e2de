import type { TracePointsAnswer } from '@skein/schemas/api/traces'
import type { Selection } from './url.ts'

export interface Frame {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

/** Where dots are and what places mean; dots by column, failed ones last so that they lie on top. */
export interface ScatterScale {
  frame: Frame
  x: Float32Array
  y: Float32Array
  /** Place of a dot in the answer. */
  of: Uint32Array
  /** Dots from here on failed. */
  firstError: number
  /** Ticks of the duration axis, powers of ten, ms. */
  durations: readonly { ms: number; y: number }[]
  times: readonly { timeMs: number; x: number }[]
  xOf: (timeMs: number) => number
  yOf: (ms: number) => number
  timeAt: (x: number) => number
  msAt: (y: number) => number
}

/** Shorter ones are drawn at the foot. */
const LEAST_MS = 0.01

/** Time to the right, duration upwards on a log scale. */
export function scatterScale(points: TracePointsAnswer, frame: Frame): ScatterScale {
  const startMs = Date.parse(points.window.start)
  const endMs = Date.parse(points.window.end)
  const count = points.traceIds.length
  let [shortest, longest] = [1000, 1]
  for (const ms of points.durationMs) {
    shortest = Math.min(shortest, Math.max(LEAST_MS, ms))
    longest = Math.max(longest, ms)
  }
  const low = Math.floor(Math.log10(shortest))
  const high = Math.max(low + 1, Math.ceil(Math.log10(longest)))
  const length = Math.max(1, endMs - startMs)
  const across = Math.max(1, frame.width - frame.left - frame.right)
  const down = frame.height - frame.top - frame.bottom
  const xOf = (timeMs: number): number => frame.left + ((timeMs - startMs) / length) * across
  const yOf = (ms: number): number => frame.top + (1 - (Math.log10(Math.max(LEAST_MS, ms)) - low) / (high - low)) * down
  const of = orderOf(points.errors)
  return {
    frame,
    x: Float32Array.from(of, (at) => xOf(startMs + (points.startMs[at] ?? 0))),
    y: Float32Array.from(of, (at) => yOf(points.durationMs[at] ?? 0)),
    of,
    firstError: count - points.errors.reduce((sum, errors) => sum + (errors > 0 ? 1 : 0), 0),
    durations: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)).map((ms) => ({ ms, y: yOf(ms) })),
    times: roundTimes({ startMs, endMs }, Math.max(2, Math.floor(across / 110))).map((timeMs) => ({ timeMs, x: xOf(timeMs) })),
    xOf,
    yOf,
    timeAt: (x) => startMs + ((x - frame.left) / across) * length,
    msAt: (y) => 10 ** (low + (1 - (y - frame.top) / down) * (high - low)),
  }
}

function orderOf(errors: readonly number[]): Uint32Array {
  const order = new Uint32Array(errors.length)
  let at = 0
  for (const failed of [false, true]) {
    errors.forEach((count, index) => {
      if (count > 0 === failed) order[at++] = index
    })
  }
  return order
}

const STEPS_MS = [1, 5, 10, 15, 30]
  .map((seconds) => seconds * 1000)
  .concat([1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 2880, 10_080].map((minutes) => minutes * 60_000))

/** Round times inside a window, at most so many. */
export function roundTimes({ startMs, endMs }: { startMs: number; endMs: number }, most: number): number[] {
  const step = STEPS_MS.find((candidate) => (endMs - startMs) / candidate <= most) ?? (endMs - startMs) / most
  const times: number[] = []
  for (let time = Math.ceil(startMs / step) * step; time <= endMs; time += step) times.push(time)
  return times
}

/** The dot nearest to a point within `reach` px, the last drawn of equals; −1 for none. */
export function nearestDot({ x, y }: Pick<ScatterScale, 'x' | 'y'>, point: { x: number; y: number }, reach = 12): number {
  let nearest = -1
  let least = reach * reach
  for (let dot = 0; dot < x.length; dot++) {
    const across = (x[dot] ?? 0) - point.x
    if (across > reach || across < -reach) continue
    const down = (y[dot] ?? 0) - point.y
    const distance = across * across + down * down
    if (distance > least) continue
    least = distance
    nearest = dot
  }
  return nearest
}

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** What a box drawn on the picture selects, cut to it; null for one too small to be meant. */
export function selectionOf(scale: ScatterScale, box: Box): Selection | null {
  const { frame } = scale
  const left = Math.max(frame.left, Math.min(box.left, box.right))
  const right = Math.min(frame.width - frame.right, Math.max(box.left, box.right))
  const top = Math.max(frame.top, Math.min(box.top, box.bottom))
  const bottom = Math.min(frame.height - frame.bottom, Math.max(box.top, box.bottom))
  if (right - left < 4 || bottom - top < 4) return null
  // at the foot lie also those that are shorter than the axis
  const minMs = bottom >= frame.height - frame.bottom - 0.5 ? 0 : scale.msAt(bottom)
  return { kind: 'box', fromMs: scale.timeAt(left), toMs: scale.timeAt(right), minMs, maxMs: scale.msAt(top) }
}

export function boxOf(scale: ScatterScale, selection: Selection | null): Box | null {
  if (selection === null || selection.kind === 'errors') return null
  const { frame } = scale
  const clampX = (x: number): number => Math.min(frame.width - frame.right, Math.max(frame.left, x))
  const clampY = (y: number): number => Math.min(frame.height - frame.bottom, Math.max(frame.top, y))
  const [left, right] = [clampX(scale.xOf(selection.fromMs)), clampX(scale.xOf(selection.toMs))]
  return right - left < 1
    ? null
    : { left, right, top: clampY(scale.yOf(selection.maxMs)), bottom: selection.minMs === 0 ? frame.height - frame.bottom : clampY(scale.yOf(selection.minMs)) }
}
