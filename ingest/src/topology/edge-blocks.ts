import { histogramBucketNs } from '@skein/schemas/histogram'
import { EDGE_KINDS, EVIDENCE, type NodeKey } from '@skein/schemas/topology'
import { createNativeBlock, type NativeBlock } from '@skein/store/native/block'
import { TABLES, type TableName } from '@skein/store/tables'
import { daysOfMinutes } from '../rows/encode-rows.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { Catalogue } from './catalogue.ts'
import { createEdgeIds, type EdgeIds, tenantOfNode } from './edge-ids.ts'
import { EXEMPLAR_WORDS, EXEMPLARS_PER_CELL, type ExemplarTable } from './exemplar-table.ts'
import { histogramBlock } from './histogram-block.ts'
import { firstOf, settleHistograms } from './histogram-table.ts'
import { textOf } from './intern.ts'
import { createNumberedTexts, type NumberedTexts } from './numbered-texts.ts'
import { EDGE_HISTOGRAMS, EdgeCounter, EdgeHistogram, type Rollup } from './rollup.ts'

const MINUTE_MS = 60_000
const SECONDS_PER_MINUTE = 60
const ID_WORDS = 2

/** Counted calls as rows of `edges` and `exemplars`: columns are written from the cells, without an object a row. No block of a table without rows. */
export function edgeBlocks(rollup: Rollup, catalogue: Catalogue): BuiltBlock[] {
  const of: Counted = { rollup, catalogue, ids: createEdgeIds(catalogue) }
  const cells: number[] = []
  const exemplars: number[] = []
  settleHistograms(rollup.edges.histograms)
  for (let cell = 0; cell < rollup.edges.cells.size; cell++) {
    if (!isNothing(rollup, cell)) cells.push(cell)
    addExemplars(exemplars, rollup, cell)
  }
  return [
    ...built('edges', rowsOf(of, cells, 1), (block, rows) => writeEdges(block, rows, { ...of, cells })),
    ...built('exemplars', rowsOf(of, exemplars, EXEMPLARS_PER_CELL), (block, rows) => writeExemplars(block, rows, { ...of, exemplars })),
  ]
}

interface Counted {
  rollup: Rollup
  catalogue: Catalogue
  ids: EdgeIds
}

/** What rows of both tables begin with. */
interface Rows {
  /** Row → edge of the catalogue. */
  edges: Int32Array
  /** Since 1970. */
  minutes: Uint32Array
  /** Public ids, low half first. */
  ids: Int32Array
}

/** `perCell`: how many of what is listed a cell has. */
function rowsOf({ rollup, ids }: Counted, list: readonly number[], perCell: number): Rows {
  const { keys } = rollup.edges.cells
  const rows = { edges: new Int32Array(list.length), minutes: new Uint32Array(list.length), ids: new Int32Array(list.length * ID_WORDS) }
  for (let row = 0; row < list.length; row++) {
    const at = Math.floor(list[row]! / perCell) * 3
    const edge = keys[at]!
    const { low, high } = ids.halves(edge)
    rows.edges[row] = edge
    rows.minutes[row] = keys[at + 1]!
    rows.ids[row * ID_WORDS] = low
    rows.ids[row * ID_WORDS + 1] = high
  }
  return rows
}

function built(table: TableName, rows: Rows, write: (block: NativeBlock, rows: Rows) => void): BuiltBlock[] {
  const { length } = rows.edges
  if (length === 0) return []
  const block = createNativeBlock(TABLES[table].columns, length)
  write(block, rows)
  return [{ table, block: block.finish(), rows: length, days: daysOfMinutes(rows.minutes) }]
}

/** Counted and taken back since the last time: nothing to say. */
function isNothing({ edges, exemplars }: Rollup, cell: number): boolean {
  if (exemplars.firstMs[cell]! <= exemplars.lastMs[cell]!) return false
  const at = cell * edges.width
  for (let counter = at; counter < at + edges.width; counter++) if (edges.counters[counter] !== 0) return false
  const first = cell * EDGE_HISTOGRAMS
  return firstOf(edges.histograms, first) === firstOf(edges.histograms, first + EDGE_HISTOGRAMS)
}

/** The slowest call of a cell, the newest failed one and the one longest on its way, those that are the same once. */
function addExemplars(exemplars: number[], { exemplars: table }: Rollup, cell: number): void {
  const first = cell * EXEMPLARS_PER_CELL
  for (let exemplar = first; exemplar < first + EXEMPLARS_PER_CELL; exemplar++) {
    if (table.durationNs[exemplar]! >= 0 && !isTold(table, first, exemplar)) exemplars.push(exemplar)
  }
}

function isTold({ words, transit, durationNs }: ExemplarTable, first: number, exemplar: number): boolean {
  for (let other = first; other < exemplar; other++) {
    if (durationNs[other]! < 0 || transit[other] !== transit[exemplar]) continue
    if (sameWords(words, exemplar * EXEMPLAR_WORDS, other * EXEMPLAR_WORDS)) return true
  }
  return false
}

function sameWords(words: Int32Array, a: number, b: number): boolean {
  for (let i = 0; i < EXEMPLAR_WORDS; i++) if (words[a + i] !== words[b + i]) return false
  return true
}

