import { createHash } from 'node:crypto'
import type { BottleneckContributor } from '@skein/schemas/api/bottlenecks'
import { addHistograms, type Histogram, NO_HISTOGRAM } from '@skein/schemas/histogram'
import { edgeId, type NodeKey } from '@skein/schemas/topology'
import { contributorText, type PathContributor } from '@skein/store/path-text'
import { histogramPercentiles, toMs } from '../milliseconds.ts'
import { type NodeIds } from '../topology/node-ids.ts'
import { type BandRange, tracesIn } from './bands.ts'
import { exemplarsOf, type Grouped, sumIn } from './sums.ts'

/** Traces of an entry: how many by band, and what they spent where. */
export interface PathSums {
  counts: ReadonlyMap<number, number>
  parts: readonly Grouped<PathContributor>[]
}

/** What is compared with: the mean of a contributor over all traces of it, null when it cannot be told. */
export interface Comparison {
  meanMs(contributor: PathContributor, key: string): number | null
  /** What is compared with that, where it is not the mean over all traces of the band. */
  currentMs?(contributor: PathContributor, key: string): number | null
}

export interface ContributorView {
  ids: NodeIds
  /** The node a peer is known to be. */
  resolve: (node: NodeKey) => NodeKey
  range: BandRange
  around: { p50: BandRange; p95: BandRange; p99: BandRange }
  durations: ReadonlyMap<string, Histogram>
  comparison: Comparison | null
}

const MAX_EXEMPLARS = 6

/** The same contributor whatever the release. */
export function contributorKey(contributor: PathContributor): string {
  return contributorText({ ...contributor, version: '' })
}

/** The most time first. */
export function contributorsOf(sums: PathSums, view: ContributorView): BottleneckContributor[] {
  const traces = tracesIn(sums.counts, view.range)
  const totalNs = sums.parts.reduce((total, part) => total + sumIn(part, view.range).timeNs, 0)
  return sums.parts
    .map((part) => contributorOf(part, sums, view, { traces, totalNs }))
    .sort((a, b) => b.selfMs - a.selfMs || (b.baselineMs ?? 0) - (a.baselineMs ?? 0) || (a.id < b.id ? -1 : 1))
}

function contributorOf(part: Grouped<PathContributor>, sums: PathSums, view: ContributorView, of: { traces: number; totalNs: number }): BottleneckContributor {
  const { range, around, comparison } = view
  const inside = sumIn(part, range)
  const selfMs = meanMs(inside.timeNs, of.traces)
  const baselineMs = comparison?.meanMs(part.of, part.key) ?? null
  const meanIn = (where: BandRange): number => meanMs(sumIn(part, where).timeNs, tracesIn(sums.counts, where))
  return {
    id: contributorId(part.key),
    ...placeOf(part.of, view),
    operation: part.of.operation,
    part: part.of.part,
    traces: inside.traces,
    share: of.totalNs <= 0 ? 0 : inside.timeNs / of.totalNs,
    selfMs,
    ...(histogramPercentiles(view.durations.get(part.key) ?? NO_HISTOGRAM) ?? { p50Ms: null, p95Ms: null, p99Ms: null }),
    baselineMs,
    changeMs: baselineMs === null ? null : Math.round(((comparison?.currentMs?.(part.of, part.key) ?? selfMs) - baselineMs) * 1000) / 1000,
    atP50Ms: meanIn(around.p50),
    atP95Ms: meanIn(around.p95),
    atP99Ms: meanIn(around.p99),
    errors: inside.errors,
    retries: inside.retries,
    exemplars: exemplarsOf(part, range, MAX_EXEMPLARS),
  }
}

export function contributorId(key: string): string {
  return createHash('sha1').update(key).digest('hex').slice(0, 16)
}

export function meanMs(timeNs: number, traces: number): number {
  return traces <= 0 ? 0 : toMs(timeNs / traces)
}

function placeOf({ node, edge }: PathContributor, { ids, resolve }: ContributorView): Pick<BottleneckContributor, 'node' | 'edge'> {
  const own = pathNode(node, ids)
  if (edge === null) return { node: own, edge: null }
  const other = resolve(edge.other)
  const [source, target] = edge.inwards ? [other, node] : [node, other]
  return {
    node: own,
    edge: { id: edgeId(source, target, edge.kind), kind: edge.kind, source: pathNode(source, ids), target: pathNode(target, ids) },
  }
}

export function pathNode(node: NodeKey, ids: NodeIds): BottleneckContributor['node'] {
  return { id: ids(node), name: node.name, kind: node.kind }
}

/** Own time by trace, whatever the release. */
export function durationsByKey(rows: readonly { contributor: PathContributor; duration: Histogram }[]): Map<string, Histogram> {
  const byKey = new Map<string, Histogram>()
  for (const { contributor, duration } of rows) {
    const key = contributorKey(contributor)
    byKey.set(key, addHistograms(byKey.get(key) ?? NO_HISTOGRAM, duration))
  }
  return byKey
}
