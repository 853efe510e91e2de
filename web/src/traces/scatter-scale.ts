import type { TraceSummary } from '@skein/schemas/api/traces'

export interface Frame {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

export interface Dot {
  traceId: string
  x: number
  y: number
  startMs: number
  durationMs: number
  error: boolean
}

export interface ScatterScale {
  dots: readonly Dot[]
  /** Ticks of the duration axis, powers of ten, ms. */
  durations: readonly { ms: number; y: number }[]
  times: readonly { timeMs: number; x: number }[]
}

export interface ScatterInput {
  traces: readonly TraceSummary[]
  window: { startMs: number; endMs: number }
  frame: Frame
}

/** Time to the right, duration upwards on a log scale; errors last, so that they lie on top. */
export function scatterScale({ traces, window, frame }: ScatterInput): ScatterScale {
  const spans = traces.map((trace) => Math.max(0.01, trace.durationMs))
  const low = Math.floor(Math.log10(Math.min(1000, ...spans)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1, ...spans))))
  const length = Math.max(1, window.endMs - window.startMs)
  const across = frame.width - frame.left - frame.right
  const down = frame.height - frame.top - frame.bottom
  const x = (timeMs: number): number => frame.left + ((timeMs - window.startMs) / length) * across
  const y = (ms: number): number => frame.top + (1 - (Math.log10(Math.max(0.01, ms)) - low) / (high - low)) * down
  const dots = traces.map((trace): Dot => {
    const startMs = Number(BigInt(trace.startTimeUnixNano) / 1_000_000n)
    return { traceId: trace.traceId, x: x(startMs), y: y(trace.durationMs), startMs, durationMs: trace.durationMs, error: trace.errors > 0 }
  })
  dots.sort((a, b) => Number(a.error) - Number(b.error))
  const powers = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index))
  return {
    dots,
    durations: powers.map((ms) => ({ ms, y: y(ms) })),
    times: roundTimes(window, Math.max(2, Math.floor(across / 110))).map((timeMs) => ({ timeMs, x: x(timeMs) })),
  }
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

/** The dot nearest to a point, within `reach` px; the last drawn wins among equals. */
export function nearestDot(dots: readonly Dot[], point: { x: number; y: number }, reach = 12): Dot | null {
  let nearest: Dot | null = null
  let least = reach
  for (const dot of dots) {
    const distance = Math.hypot(dot.x - point.x, dot.y - point.y)
    if (distance <= least) {
      least = distance
      nearest = dot
    }
  }
  return nearest
}
