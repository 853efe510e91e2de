import { edgeAnswer, edgeParameters, type EdgeAnswer, type TopologyNode } from '@skein/schemas/api/topology'
import type { TenantWindow } from '@skein/store/contract-terms'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { quantilePercentiles } from '../milliseconds.ts'
import { ProblemError } from '../problem-error.ts'
import { exemplarsByEdge, nameEdges, topologyEdge, topologyNodes } from '../topology/assemble.ts'
import { balanceOf, edgeInstances, otherInstances } from '../topology/balance.ts'
import { contextOf } from '../topology/context.ts'
import { thresholdsOf } from '../topology/health.ts'
import { createTopologyReader, type TopologyReader } from '../topology/read-topology.ts'
import { isoTime, parseWindow, windowAnswerOf } from '../window.ts'

const EXEMPLARS = 5
const OPERATIONS = 50
/** Of an edge between very many instances, the busiest ones. */
const INSTANCES_A_SIDE = 200
const MINUTE_MS = 60_000
/** A longer series has only the minutes with calls. */
const MAX_FILLED_MINUTES = 1500

const edgePath = z.object({ id: z.string().regex(/^[0-9a-fA-F]{16}$/, 'is not an edge id: 16 hex digits') })

export function topologyEdgeRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'One edge of the topology: by minute, by operation, examples',
    tags: ['topology'],
    params: edgePath,
    querystring: edgeParameters.strict(),
    response: { 200: edgeAnswer },
  }
  const read = createTopologyReader(deps.store)
  app.get('/api/topology/edges/:id', { schema }, async (request): Promise<EdgeAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const answer = await deps.ask(request, (tenant) => readEdge({ ...deps, read }, { tenant, ...window }, request.params.id.toLowerCase()))
    return { window: windowAnswerOf(window), ...answer }
  })
}

async function readEdge(deps: RouteDeps & { read: TopologyReader }, window: TenantWindow, id: string): Promise<Omit<EdgeAnswer, 'window'>> {
  const { topology } = deps.store
  const rows = await deps.read(window)
  const all = nameEdges(rows)
  const edge = all.find((each) => each.edgeId === id) ?? all.find((each) => each.storedIds.includes(id))
  if (edge === undefined) throw edgeNotFound(id)
  const [series, operations, allOperations, exemplars, instances] = await Promise.all([
    topology.edgeSeries(window, edge.storedIds),
    topology.edgeOperations(window, edge.storedIds, OPERATIONS),
    topology.edgeOperationSums(window, edge.storedIds),
    topology.exemplars(window, EXEMPLARS, edge.storedIds),
    topology.edgeInstances(window, edge.storedIds, INSTANCES_A_SIDE),
  ])
  const context = contextOf(rows, thresholdsOf(deps.config, window.tenant))
  const shown = topologyEdge(edge, exemplarsByEdge([edge], exemplars).get(edge.edgeId) ?? [], context)
  const nodes = topologyNodes(all, rows.services, context)
  return {
    edge: shown,
    ...endsOf(shown, nodes),
    series: seriesOf(window, series),
    operations: operations.map(operationOf),
    otherOperations: otherOperations(operations, allOperations),
    instances: edgeInstances(instances),
    otherInstances: { source: otherInstances(instances, 'source'), target: otherInstances(instances, 'target') },
    balance: { source: balanceOf(instances, 'source'), target: balanceOf(instances, 'target') },
  }
}

function edgeNotFound(id: string): ProblemError {
  return new ProblemError('edge_not_found', {
    detail: `Edge ${id} has no calls in this window.`,
    hint: 'Widen start and end to a time when it was on the map.',
  })
}

/** The nodes at the ends, with all their calls and not only those of this edge. */
function endsOf(edge: { source: string; target: string }, nodes: readonly TopologyNode[]): Pick<EdgeAnswer, 'source' | 'target'> {
  const [source, target] = [edge.source, edge.target].map((end) => nodes.find((node) => node.id === end))
  if (source === undefined || target === undefined) throw new Error('an edge without its nodes')
  return { source, target }
}

type SeriesRow = Awaited<ReturnType<RouteDeps['store']['topology']['edgeSeries']>>[number]

function seriesOf(window: TenantWindow, rows: readonly SeriesRow[]): EdgeAnswer['series'] {
  const byMinute = new Map(rows.map((row) => [row.minuteMs, row]))
  const minutes = (window.endMs - window.startMs) / MINUTE_MS
  const times =
    minutes > MAX_FILLED_MINUTES ? [...byMinute.keys()].sort((a, b) => a - b) : Array.from({ length: minutes }, (_, i) => window.startMs + i * MINUTE_MS)
  return times.map((timeMs) => pointOf(timeMs, byMinute.get(timeMs)))
}

function pointOf(timeMs: number, row: SeriesRow | undefined): EdgeAnswer['series'][number] {
  const of = (which: 'client' | 'server' | 'network' | 'queueWait') => quantilePercentiles(row?.[which] ?? null)
  const [client, network, queueWait] = [of('client'), of('network'), of('queueWait')]
  return {
    time: isoTime(timeMs),
    calls: row?.calls ?? 0,
    errors: row?.errors ?? 0,
    clientP50Ms: client.p50Ms,
    clientP95Ms: client.p95Ms,
    clientP99Ms: client.p99Ms,
    serverP95Ms: of('server').p95Ms,
    networkP50Ms: network.p50Ms,
    networkP95Ms: network.p95Ms,
    queueWaitP50Ms: queueWait.p50Ms,
    queueWaitP95Ms: queueWait.p95Ms,
  }
}

type OperationRow = Awaited<ReturnType<RouteDeps['store']['topology']['edgeOperations']>>[number]

/** There may be a million: the rest is counted. */
function otherOperations(shown: readonly OperationRow[], all: { operations: number; calls: number; errors: number }): EdgeAnswer['otherOperations'] {
  if (shown.length < OPERATIONS || all.operations <= shown.length) return null
  const sum = (of: 'calls' | 'errors'): number => shown.reduce((known, row) => known + row[of], 0)
  return { operations: all.operations - shown.length, calls: all.calls - sum('calls'), errors: all.errors - sum('errors') }
}

function operationOf(row: OperationRow): EdgeAnswer['operations'][number] {
  const { p50Ms, p95Ms } = quantilePercentiles(row.duration)
  return { operation: row.operation, calls: row.calls, errors: row.errors, p50Ms, p95Ms }
}
