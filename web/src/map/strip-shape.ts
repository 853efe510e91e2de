/** Geometry of the strip below the map: times to px and back. */
export interface StripScale {
  x: (timeMs: number) => number
  /** The start of the step under a place. */
  stepAt: (x: number) => number
  startMs: number
  endMs: number
  stepMs: number
}

/** Steps of equal length from `startMs` on, over `width` px. */
export function stripScale(startMs: number, steps: number, stepMs: number, width: number): StripScale {
  const endMs = startMs + Math.max(1, steps) * stepMs
  const perMs = width / (endMs - startMs)
  return {
    x: (timeMs) => (timeMs - startMs) * perMs,
    stepAt: (x) => {
      const step = Math.floor(x / perMs / stepMs)
      return startMs + Math.min(Math.max(1, steps) - 1, Math.max(0, step)) * stepMs
    },
    startMs,
    endMs,
    stepMs,
  }
}

/** A line of one value a step, drawn at the middle of each; a gap stays a gap, a lone value is a dash. */
export function stripPath(values: readonly (number | null)[], scale: StripScale, height: number, most: number): string {
  const half = scale.stepMs / 2
  let path = ''
  values.forEach((value, index) => {
    if (value === null) return
    const y = round(height - (value / Math.max(most, 1e-9)) * height)
    const at = scale.startMs + index * scale.stepMs
    const joined = (values[index - 1] ?? null) !== null
    path += joined ? `L${round(scale.x(at + half))} ${y}` : `M${round(scale.x(at))} ${y}L${round(scale.x(at + half))} ${y}`
  })
  return path
}

const round = (value: number): number => Math.round(value * 10) / 10

/** Where a key moves the handle: a step or ten, the ends; null when it moves nothing. */
export function movedByKey({ key, far, atMs }: { key: string; far: boolean; atMs: number }, scale: StripScale): number | null {
  const last = scale.endMs - scale.stepMs
  const by = (steps: number): number => Math.min(last, Math.max(scale.startMs, atMs + steps * scale.stepMs))
  const stride = far ? 10 : 1
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: by(-stride),
    ArrowRight: by(stride),
    PageUp: by(-10),
    PageDown: by(10),
    Home: scale.startMs,
    End: last,
  }
  return moves[key] ?? null
}