function writeEdges(block: NativeBlock, rows: Rows, of: Counted & { cells: readonly number[] }): void {
  const { catalogue, cells } = of
  const { edges, exemplars } = of.rollup
  const { keys } = catalogue.edges
  const ends = (at: 0 | 1): NumberedTexts => createNumberedTexts(rows.edges, (edge) => keys[edge * 3 + at]!)
  const detail = (edge: number): number => keys[edge * 3 + 2]!
  const [source, target] = [ends(0), ends(1)]
  writeBeginning(block, rows, target, catalogue)
  createNumberedTexts(rows.edges, (edge) => detail(edge) % EDGE_KINDS.length).write(block, 'kind', (kind) => EDGE_KINDS[kind]!)
  nodeColumns(block, 'source', source, catalogue)
  nodeColumns(block, 'target', target, catalogue)
  createNumberedTexts(rows.edges, (edge) => Math.floor(detail(edge) / EDGE_KINDS.length)).write(block, 'operation', (text) => textOf(catalogue.texts, text))
  const counter = (which: number): Float64Array => strided(edges.counters, cells, { width: edges.width, which })
  block.integers('calls', counter(EdgeCounter.calls))
  block.integers('calls_seen', counter(EdgeCounter.callsSeen))
  block.integers('errors', counter(EdgeCounter.errors))
  for (const [i, evidence] of EVIDENCE.entries()) block.integers(snakeCase(evidence), counter(EdgeCounter.evidence + i))
  for (const [column, which] of HISTOGRAM_COLUMNS) histogramBlock(block, column, { table: edges.histograms, of: cells, width: EDGE_HISTOGRAMS, which })
  const [first, last] = [new Float64Array(cells.length), new Float64Array(cells.length)]
  for (let row = 0; row < cells.length; row++) {
    const [firstMs, lastMs, minute] = [exemplars.firstMs[cells[row]!]!, exemplars.lastMs[cells[row]!]!, rows.minutes[row]!]
    // neutral when nothing was seen for good: the end of the minute and its beginning
    first[row] = firstMs <= lastMs ? Math.floor(firstMs) : (minute + 1) * MINUTE_MS - 1
    last[row] = firstMs <= lastMs ? Math.floor(lastMs) : minute * MINUTE_MS
  }
  block.integers('first_seen', first)
  block.integers('last_seen', last)
}

/** One of the `width` numbers of each of what is listed. */
function strided(numbers: Float64Array | Int32Array, list: readonly number[], { width, which }: { width: number; which: number }): Float64Array {
  const values = new Float64Array(list.length)
  for (let row = 0; row < list.length; row++) values[row] = numbers[list[row]! * width + which]!
  return values
}

const HISTOGRAM_COLUMNS = [
  ['client', EdgeHistogram.client],
  ['server', EdgeHistogram.server],
  ['network', EdgeHistogram.network],
  ['queue_wait', EdgeHistogram.queueWait],
] as const

function writeExemplars(block: NativeBlock, rows: Rows, of: Counted & { exemplars: readonly number[] }): void {
  const { catalogue, exemplars } = of
  const { durationNs, startMs, transit, words } = of.rollup.exemplars
  const { keys } = catalogue.edges
  writeBeginning(
    block,
    rows,
    createNumberedTexts(rows.edges, (edge) => keys[edge * 3 + 1]!),
    catalogue,
  )
  const operations = createNumberedTexts(exemplars, (exemplar) => words[exemplar * EXEMPLAR_WORDS + 6]!)
  operations.write(block, 'source_operation', (text) => (text < 0 ? '' : textOf(catalogue.texts, text)))
  const [traceIds, spanIds] = [new Int32Array(exemplars.length * 4), new Int32Array(exemplars.length * 2)]
  for (let row = 0; row < exemplars.length; row++) {
    const at = exemplars[row]! * EXEMPLAR_WORDS
    traceIds.set(words.subarray(at, at + 4), row * 4)
    spanIds.set(words.subarray(at + 4, at + 6), row * 2)
  }
  block.fixed('trace_id', traceIds)
  block.fixed('span_id', spanIds)
  block.integers('duration', strided(durationNs, exemplars, { width: 1, which: 0 }))
  block.integers(
    'transit',
    strided(transit, exemplars, { width: 1, which: 0 }).map((measure) => (measure === 0 ? 0 : Math.round(histogramBucketNs(measure - 2)))),
  )
  block.fixed('error', Uint8Array.from(strided(words, exemplars, { width: EXEMPLAR_WORDS, which: 7 })))
  block.integers('ts', strided(startMs, exemplars, { width: 1, which: 0 }).map(Math.floor))
}

function writeBeginning(block: NativeBlock, rows: Rows, target: NumberedTexts, catalogue: Catalogue): void {
  target.write(block, 'tenant', (node) => tenantOfNode(catalogue, node))
  block.fixed(
    'minute',
    rows.minutes.map((minute) => minute * SECONDS_PER_MINUTE),
  )
  block.fixed('edge_id', rows.ids)
}

function nodeColumns(block: NativeBlock, side: 'source' | 'target', nodes: NumberedTexts, { nodeKey }: Catalogue): void {
  for (const field of NODE_FIELDS) nodes.write(block, `${side}_${field}`, (node) => nodeKey[node]![field])
}

const NODE_FIELDS = ['kind', 'environment', 'cluster', 'namespace', 'name'] as const satisfies readonly (keyof NodeKey)[]

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
