import type { BottleneckFinding, BottleneckShape } from '@skein/schemas/api/bottlenecks'
import type { NodeKey } from '@skein/schemas/topology'
import { type PathSight, type PathStep, sightText, stepsText } from '@skein/store/path-text'
import type { NodeIds } from '../topology/node-ids.ts'
import type { BandRange } from './bands.ts'
import { contributorId, meanMs, pathNode } from './contributors.ts'
import { exemplarsOf, type Grouped, sumIn } from './sums.ts'

const MAX_EXEMPLARS = 3

export interface BandView {
  ids: NodeIds
  resolve: (node: NodeKey) => NodeKey
  range: BandRange
  /** Traces of the band. */
  traces: number
}

export function findingKey(sight: PathSight): string {
  return sightText({ ...sight, version: '' })
}

/** What could be saved most first, then what takes most. */
export function findingsOf(findings: readonly Grouped<PathSight>[], { ids, resolve, range, traces }: BandView): BottleneckFinding[] {
  return findings
    .map((finding) => ({ finding, sums: sumIn(finding, range) }))
    .filter(({ sums }) => sums.traces > 0)
    .sort((a, b) => b.sums.savingNs - a.sums.savingNs || b.sums.timeNs - a.sums.timeNs || (a.finding.key < b.finding.key ? -1 : 1))
    .map(({ finding, sums }) => ({
      kind: finding.of.kind,
      node: pathNode(finding.of.node, ids),
      operation: finding.of.operation,
      target: finding.of.target === null ? null : pathNode(resolve(finding.of.target), ids),
      traces: sums.traces,
      share: shareOf(sums.traces, traces),
      count: Math.round((sums.count / sums.traces) * 100) / 100,
      timeMs: meanMs(sums.timeNs, sums.traces),
      savingMs: meanMs(sums.savingNs, sums.traces),
      exemplars: exemplarsOf(finding, range, MAX_EXEMPLARS),
    }))
}

export function shapesOf(shapes: readonly Grouped<PathStep[]>[], { resolve, range, traces }: BandView): BottleneckShape[] {
  return shapes
    .map((shape) => ({ shape, sums: sumIn(shape, range) }))
    .filter(({ sums }) => sums.traces > 0)
    .sort((a, b) => b.sums.traces - a.sums.traces || (a.shape.key < b.shape.key ? -1 : 1))
    .map(({ shape, sums }) => ({
      hash: contributorId(shape.key),
      traces: sums.traces,
      share: shareOf(sums.traces, traces),
      meanMs: meanMs(sums.timeNs, sums.traces),
      path: shape.of.map(({ node, operation }) => ({ service: resolve(node).name, operation })),
      exemplars: exemplarsOf(shape, range, MAX_EXEMPLARS),
    }))
}

export function shapeKey(steps: PathStep[]): string {
  return stepsText(steps)
}

function shareOf(traces: number, all: number): number {
  return all <= 0 ? 0 : Math.min(1, traces / all)
}
