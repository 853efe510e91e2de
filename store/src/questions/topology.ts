import type { EdgeKind, NodeKey, NodeKind, NoteCode } from '@skein/schemas/topology'
import type { EdgeRow, ExemplarRow, TenantWindow, TopologyQuestions } from '../contract.ts'
import type { Engine } from '../engine.ts'
import { asFlag, asHistogram, asNumber, asText } from '../sql/column.ts'
import { type Fragment, sql, uint64Ids } from '../sql/fragment.ts'
import { compile, type RowOf } from '../sql/select.ts'
import { minutesOf } from '../sql/window.ts'
import { addHistograms, quantilesOf, redRow, summedHistogram } from './red.ts'
import { addUp, insidePart, type WindowPart, windowParts } from './window-parts.ts'

const EDGE_ID = sql`leftPad(lower(hex(edge_id)), 16, '0')`

const EDGE_COLUMNS = {
  edgeId: asText(EDGE_ID),
  kind: asText(sql`any(kind)`),
  sourceKind: asText(sql`any(source_kind)`),
  sourceEnvironment: asText(sql`any(source_environment)`),
  sourceCluster: asText(sql`any(source_cluster)`),
  sourceNamespace: asText(sql`any(source_namespace)`),
  sourceName: asText(sql`any(source_name)`),
  targetKind: asText(sql`any(target_kind)`),
  targetEnvironment: asText(sql`any(target_environment)`),
  targetCluster: asText(sql`any(target_cluster)`),
  targetNamespace: asText(sql`any(target_namespace)`),
  targetName: asText(sql`any(target_name)`),
  calls: asNumber(sql`sum(calls)`),
  callsSeen: asNumber(sql`sum(calls_seen)`),
  errors: asNumber(sql`sum(errors)`),
  paired: asNumber(sql`sum(paired)`),
  clientOnly: asNumber(sql`sum(client_only)`),
  serverOnly: asNumber(sql`sum(server_only)`),
  parentChild: asNumber(sql`sum(parent_child)`),
  topic: asNumber(sql`sum(topic)`),
  link: asNumber(sql`sum(link)`),
  log: asNumber(sql`sum(log)`),
  client: asHistogram(summedHistogram(sql`client`)),
  server: asHistogram(summedHistogram(sql`server`)),
  network: asHistogram(summedHistogram(sql`network`)),
  queueWait: asHistogram(summedHistogram(sql`queue_wait`)),
  firstSeenMs: asNumber(sql`toUnixTimestamp64Milli(min(first_seen))`),
  lastSeenMs: asNumber(sql`toUnixTimestamp64Milli(max(last_seen))`),
} as const

const SOME_CALLS = sql`sum(calls) > 0`

export function createTopologyQuestions(engine: Engine): TopologyQuestions {
  return {
    async edges(window) {
      const parts = await Promise.all(windowParts(window).map((part) => engine.ask(edgesQuery(window, part))))
      const edges = addUp(parts.flat(), (row) => row.edgeId, addEdges)
      return edges.filter((row) => row.calls > 0).map(edgeRow)
    },
    async exemplars(window, perEdge, edgeIds) {
      const [slowest, newest] = await Promise.all([
        engine.ask(exemplarsQuery(window, { perEdge, edgeIds, order: sql`edge_id, duration DESC, span_id`, where: [] })),
        engine.ask(exemplarsQuery(window, { perEdge, edgeIds, order: sql`edge_id, ts DESC, span_id`, where: [sql`error = 1`] })),
      ])
      return eachOnce([...slowest, ...newest])
    },
    notes: async (window) => (await engine.ask(notesQuery(window))).map(({ code, subject, count }) => ({ code: code as NoteCode, subject, count })),
    async edgeSeries(window, edgeIds) {
      const rows = await engine.ask(edgeSeriesQuery(window, edgeIds))
      return rows.map(({ client, server, ...row }) => ({ ...row, client: quantilesOf(client), server: quantilesOf(server) }))
    },
    async edgeOperations(window, edgeIds) {
      const rows = await engine.ask(edgeOperationsQuery(window, edgeIds))
      return rows.map(({ operation, client, server, ...row }) => ({ operation, ...redRow({ ...row, histogram: client.size > 0 ? client : server }) }))
    },
  }
}

/** Edges that were taken back in another part are among them. */
export function edgesQuery(window: TenantWindow, part: WindowPart) {
  return compile({ scope: window, from: 'edges', columns: EDGE_COLUMNS, where: [insidePart(part)], groupBy: sql`edge_id` })
}

