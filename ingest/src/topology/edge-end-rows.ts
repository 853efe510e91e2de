import type { Accumulator } from './accumulator.ts'
import type { Catalogue } from './catalogue.ts'
import type { Triples } from './triples.ts'
import { inPieces } from '../decode/pieces.ts'
import { createEdgeGroups, type EdgeGroups, type EdgeIds, groupOf, tenantOfNode } from './edge-ids.ts'
import { addToHistogram, type Buckets, createHistogramTable, firstOf, histogramEntries, type HistogramTable, settleHistograms } from './histogram-table.ts'
import { CallCounter, End, type Rollup } from './rollup.ts'
import { createTupleIndex, tupleId, type TupleIndex } from './tuple-index.ts'

/** One instance at one side of an edge. */
export interface EndDelta {
  tenant: string
  minute: number
  edgeId: string
  side: 'source' | 'target'
  instance: string
  calls: number
  errors: number
  /** At scale 2. */
  duration: Buckets
}

/** Who used an edge in a minute or hour: hashes, each once. */
export interface ViewersDelta {
  tenant: string
  /** Where it begins. */
  minute: number
  stepSeconds: number
  edgeId: string
  /** 8 bytes each. */
  viewers: Uint8Array
}

interface Ending {
  ends: Accumulator
  groups: EdgeGroups
  /** (group, minute, part) → row: operations of an edge are one here. */
  rows: TupleIndex
  /** Calls and errors, two a row. */
  counts: number[]
  histograms: HistogramTable
}

export function endRows({ ends }: Rollup, catalogue: Catalogue, ids: EdgeIds): EndDelta[] {
  settleHistograms(ends.histograms)
  const ending: Ending = { ends, groups: createEdgeGroups(catalogue), rows: createTupleIndex(), counts: [], histograms: createHistogramTable() }
  inPieces(ends.cells.size, addEnds, ending)
  const { groups, rows, counts, histograms } = ending
  const deltas: EndDelta[] = []
  for (let row = 0; row < rows.size; row++) {
    const [group, minute, part] = [rows.keys[row * 3]!, rows.keys[row * 3 + 1]!, rows.keys[row * 3 + 2]!]
    const { instance } = catalogue.instanceResource[part >> 1]!
    const [calls, errors, duration] = [counts[row * 2]!, counts[row * 2 + 1]!, histogramEntries(histograms, row)]
    if (instance === '' || (calls === 0 && errors === 0 && duration.length === 0)) continue
    const side = (part & 1) === End.source ? 'source' : 'target'
    deltas.push({ ...edgeOf(catalogue, ids, groups.edges[group]!), minute, side, instance, calls, errors, duration })
  }
  return deltas
}

function addEnds({ ends, groups, rows, counts, histograms }: Ending, from: number, to: number): void {
  const { keys } = ends.cells
  for (let cell = from; cell < to; cell++) {
    const row = tupleId(rows, groupOf(groups, keys[cell * 3]!), keys[cell * 3 + 1]!, keys[cell * 3 + 2]!)
    counts[row * 2] = (counts[row * 2] ?? 0) + ends.counters[cell * ends.width + CallCounter.calls]!
    counts[row * 2 + 1] = (counts[row * 2 + 1] ?? 0) + ends.counters[cell * ends.width + CallCounter.errors]!
    const behind = firstOf(ends.histograms, cell + 1)
    for (let at = firstOf(ends.histograms, cell); at < behind; at++) addToHistogram(histograms, row, ends.histograms.bucket[at]!, ends.histograms.count[at]!)
  }
}

/** Who used an edge in a minute or hour. */
interface Viewed {
  group: number
  minute: number
  stepSeconds: number
  /** Two words a viewer, each viewer once. */
  words: number[]
}

const MINUTES_PER_HOUR = 60

/** Each viewer of a minute once more for its hour: long windows are read by the hour. */
export function viewerRows({ viewers, edges: counted }: Rollup, catalogue: Catalogue, ids: EdgeIds): ViewersDelta[] {
  const groups = createEdgeGroups(catalogue)
  const minutes = viewedMinutes(viewers, counted.cells.keys, groups)
  return [...minutes, ...viewedHours(minutes)].map(({ group, minute, stepSeconds, words }) => ({
    ...edgeOf(catalogue, ids, groups.edges[group]!),
    minute,
    stepSeconds,
    viewers: new Uint8Array(Int32Array.from(words).buffer),
  }))
}

interface Viewing {
  viewers: Int32Array
  cells: Int32Array
  groups: EdgeGroups
  /** (group, minute) → row. */
  rows: TupleIndex
  /** (row, viewer). */
  seen: TupleIndex
  /** Cell → 1 + its row: operations of an edge are one. */
  rowOf: Int32Array
  viewed: Viewed[]
}

function viewedMinutes(viewers: Triples, cells: Int32Array, groups: EdgeGroups): Viewed[] {
  const rowOf = new Int32Array(cells.length / 3)
  const viewing: Viewing = { viewers: viewers.words, cells, groups, rows: createTupleIndex(), seen: createTupleIndex(), rowOf, viewed: [] }
  inPieces(viewers.size, addViewers, viewing)
  return viewing.viewed
}

function addViewers(viewing: Viewing, from: number, to: number): void {
  const { viewers, seen, rowOf, viewed } = viewing
  for (let i = from; i < to; i++) {
    const cell = viewers[i * 3]!
    if (rowOf[cell] === 0) rowOf[cell] = 1 + viewedRow(viewing, cell)
    const row = rowOf[cell]! - 1
    addViewer(viewed[row]!, seen, { row, low: viewers[i * 3 + 1]!, high: viewers[i * 3 + 2]! })
  }
}

function viewedRow({ cells, groups, rows, viewed }: Viewing, cell: number): number {
  const [group, minute] = [groupOf(groups, cells[cell * 3]!), cells[cell * 3 + 1]!]
  const row = tupleId(rows, group, minute, 0)
  if (row === viewed.length) viewed.push({ group, minute, stepSeconds: 60, words: [] })
  return row
}

/** Most ranges lie in one minute of an hour: then the hour saw whom the minute saw. */
function viewedHours(minutes: readonly Viewed[]): Viewed[] {
  const hours = [...Map.groupBy(minutes, ({ group, minute }) => `${group} ${Math.floor(minute / MINUTES_PER_HOUR)}`).values()]
  const seen = createTupleIndex()
  return hours.map((parts, row) => {
    const { group, minute, words } = parts[0]!
    const hour: Viewed = { group, minute: Math.floor(minute / MINUTES_PER_HOUR) * MINUTES_PER_HOUR, stepSeconds: 3600, words }
    if (parts.length === 1) return hour
    hour.words = []
    for (const part of parts) for (let i = 0; i < part.words.length; i += 2) addViewer(hour, seen, { row, low: part.words[i]!, high: part.words[i + 1]! })
    return hour
  })
}

function addViewer({ words }: Viewed, seen: TupleIndex, viewer: { row: number; low: number; high: number }): void {
  const before = seen.size
  if (tupleId(seen, viewer.row, viewer.low, viewer.high) === before) words.push(viewer.low, viewer.high)
}

function edgeOf(catalogue: Catalogue, ids: EdgeIds, edge: number): { tenant: string; edgeId: string } {
  return { tenant: tenantOfNode(catalogue, catalogue.edges.keys[edge * 3 + 1]!), edgeId: ids.text(edge) }
}
