import type { ScenarioMapAnswer } from '@skein/schemas/api/scenario-map'
import type { ScenarioNote } from '@skein/schemas/api/scenarios'
import { edgeId, nodeId, type NodeKey } from '@skein/schemas/topology'
import type { RunRow } from '@skein/store/contract-scenarios'
import type { SpanRow } from '@skein/store/contract-traces'
import { callsOfTrace, type TraceCall } from '../replay/trace-calls.ts'
import { badTraceOf, type Culprit, culpritOf } from './blame.ts'

/** Traces of a run that are looked at, the first: each belongs to a step. */
const TRACES_A_RUN = 10

/** The traces in which the steps of a run lie, once each. */
export function tracesOfRun({ steps }: Pick<RunRow, 'steps'>): string[] {
  return [...new Set(steps.flatMap(({ reached, erred }) => [reached, erred]).flatMap((match) => (match === null ? [] : [match.traceId])))].slice(
    0,
    TRACES_A_RUN,
  )
}

export interface Lived {
  runs: readonly RunRow[]
  traces: ReadonlyMap<string, readonly SpanRow[]>
  /** Fingerprint of a resource → its service. */
  services: ReadonlyMap<string, NodeKey>
  /** The node a peer is known to be. */
  rename: (node: NodeKey) => NodeKey
}

type Counted = Pick<ScenarioMapAnswer, 'runs' | 'failed' | 'slow' | 'nodes' | 'edges' | 'notes'>
type Place = ScenarioMapAnswer['edges'][number]

/** How many runs touched each node and edge, and how many are blamed on it. A run whose traces are not there any more is not counted. */
export function mapOfRuns(lived: Lived): Counted {
  const nodes = new Map<string, Place>()
  const edges = new Map<string, Place>()
  const looked = lived.runs.filter((run) => tracesOfRun(run).some((traceId) => lived.traces.has(traceId)))
  const callsOf = new Map([...lived.traces].map(([traceId, spans]) => [traceId, callsOfTrace(traceId, spans, lived.services)]))
  for (const run of looked) {
    const calls = tracesOfRun(run).flatMap((traceId) => callsOf.get(traceId) ?? [])
    const touched = new Set(calls.flatMap(({ source, target }) => [lived.rename(source), lived.rename(target)]).map(nodeId))
    for (const id of touched) placeIn(nodes, id).runs++
    for (const [id, passed] of Map.groupBy(calls, (call) => idOf(lived, call))) {
      const place = placeIn(edges, id)
      place.runs++
      if (passed.some(({ error }) => error)) place.erredRuns++
    }
    const at = blamedPlace(lived, run, callsOf)
    if (at === null) continue
    if (at.node !== null) blame(placeIn(nodes, at.node), run)
    if (at.edge !== null) blame(placeIn(edges, at.edge), run)
  }
  const countOf = (outcome: RunRow['outcome']): number => looked.filter((run) => run.outcome === outcome).length
  const ranked = (places: Map<string, Place>) => [...places.values()].sort((a, b) => b.runs - a.runs || (a.id < b.id ? -1 : 1))
  return {
    runs: looked.length,
    failed: countOf('failed'),
    slow: countOf('slow'),
    nodes: ranked(nodes).map(({ erredRuns: _erredRuns, ...node }) => node),
    edges: ranked(edges),
    notes: [note(looked.length)],
  }
}

function note(count: number): ScenarioNote {
  return { code: 'sampled_runs', message: `Counts are of ${count} runs: the newest, and the newest of those that failed or were slow`, count }
}

function placeIn(places: Map<string, Place>, id: string): Place {
  const place = places.get(id) ?? { id, runs: 0, erredRuns: 0, failedRuns: 0, slowRuns: 0 }
  places.set(id, place)
  return place
}

function blame(place: Place, { outcome }: RunRow): void {
  if (outcome === 'failed') place.failedRuns++
  else place.slowRuns++
}

function idOf({ rename }: Lived, { source, target, kind }: TraceCall): string {
  return edgeId(rename(source), rename(target), kind)
}

/** Ids of what a bad run is blamed on, as far as its trace shows it as a node or a call. */
function blamedPlace(lived: Lived, run: RunRow, callsOf: ReadonlyMap<string, readonly TraceCall[]>): { node: string | null; edge: string | null } | null {
  if (run.outcome !== 'failed' && run.outcome !== 'slow') return null
  const traceId = badTraceOf(run) ?? ''
  const culprit = culpritOf(lived.traces.get(traceId) ?? [], run.outcome)
  if (culprit === null) return null
  const calls = callsOf.get(traceId) ?? []
  const { node, edge } = culprit
  const found = calls.flatMap(({ source, target }) => [source, target]).find((each) => isSame(each, node))
  const between = edge === null ? undefined : calls.find(({ source, target }) => isSame(source, edge.source) && isSame(target, edge.target))
  return { node: found === undefined ? null : nodeId(lived.rename(found)), edge: between === undefined ? null : idOf(lived, between) }
}

function isSame(node: NodeKey, named: Culprit['node']): boolean {
  return node.kind === named.kind && node.name === named.name
}