export function exemplarsQuery(
  window: TenantWindow,
  options: { perEdge: number; edgeIds: readonly string[] | undefined; order: Fragment; where: readonly Fragment[] },
) {
  return compile({
    scope: window,
    from: 'exemplars',
    columns: {
      edgeId: asText(EDGE_ID),
      traceId: asText(sql`lower(hex(trace_id))`),
      spanId: asText(sql`lower(hex(span_id))`),
      durationNs: asNumber(sql`duration`),
      error: asFlag(sql`error`),
    },
    where: [minutesOf(window), ...options.where, ...(options.edgeIds === undefined ? [] : [isOneOf(options.edgeIds)])],
    orderBy: options.order,
    limitBy: { rows: options.perEdge, by: sql`edge_id` },
  })
}

export function notesQuery(window: TenantWindow) {
  return compile({
    scope: window,
    from: 'notes',
    columns: { code: asText(sql`code`), subject: asText(sql`subject`), count: asNumber(sql`sum(count)`) },
    where: [minutesOf(window)],
    groupBy: sql`code, subject`,
    having: [sql`sum(count) > 0`],
    orderBy: sql`code, subject`,
  })
}

export function edgeSeriesQuery(window: TenantWindow, edgeIds: readonly string[]) {
  return compile({
    scope: window,
    from: 'edges',
    columns: {
      minuteMs: asNumber(sql`toUnixTimestamp(minute) * 1000`),
      calls: asNumber(sql`sum(calls)`),
      errors: asNumber(sql`sum(errors)`),
      client: asHistogram(summedHistogram(sql`client`)),
      server: asHistogram(summedHistogram(sql`server`)),
    },
    where: [minutesOf(window), isOneOf(edgeIds)],
    groupBy: sql`minute`,
    orderBy: sql`minute`,
  })
}

export function edgeOperationsQuery(window: TenantWindow, edgeIds: readonly string[]) {
  return compile({
    scope: window,
    from: 'edges',
    columns: {
      operation: asText(sql`operation`),
      calls: asNumber(sql`sum(calls)`),
      errors: asNumber(sql`sum(errors)`),
      client: asHistogram(summedHistogram(sql`client`)),
      server: asHistogram(summedHistogram(sql`server`)),
    },
    where: [minutesOf(window), isOneOf(edgeIds)],
    groupBy: sql`operation`,
    having: [SOME_CALLS],
    orderBy: sql`sum(calls) DESC, operation`,
  })
}

function isOneOf(edgeIds: readonly string[]): Fragment {
  return sql`has(${uint64Ids(edgeIds)}, edge_id)`
}

type EdgeSums = RowOf<typeof EDGE_COLUMNS>

const EDGE_COUNTS = ['calls', 'callsSeen', 'errors', 'paired', 'clientOnly', 'serverOnly', 'parentChild', 'topic', 'link', 'log'] as const
const EDGE_HISTOGRAMS = ['client', 'server', 'network', 'queueWait'] as const

function addEdges(a: EdgeSums, b: EdgeSums): EdgeSums {
  const sum = { ...a, firstSeenMs: Math.min(a.firstSeenMs, b.firstSeenMs), lastSeenMs: Math.max(a.lastSeenMs, b.lastSeenMs) }
  for (const count of EDGE_COUNTS) sum[count] += b[count]
  for (const histogram of EDGE_HISTOGRAMS) sum[histogram] = addHistograms(a[histogram], b[histogram])
  return sum
}

function edgeRow(row: EdgeSums): EdgeRow {
  return {
    edgeId: row.edgeId,
    kind: row.kind as EdgeKind,
    source: node(row.sourceKind, [row.sourceEnvironment, row.sourceCluster, row.sourceNamespace, row.sourceName]),
    target: node(row.targetKind, [row.targetEnvironment, row.targetCluster, row.targetNamespace, row.targetName]),
    calls: row.calls,
    callsSeen: row.callsSeen,
    errors: row.errors,
    evidence: {
      paired: row.paired,
      clientOnly: row.clientOnly,
      serverOnly: row.serverOnly,
      parentChild: row.parentChild,
      topic: row.topic,
      link: row.link,
      log: row.log,
    },
    client: row.client,
    server: row.server,
    network: row.network,
    queueWait: row.queueWait,
    firstSeenMs: row.firstSeenMs,
    lastSeenMs: row.lastSeenMs,
  }
}

function node(kind: string, [environment, cluster, namespace, name]: readonly [string, string, string, string]): NodeKey {
  return { kind: kind as NodeKind, environment, cluster, namespace, name }
}

/** A span that is among the slowest and among the newest errors of its edge is one exemplar. */
function eachOnce(rows: readonly ExemplarRow[]): ExemplarRow[] {
  return [...new Map(rows.map((row) => [`${row.edgeId}/${row.traceId}/${row.spanId}`, row])).values()]
}
