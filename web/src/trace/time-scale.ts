/** The part of a trace on screen, ns after its start. */
export interface TimeWindow {
  fromNs: number
  toNs: number
}

export interface Bar {
  /** Share of the width, 0 … 1; a bar that lies outside the window is null. */
  left: number
  width: number
}

export function barOf(startNs: number, durationNs: number, { fromNs, toNs }: TimeWindow): Bar | null {
  const length = toNs - fromNs
  const endNs = startNs + durationNs
  if (length <= 0) return { left: 0, width: 1 }
  if (endNs < fromNs || startNs > toNs) return null
  const left = Math.max(0, (startNs - fromNs) / length)
  return { left, width: Math.min(1, (endNs - fromNs) / length) - left }
}

/** Where the label of a bar fits: inside a wide one, else to its right, else to its left. */
export function labelSide(bar: Bar): 'inside' | 'right' | 'left' {
  if (bar.width > 0.7) return 'inside'
  return bar.left + bar.width < 0.86 ? 'right' : 'left'
}

/** Round times for a ruler: at most `most` steps of 1, 2 or 5 × 10ⁿ ns, with both ends of the window; a tick too near the end is left out. */
export function ticksOf({ fromNs, toNs }: TimeWindow, most = 6): number[] {
  const length = toNs - fromNs
  if (length <= 0) return [fromNs]
  const step = niceStep(length / most)
  const ticks = [fromNs]
  for (let tick = Math.ceil(fromNs / step) * step; tick < toNs - step * 0.45; tick += step) {
    if (tick > fromNs + step * 0.45) ticks.push(tick)
  }
  ticks.push(toNs)
  return ticks
}

function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  for (const factor of [1, 2, 5]) if (power * factor >= least) return power * factor
  return power * 10
}

/** The window in the address: two shares of the trace, `0.25-0.5`; null when it is the whole or cannot be read. */
export function parseZoom(text: string): { from: number; to: number } | null {
  const match = /^(0(?:\.\d{1,6})?|1)-(0(?:\.\d{1,6})?|1)$/.exec(text)
  if (match === null) return null
  const from = Number(match[1])
  const to = Number(match[2])
  return to - from < 1e-5 || (from === 0 && to === 1) ? null : { from, to }
}

export function formatZoom(from: number, to: number): string {
  const text = (share: number): string => String(Number(Math.min(1, Math.max(0, share)).toFixed(6)))
  return `${text(from)}-${text(to)}`
}

export function windowOf(zoom: { from: number; to: number } | null, durationNs: number): TimeWindow {
  return zoom === null ? { fromNs: 0, toNs: durationNs } : { fromNs: zoom.from * durationNs, toNs: zoom.to * durationNs }
}
