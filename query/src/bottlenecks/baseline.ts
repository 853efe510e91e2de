import type { BaselineKind, BottlenecksAnswer, LatencyBand } from '@skein/schemas/api/bottlenecks'
import type { Histogram } from '@skein/schemas/histogram'
import type { PathItemRow } from '@skein/store/contract-paths'
import { isoTime, type Window } from '../window.ts'
import { comparisonWith, type EntrySums, meanTraceMs } from './assemble.ts'
import { type BandRange, fastestHalf, isIn, slowestBands, tracesIn } from './bands.ts'
import { type Comparison, contributorKey, meanMs } from './contributors.ts'

/** What a band is compared with, ready to be asked. */
export interface Compared extends Comparison {
  baseline: BottlenecksAnswer['baseline']
  /** Of traces of its own; null when they are among those looked at. */
  latency: Histogram | null
}

/** Nothing is faster than all traces when they are all about as long. */
export function againstFastHalf(sums: EntrySums, looked: BandRange): Compared {
  const half = fastestHalf(sums.counts)
  const range = { from: half.from, to: looked.from <= half.from ? half.to : Math.min(half.to, looked.from - 1) }
  return comparedWith(sums, range, { kind: 'fast', label: 'p0-50', latency: null })
}

export function againstWindow(base: EntrySums, window: Window, band: LatencyBand): Compared {
  const label = `${isoTime(window.startMs)}/${isoTime(window.endMs)}`
  return comparedWith(base, slowestBands(base.counts, band), { kind: 'window', label, latency: base.traces.duration })
}

/** Another release of the service where traces start: other traces. */
export function againstEntryRelease(base: EntrySums, version: string, band: LatencyBand): Compared {
  return comparedWith(base, slowestBands(base.counts, band), { kind: 'release', label: version, latency: base.traces.duration })
}

function comparedWith(base: EntrySums, range: BandRange, of: { kind: BaselineKind; label: string; latency: Histogram | null }): Compared {
  const traces = tracesIn(base.counts, range)
  const baseline = { kind: of.kind, label: of.label, traces, meanMs: meanTraceMs(base, range) }
  return { ...comparisonWith(base, range), baseline: traces === 0 ? null : baseline, latency: of.latency }
}

/** Of a service further down only its own time can be told apart by release: what each spent in the traces that met it. */
export interface ServiceRelease {
  service: string
  version: string
}

export function againstServiceRelease(items: readonly PathItemRow[], releases: { current: ServiceRelease; base: ServiceRelease }, range: BandRange): Compared {
  const current = ownTime(items, releases.current, range)
  const base = ownTime(items, releases.base, range)
  const label = `${releases.base.service} ${releases.base.version}`
  return {
    baseline: base.traces === 0 ? null : { kind: 'release', label, traces: base.traces, meanMs: null },
    latency: null,
    meanMs: base.meanMs,
    currentMs: current.meanMs,
  }
}

function ownTime(items: readonly PathItemRow[], release: ServiceRelease, range: BandRange): { traces: number } & Pick<Comparison, 'meanMs'> {
  const own = items.filter((row) => row.what === 'part' && row.of.node.name === release.service && row.of.version === release.version && isIn(row.band, range))
  const traces = mostTraces(own)
  const times = new Map<string, number>()
  for (const row of own) if (row.what === 'part') times.set(contributorKey(row.of), (times.get(contributorKey(row.of)) ?? 0) + row.timeNs)
  return { traces, meanMs: ({ node }, key) => (traces === 0 || node.name !== release.service ? null : meanMs(times.get(key) ?? 0, traces)) }
}

/** Traces that met a release: those of its contributor that most met, since one trace counts at several. */
function mostTraces(rows: readonly PathItemRow[]): number {
  const traces = new Map<string, number>()
  for (const row of rows) {
    if (row.what !== 'part') continue
    const key = contributorKey(row.of)
    traces.set(key, (traces.get(key) ?? 0) + row.traces)
  }
  return Math.max(0, ...traces.values())
}

/** Releases of all services on the path; services of which there are several first. */
export function versionsOf(
  items: readonly PathItemRow[],
  entry: { service: string; releases: readonly { version: string; traces: number }[] },
): BottlenecksAnswer['versions'] {
  const byRelease = new Map<string, PathItemRow[]>()
  for (const row of items) {
    if (row.what !== 'part' || row.of.version === '' || row.of.node.kind !== 'service' || row.of.node.name === entry.service) continue
    const key = JSON.stringify([row.of.node.name, row.of.version])
    byRelease.set(key, [...(byRelease.get(key) ?? []), row])
  }
  const others = [...byRelease].map(([key, rows]) => {
    const [service = '', version = ''] = JSON.parse(key) as string[]
    return { service, version, traces: mostTraces(rows) }
  })
  const own = entry.releases.filter(({ version }) => version !== '').map(({ version, traces }) => ({ service: entry.service, version, traces }))
  const all = [...own, ...others]
  const releasesOf = (service: string): number => all.filter((each) => each.service === service).length
  return all
    .sort((a, b) => Math.sign(releasesOf(b.service) - 1) - Math.sign(releasesOf(a.service) - 1) || compare(a.service, b.service) || b.traces - a.traces)
    .slice(0, MAX_VERSIONS)
}

const MAX_VERSIONS = 100

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
