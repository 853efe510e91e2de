import type { BottleneckEntry, BottlenecksAnswer, LatencyBand } from '@skein/schemas/api/bottlenecks'
import { type Histogram, histogramBucketNs, NO_HISTOGRAM } from '@skein/schemas/histogram'
import type { NodeKey } from '@skein/schemas/topology'
import type { PathItemRow, PathTraces } from '@skein/store/contract-paths'
import type { PathContributor, PathEntry, PathSight, PathStep } from '@skein/store/path-text'
import { histogramPercentiles, toMs } from '../milliseconds.ts'
import { createNodeIds } from '../topology/node-ids.ts'
import { bandCounts, bandsAround, type BandRange, matrixBands, rangeMs, tracesIn } from './bands.ts'
import { type Comparison, contributorKey, contributorId, contributorsOf, durationsByKey, meanMs, type PathSums } from './contributors.ts'
import { findingKey, findingsOf, shapeKey, shapesOf } from './findings.ts'
import { type Grouped, groupRows, sumIn } from './sums.ts'

/** Everything that was asked of the store about one entry, in one window or release. */
export interface EntryRows {
  traces: PathTraces
  items: readonly PathItemRow[]
}

/** The same, put together. */
export interface EntrySums extends PathSums {
  traces: PathTraces
  findings: readonly Grouped<PathSight>[]
  shapes: readonly Grouped<PathStep[]>[]
}

export function entrySums({ traces, items }: EntryRows): EntrySums {
  const parts = items.filter((row) => row.what === 'part')
  const findings = items.filter((row) => row.what === 'finding')
  const shapes = items.filter((row) => row.what === 'shape')
  return {
    traces,
    counts: bandCounts(traces.duration),
    parts: groupRows(parts, contributorKey),
    findings: groupRows(findings, findingKey),
    shapes: groupRows(shapes, shapeKey),
  }
}

export interface EntryView {
  band: LatencyBand
  range: BandRange
  limit: number
  resolve: (node: NodeKey) => NodeKey
  durations: readonly { contributor: PathContributor; duration: Histogram }[]
  comparison: (Comparison & { baseline: BottlenecksAnswer['baseline']; latency: Histogram | null }) | null
}

/** What is answered about one entry. */
export function assembleEntry(
  sums: EntrySums,
  view: EntryView,
): Pick<BottlenecksAnswer, 'band' | 'baseline' | 'contributors' | 'bands' | 'latency' | 'shapes' | 'findings'> {
  const { range, limit, resolve } = view
  const ids = createNodeIds()
  const traces = tracesIn(sums.counts, range)
  const around = (quantile: number): BandRange => bandsAround(sums.traces.duration, sums.counts, quantile)
  const contributors = contributorsOf(sums, {
    ...{ ids, resolve, range, comparison: view.comparison, durations: durationsByKey(view.durations) },
    around: { p50: around(0.5), p95: around(0.95), p99: around(0.99) },
  }).slice(0, limit)
  const bandView = { ids, resolve, range, traces }
  return {
    band: { name: view.band, ...rangeMs(range), traces },
    baseline: view.comparison?.baseline ?? null,
    contributors,
    bands: matrixOf(sums, new Set(contributors.map(({ id }) => id))),
    latency: latencyOf(sums.traces.duration, view.comparison?.latency ?? null),
    shapes: shapesOf(sums.shapes, bandView).slice(0, limit),
    findings: findingsOf(sums.findings, bandView).slice(0, limit),
  }
}

function matrixOf(sums: EntrySums, shown: ReadonlySet<string>): BottlenecksAnswer['bands'] {
  return matrixBands(sums.counts).map(({ name, ...range }) => {
    const traces = tracesIn(sums.counts, range)
    const means = sums.parts.map((part) => [contributorId(part.key), sumIn(part, range).timeNs] as const)
    const totalNs = means.reduce((total, [, timeNs]) => total + timeNs, 0)
    return {
      ...{ name, ...rangeMs(range), traces, meanMs: meanMs(totalNs, traces) },
      selfMs: Object.fromEntries(means.filter(([id]) => shown.has(id)).map(([id, timeNs]) => [id, meanMs(timeNs, traces)])),
    }
  })
}

/** Bars of the chart: eight an octave. */
const BAR_SHIFT = 2

function latencyOf(duration: Histogram, baseline: Histogram | null): BottlenecksAnswer['latency'] {
  const bars = new Map<number, { traces: number; baseline: number }>()
  const add = ({ from, counts }: Histogram, which: 'traces' | 'baseline'): void =>
    counts.forEach((count, at) => {
      if (count <= 0) return
      const bar = (from + at) >> BAR_SHIFT
      const known = bars.get(bar) ?? { traces: 0, baseline: 0 }
      bars.set(bar, { ...known, [which]: known[which] + count })
    })
  add(duration, 'traces')
  add(baseline ?? NO_HISTOGRAM, 'baseline')
  if (bars.size === 0) return []
  const [first, last] = [Math.min(...bars.keys()), Math.max(...bars.keys())]
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const bar = bars.get(first + at)
    const edgeMs = (bucket: number): number => toMs(histogramBucketNs(bucket) / 2 ** (0.5 / 32))
    const [fromMs, toEnd] = [edgeMs((first + at) << BAR_SHIFT), edgeMs((first + at + 1) << BAR_SHIFT)]
    return { fromMs, toMs: toEnd, traces: bar?.traces ?? 0, baselineTraces: baseline === null ? null : (bar?.baseline ?? 0) }
  })
}

/** Without its percentiles when nobody asked how long its traces took. */
export function entryOf(row: { entry: PathEntry; errors: number } & Omit<PathTraces, 'duration'>, duration = NO_HISTOGRAM): BottleneckEntry {
  const { entry, traces, errors, timeNs } = row
  return { ...entry, traces, errors, ...(histogramPercentiles(duration) ?? { p50Ms: null, p95Ms: null, p99Ms: null }), totalMs: toMs(timeNs) }
}

/** Mean over all traces of the same band of something else. */
export function comparisonWith(base: EntrySums, range: BandRange): Comparison {
  const traces = tracesIn(base.counts, range)
  const byKey = new Map(base.parts.map((part) => [part.key, part]))
  return { meanMs: (_, key) => (traces === 0 ? null : meanMs(sumIn(byKey.get(key), range).timeNs, traces)) }
}

/** Mean of all own time together, over the traces of a band. */
export function meanTraceMs(sums: EntrySums, range: BandRange): number | null {
  const traces = tracesIn(sums.counts, range)
  if (traces === 0) return null
  return meanMs(
    sums.parts.reduce((total, part) => total + sumIn(part, range).timeNs, 0),
    traces,
  )
}
