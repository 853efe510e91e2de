import type { LatencyBand } from '@skein/schemas/api/bottlenecks'
import { type Histogram, HISTOGRAM_ZERO_BUCKET, histogramQuantileNs, histogramBucket } from '@skein/schemas/histogram'
import { PATH_BAND_SHIFT, pathBandEndNs } from '@skein/schemas/path'
import { toMs } from '../milliseconds.ts'

/** Latency bands from one to another, both included. */
export interface BandRange {
  from: number
  to: number
}

export const ALL_BANDS: BandRange = { from: HISTOGRAM_ZERO_BUCKET, to: 1000 }
const SLOWEST: Record<Exclude<LatencyBand, 'all' | 'p50'>, number> = { p90: 0.1, p95: 0.05, p99: 0.01 }
/** A band is of so many traces, where there are. */
const MIN_TRACES = 5
/** Traces about as long as a quantile are at least so many, where there are. */
const MIN_AROUND = 20

/** Band → traces. */
export function bandCounts({ from, counts }: Histogram): Map<number, number> {
  const bands = new Map<number, number>()
  counts.forEach((count, at) => {
    if (count > 0) bands.set((from + at) >> PATH_BAND_SHIFT, (bands.get((from + at) >> PATH_BAND_SHIFT) ?? 0) + count)
  })
  return bands
}

export function tracesIn(counts: ReadonlyMap<number, number>, range: BandRange): number {
  let traces = 0
  for (const [band, count] of counts) if (isIn(band, range)) traces += count
  return traces
}

export function isIn(band: number, { from, to }: BandRange): boolean {
  return band >= from && band <= to
}

/**
 * The bands of the slowest traces of a name. A band is whole or not in it, so their share is the nearest that bands allow, by ratio: of a
 * tenth and a third, three tenths is nearer to the third. At least five traces where there are so many: fewer are chance.
 */
export function slowestBands(counts: ReadonlyMap<number, number>, name: LatencyBand): BandRange {
  if (name === 'all') return ALL_BANDS
  if (name !== 'p50') return { from: nearestShare(counts, SLOWEST[name], 'slowest'), to: ALL_BANDS.to }
  const slower = { from: fastestHalf(counts).to + 1, to: ALL_BANDS.to }
  return tracesIn(counts, slower) > 0 ? slower : ALL_BANDS
}

/** The nearest to half that whole bands allow, from below; all when they are one band. */
export function fastestHalf(counts: ReadonlyMap<number, number>): BandRange {
  return { from: ALL_BANDS.from, to: nearestShare(counts, 0.5, 'fastest') }
}

export interface NamedBands extends BandRange {
  name: string
}

/** The columns of the matrix: disjoint, together all traces. */
export function matrixBands(counts: ReadonlyMap<number, number>): NamedBands[] {
  const p50 = fastestHalf(counts).to + 1
  const p90 = Math.max(p50, slowestBands(counts, 'p90').from)
  const p99 = Math.max(p90, slowestBands(counts, 'p99').from)
  return [
    { name: 'p0-50', from: ALL_BANDS.from, to: p50 - 1 },
    { name: 'p50-90', from: p50, to: p90 - 1 },
    { name: 'p90-99', from: p90, to: p99 - 1 },
    { name: 'p99+', from: p99, to: ALL_BANDS.to },
  ]
}

/** The bands of traces about as long as a quantile: its own, and its neighbours while these are few. */
export function bandsAround(duration: Histogram, counts: ReadonlyMap<number, number>, quantile: number): BandRange {
  const ns = histogramQuantileNs(duration, quantile)
  if (ns === null) return { from: 0, to: -1 }
  const band = histogramBucket(ns) >> PATH_BAND_SHIFT
  const own = { from: band, to: band }
  return tracesIn(counts, own) >= MIN_AROUND ? own : { from: band - 1, to: band + 1 }
}

/** Where a range lies in ms; null for no upper end. */
export function rangeMs({ from, to }: BandRange): { fromMs: number; toMs: number | null } {
  const fromMs = from <= ALL_BANDS.from ? 0 : toMs(pathBandEndNs(from - 1))
  return { fromMs, toMs: to >= ALL_BANDS.to ? null : toMs(pathBandEndNs(to)) }
}

/** The last band, from one end, with which the traces are nearest to a share of all. */
function nearestShare(counts: ReadonlyMap<number, number>, share: number, from: 'slowest' | 'fastest'): number {
  const way = from === 'slowest' ? -1 : 1
  const bands = [...counts].filter(([, count]) => count > 0).sort(([a], [b]) => (a - b) * way)
  const total = bands.reduce((sum, [, count]) => sum + count, 0)
  let best = { band: bands[0]?.[0] ?? 0, distance: Number.POSITIVE_INFINITY }
  let traces = 0
  for (const [band, count] of bands) {
    traces += count
    const distance = Math.abs(Math.log(traces / (total * share)))
    if (distance < best.distance && traces >= Math.min(MIN_TRACES, total)) best = { band, distance }
  }
  return best.band
}
