import { EVIDENCE, type EdgeKind, type Evidence, type NodeKey, type NodeKind } from '@skein/schemas/topology'
import type { ByteLru } from '../cache/byte-lru.ts'
import type { CachedQuestion } from '../cache/window-cache.ts'
import type { EdgeRow } from '../contract.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { asText } from '../sql/column.ts'
import { hexId, sql, uint64Ids } from '../sql/fragment.ts'
import { compile, type RowOf } from '../sql/select.ts'
import { minutesOf } from '../sql/window.ts'
import { histogramAt, type Sums } from '../sums/sums.ts'
import { createNames } from './names.ts'
import { type PackedTable, packedSums } from './packed-sums.ts'

export const EDGE_ID = hexId(sql`edge_id`)

/** Counters of an edge in the order of their columns. */
const CALLS = 0
const CALLS_SEEN = 1
const ERRORS = 2
const FIRST_EVIDENCE = 3
const FIRST_SEEN = FIRST_EVIDENCE + EVIDENCE.length
const LAST_SEEN = FIRST_SEEN + 1

const NO_EVIDENCE: Readonly<Record<Evidence, number>> = { paired: 0, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 0 }

const EVIDENCE_COLUMNS = {
  paired: sql`paired`,
  clientOnly: sql`client_only`,
  serverOnly: sql`server_only`,
  parentChild: sql`parent_child`,
  topic: sql`topic`,
  link: sql`link`,
  log: sql`log`,
} as const satisfies Record<Evidence, unknown>

export const PACKED_EDGES: PackedTable = {
  table: 'edges',
  id: sql`edge_id`,
  shape: { counters: [...Array.from({ length: FIRST_SEEN }, () => 'sum' as const), 'min', 'max'], histograms: 4 },
  counters: [
    sql`calls`,
    sql`calls_seen`,
    sql`errors`,
    ...EVIDENCE.map((evidence) => EVIDENCE_COLUMNS[evidence]),
    sql`toUnixTimestamp64Milli(first_seen)`,
    sql`toUnixTimestamp64Milli(last_seen)`,
  ],
  histograms: [sql`client`, sql`server`, sql`network`, sql`queue_wait`],
}

const EDGE_NAMES = {
  id: asText(EDGE_ID),
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
} as const

interface EdgeName {
  id: string
  kind: EdgeKind
  source: NodeKey
  target: NodeKey
}

const ROW_BYTES = 1200

export function edgesQuestion(engine: Engine, lru: ByteLru): CachedQuestion<Sums, readonly EdgeRow[]> {
  const names = createNames(lru, 'edges', async (window, ids) => (await engine.ask(edgeNamesQuery(window, ids))).map(edgeName))
  return packedSums(engine, PACKED_EDGES, {
    async answer(window, sums) {
      if (sums === undefined) return []
      const known = await names.of(window, sums.ids)
      return known.map((name, at) => edgeRow(name, sums, at)).filter((row) => row !== null)
    },
    answerBytes: (rows) => rows.reduce((sum, row) => sum + ROW_BYTES + 8 * histogramsOf(row).reduce((counts, each) => counts + each.counts.length, 0), 0),
  })
}

export function edgeNamesQuery(window: TenantWindow, ids: readonly string[]) {
  return compile({
    scope: window,
    from: 'edges',
    columns: EDGE_NAMES,
    where: [minutesOf(window), sql`edge_id IN ${uint64Ids(ids)}`],
    groupBy: sql`edge_id`,
  })
}

function histogramsOf(row: EdgeRow) {
  return [row.client, row.server, row.network, row.queueWait]
}

function edgeName(row: RowOf<typeof EDGE_NAMES>): EdgeName {
  return {
    id: row.id,
    kind: row.kind as EdgeKind,
    source: node(row.sourceKind, [row.sourceEnvironment, row.sourceCluster, row.sourceNamespace, row.sourceName]),
    target: node(row.targetKind, [row.targetEnvironment, row.targetCluster, row.targetNamespace, row.targetName]),
  }
}

function node(kind: string, [environment, cluster, namespace, name]: readonly [string, string, string, string]): NodeKey {
  return { kind: kind as NodeKind, environment, cluster, namespace, name }
}

/** None of an edge whose calls were all taken back. */
function edgeRow(name: EdgeName | undefined, { counters, histograms }: Sums, at: number): EdgeRow | null {
  const calls = counters[CALLS]![at]!
  if (name === undefined || calls <= 0) return null
  return {
    edgeId: name.id,
    kind: name.kind,
    source: name.source,
    target: name.target,
    calls,
    callsSeen: counters[CALLS_SEEN]![at]!,
    errors: counters[ERRORS]![at]!,
    evidence: evidenceOf(counters, at),
    client: histogramAt(histograms[0]!, at),
    server: histogramAt(histograms[1]!, at),
    network: histogramAt(histograms[2]!, at),
    queueWait: histogramAt(histograms[3]!, at),
    firstSeenMs: counters[FIRST_SEEN]![at]!,
    lastSeenMs: counters[LAST_SEEN]![at]!,
  }
}

function evidenceOf(counters: Sums['counters'], at: number): Record<Evidence, number> {
  const evidence = { ...NO_EVIDENCE }
  for (let which = 0; which < EVIDENCE.length; which++) evidence[EVIDENCE[which]!] = counters[FIRST_EVIDENCE + which]![at]!
  return evidence
}
