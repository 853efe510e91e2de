import type { NoteCode } from '@skein/schemas/topology'
import type { ByteLru } from '../cache/byte-lru.ts'
import type { CachedQuestion, WholeQuestion, WindowCache } from '../cache/window-cache.ts'
import type { ExemplarRow, NoteRow, TopologyQuestions } from '../contract.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { asFlag, asHistogram, asNumber, asText } from '../sql/column.ts'
import { sql, uint64Ids } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'
import { edgeEndQuestions } from './edge-ends.ts'
import { edgeFrames } from './edge-frames.ts'
import { EDGE_ID, edgesQuestion } from './edges.ts'
import { inParts } from './in-parts.ts'
import { countMarksQuery } from './packed-sums.ts'
import { quantilesOf, redRow, summedHistogram } from './red.ts'

const SOME_CALLS = sql`sum(calls) > 0`
const EXEMPLAR_BYTES = 400
const NOTE_BYTES = 200

export function createTopologyQuestions(engine: Engine, cache: WindowCache, lru: ByteLru): TopologyQuestions {
  const edges = edgesQuestion(engine, lru)
  const exemplars = exemplarsQuestion(engine)
  const notes = notesQuestion(engine)
  return {
    async readAhead(window) {
      await cache.readAhead(edges, window)
      await cache.readAhead(exemplars, window)
    },
    edges: (window) => cache.ask(edges, window),
    exemplars: (window, perEdge, edgeIds) =>
      perEdge === 1 && edgeIds === undefined ? cache.ask(exemplars, window) : readExemplars(engine, window, { perEdge, edgeIds }),
    ...edgeEndQuestions(engine, cache),
    notes: (window) => cache.whole(notes, window),
    async edgeSeries(window, edgeIds) {
      const rows = await engine.ask(edgeSeriesQuery(window, edgeIds))
      return rows.map(({ client, server, network, queueWait, ...row }) => ({
        ...row,
        ...{ client: quantilesOf(client), server: quantilesOf(server), network: quantilesOf(network), queueWait: quantilesOf(queueWait) },
      }))
    },
    edgeFrames: (window, stepSeconds, groups) => edgeFrames({ engine, cache, edges: (of) => cache.ask(edges, of) }, window, stepSeconds, groups),
    async edgeOperations(window, edgeIds, limit) {
      const rows = await engine.ask(edgeOperationsQuery(window, edgeIds, limit))
      return rows.map(({ operation, client, server, ...row }) => ({ operation, ...redRow({ ...row, histogram: client.counts.length > 0 ? client : server }) }))
    },
  }
}

function notesQuestion(engine: Engine): WholeQuestion<readonly NoteRow[]> {
  return {
    name: 'notes',
    table: 'notes',
    ask: async (window) => (await engine.ask(notesQuery(window))).map(({ code, subject, count }) => ({ code: code as NoteCode, subject, count })),
    answerBytes: (rows) => rows.length * NOTE_BYTES,
  }
}

/** The slowest and the newest failed call of every edge: those of a window are among those of its parts. */
function exemplarsQuestion(engine: Engine): CachedQuestion<readonly StoredExemplar[], readonly ExemplarRow[]> {
  const bytes = (rows: readonly unknown[]): number => rows.length * EXEMPLAR_BYTES
  return {
    name: 'exemplars',
    table: 'exemplars',
    // One segment a reading: its rows are limited by the edge.
    rowsALoad: 0,
    addedByEngine: true,
    marks: (window) => engine.ask(countMarksQuery(window, 'exemplars')),
    load: (tenant, segments) =>
      Promise.all(
        segments.map(({ from, to }) => readExemplars(engine, { tenant, startMs: from * 1000, endMs: to * 1000 }, { perEdge: 1, edgeIds: undefined })),
      ),
    add: (parts) => firstOfEach(parts.flat()),
    answer: async (_, rows) => rows ?? [],
    partBytes: bytes,
    answerBytes: bytes,
  }
}

/** With what `newest` is decided by. */
type StoredExemplar = ExemplarRow & { startMs: number }

async function readExemplars(
  engine: Engine,
  window: TenantWindow,
  options: { perEdge: number; edgeIds: readonly string[] | undefined },
): Promise<StoredExemplar[]> {
  const ask = (order: Fragment, where: readonly Fragment[]) =>
    inParts(sql`edge_id`, (part) => engine.ask(exemplarsQuery(window, { ...options, order, where: [...where, ...part] })))
  const [slowest, newest, longest] = await Promise.all([
    ask(sql`edge_id, duration DESC, span_id`, []),
    ask(sql`edge_id, ts DESC, span_id`, [sql`error = 1`]),
    // for one edge that is looked at, not for all of a map
    options.edgeIds === undefined ? [] : ask(sql`edge_id, transit DESC, span_id`, [sql`transit > 0`]),
  ])
  return eachOnce([...slowest.flat(), ...newest.flat(), ...longest.flat()])
}

/** The slowest of each edge, then the newest failed of each that is not the slowest too. */
function firstOfEach(rows: readonly StoredExemplar[]): StoredExemplar[] {
  const slowest = new Map<string, StoredExemplar>()
  const newest = new Map<string, StoredExemplar>()
  for (const row of rows) {
    putFirst(slowest, row, 'durationNs')
    if (row.error) putFirst(newest, row, 'startMs')
  }
  const others = [...newest.values()].filter(({ edgeId, traceId, spanId }) => {
    const known = slowest.get(edgeId)
    return known?.spanId !== spanId || known.traceId !== traceId
  })
  return [...slowest.values(), ...others]
}

/** Of equal ones the least span id. */
function putFirst(byEdge: Map<string, StoredExemplar>, row: StoredExemplar, by: 'durationNs' | 'startMs'): void {
  const known = byEdge.get(row.edgeId)
  const order = known === undefined ? 1 : row[by] - known[by]
  if (order > 0 || (order === 0 && known !== undefined && row.spanId < known.spanId)) byEdge.set(row.edgeId, row)
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
      transitNs: asNumber(sql`transit`),
      error: asFlag(sql`error`),
      startMs: asNumber(sql`toUnixTimestamp64Milli(ts)`),
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
      network: asHistogram(summedHistogram(sql`network`)),
      queueWait: asHistogram(summedHistogram(sql`queue_wait`)),
    },
    where: [minutesOf(window), isOneOf(edgeIds)],
    groupBy: sql`minute`,
    orderBy: sql`minute`,
  })
}

export function edgeOperationsQuery(window: TenantWindow, edgeIds: readonly string[], limit: number) {
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
    limit,
  })
}

function isOneOf(edgeIds: readonly string[]): Fragment {
  return sql`has(${uint64Ids(edgeIds)}, edge_id)`
}

/** A span that is several of these for its edge is one exemplar, and was on its way as long as any of its rows says. */
function eachOnce(rows: readonly StoredExemplar[]): StoredExemplar[] {
  const bySpan = new Map<string, StoredExemplar>()
  for (const row of rows) {
    const key = `${row.edgeId}/${row.traceId}/${row.spanId}`
    const known = bySpan.get(key)
    bySpan.set(key, { ...row, transitNs: Math.max(row.transitNs, known?.transitNs ?? 0) })
  }
  return [...bySpan.values()]
}
