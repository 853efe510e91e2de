import { PATH_FINDINGS, PathRow } from '@skein/schemas/path'
import { EDGE_KINDS } from '@skein/schemas/topology'
import { createNativeBlock } from '@skein/store/native/block'
import { clearOutput, type Output } from '@skein/store/native/output'
import { contributorText, entryText, joinSteps, sightText, stepText } from '@skein/store/path-text'
import { TABLES } from '@skein/store/tables'
import { inPieces } from '../decode/pieces.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { textOf } from '../topology/intern.ts'
import { firstOf, settleHistograms } from '../topology/histogram-table.ts'
import { createTupleIndex, tupleId, type TupleIndex } from '../topology/tuple-index.ts'
import { type PathNames, nodeKeyOf, placeNode, tenantOfNode } from './path-names.ts'
import { unpackPart } from './path-parts.ts'
import { type Source, writeNumbers } from './path-numbers.ts'
import { bandOf, FIRST_BUCKET, type PathRollup, whatOf } from './path-rollup.ts'

/** What was counted with one set of names. */
export interface PathDeltas {
  names: PathNames
  rollup: PathRollup
}

const NOTE_TEXTS = ['no_root', 'late_corrections', 'limit', 'sampled']
const SECONDS_PER_DAY = 86_400

/** One block of `path_time` with everything counted, none when nothing was; good until `out` is written to again. */
export function encodePaths(deltas: readonly PathDeltas[], out: Output): BuiltBlock[] {
  const columns = createColumns(deltas.reduce((sum, { rollup }) => sum + rollup.cells.cells.size, 0))
  const sources = deltas.map((each) => addRows(columns, each)).filter(({ cells }) => cells.length > 0)
  const { rows } = columns
  if (rows === 0) {
    clearOutput(out, 0)
    return []
  }
  const block = createNativeBlock(TABLES.path_time.columns, rows, out)
  const text = (column: string, { texts, indexes }: TextColumn): void => block.lowCardinality(column, [...texts.keys()], indexes.subarray(0, rows))
  text('tenant', columns.tenant)
  block.fixed('minute', columns.second.subarray(0, rows))
  block.fixed('what', columns.what.subarray(0, rows))
  text('entry', columns.entry)
  text('release', columns.release)
  block.fixed('band', columns.band.subarray(0, rows))
  block.lowCardinality('item', columns.item.texts, columns.item.indexes.subarray(0, rows))
  writeNumbers(block, sources, rows)
  const days = [...new Set(columns.second.subarray(0, rows).map((second) => Math.floor(second / SECONDS_PER_DAY)))]
  return [{ table: 'path_time', block: block.finish(), rows, days }]
}

/** Text → its place in a dictionary, and the places of all rows. */
interface TextColumn {
  texts: Map<string, number>
  indexes: Uint32Array
}

/**
 * The same for texts that are mostly seen once: each is made once for the numbers that stand for it and compared with no other, so what two sets of
 * names have in common stands twice, which the store takes for one.
 */
interface NumberedColumn {
  texts: string[]
  indexes: Uint32Array
}

/** What rows are about. */
interface Columns {
  rows: number
  tenant: TextColumn
  entry: TextColumn
  release: TextColumn
  item: NumberedColumn
  second: Uint32Array
  what: Uint8Array
  band: Int16Array
}

function createColumns(capacity: number): Columns {
  const text = (): TextColumn => ({ texts: new Map(), indexes: new Uint32Array(capacity) })
  return {
    ...{ rows: 0, tenant: text(), entry: text(), release: text(), item: { texts: [], indexes: new Uint32Array(capacity) } },
    ...{ second: new Uint32Array(capacity), what: new Uint8Array(capacity), band: new Int16Array(capacity) },
  }
}

function placeOfText({ texts }: TextColumn, text: string): number {
  const known = texts.get(text)
  if (known !== undefined) return known
  texts.set(text, texts.size)
  return texts.size - 1
}

/** The cells of one rollup become rows. */
interface Adding {
  columns: Columns
  places: Places
  rollup: PathRollup
  /** Those that have become rows. */
  cells: Int32Array
  count: number
}

function addRows(columns: Columns, { names, rollup }: PathDeltas): Source {
  settleHistograms(rollup.cells.histograms)
  const { size } = rollup.cells.cells
  const adding: Adding = { columns, places: createPlaces(columns, names), rollup, cells: new Int32Array(size), count: 0 }
  inPieces(size, addCells, adding)
  return { rollup, cells: adding.cells.subarray(0, adding.count) }
}

function addCells(adding: Adding, from: number, to: number): void {
  const { columns, places, rollup, cells } = adding
  const { keys } = rollup.cells.cells
  for (let cell = from; cell < to; cell++) {
    if (isNothing(rollup, cell)) continue
    const row = columns.rows++
    cells[adding.count++] = cell
    const start = keys[cell * 3]! * 3
    const packed = keys[cell * 3 + 2]!
    const what = whatOf(packed)
    columns.second[row] = rollup.starts.keys[start + 1]! * 60
    columns.what[row] = what
    columns.band[row] = bandOf(packed)
    const entry = entryPlaces(places, rollup.starts.keys[start]!)
    columns.tenant.indexes[row] = entry.tenant
    columns.entry.indexes[row] = entry.entry
    columns.release.indexes[row] = entry.release
    columns.item.indexes[row] = itemPlace(places, what, keys[cell * 3 + 1]!)
  }
}

/** Counted and taken back since the last time. */
function isNothing(rollup: PathRollup, cell: number): boolean {
  const { counters: counted, width, histograms } = rollup.cells
  for (let which = 0; which < width; which++) if (which !== FIRST_BUCKET && counted[cell * width + which] !== 0) return false
  return firstOf(histograms, cell) === firstOf(histograms, cell + 1)
}

interface EntryPlaces {
  tenant: number
  entry: number
  release: number
}

/** Where texts of one set of names stand in the columns. */
interface Places {
  columns: Columns
  names: PathNames
  entries: Map<number, EntryPlaces>
  /** (what, item, 0) → place of its text after `firstItem`. */
  items: TupleIndex
  firstItem: number
  /** Place → text of a step there. */
  steps: string[]
}

function createPlaces(columns: Columns, names: PathNames): Places {
  return { columns, names, entries: new Map(), items: createTupleIndex(), firstItem: columns.item.texts.length, steps: [] }
}

function entryPlaces({ columns, names, entries }: Places, place: number): EntryPlaces {
  const known = entries.get(place)
  if (known !== undefined) return known
  const { environment, cluster, namespace, name } = nodeKeyOf(names, placeNode(names, place))
  const made = {
    tenant: placeOfText(columns.tenant, tenantOfNode(names, placeNode(names, place))),
    entry: placeOfText(columns.entry, entryText({ environment, cluster, namespace, service: name, operation: operationOf(names, place) })),
    release: placeOfText(columns.release, versionOf(names, place)),
  }
  entries.set(place, made)
  return made
}

function itemPlace({ columns, names, items, firstItem, steps }: Places, what: number, item: number): number {
  const known = items.size
  const number = tupleId(items, what, item, 0)
  if (number === known) columns.item.texts.push(what === PathRow.shape ? shapeText(names, item, steps) : itemText(names, what, item))
  return firstItem + number
}

function itemText(names: PathNames, what: number, item: number): string {
  switch (what) {
    case PathRow.part:
      return partText(names, item)
    case PathRow.finding:
      return findingText(names, item)
    case PathRow.note:
      return NOTE_TEXTS[item] ?? ''
    default:
      return ''
  }
}

function partText(names: PathNames, item: number): string {
  const { keys } = names.contributors
  const [place, target, packed] = [keys[item * 3]!, keys[item * 3 + 1]!, keys[item * 3 + 2]!]
  const { part, edgeKind, inwards } = unpackPart(packed)
  const edge = target < 0 ? null : { kind: EDGE_KINDS[edgeKind]!, inwards, other: nodeKeyOf(names, target) }
  return contributorText({
    part,
    node: nodeKeyOf(names, placeNode(names, place)),
    version: versionOf(names, place),
    operation: operationOf(names, place),
    edge,
  })
}

function findingText(names: PathNames, item: number): string {
  const { keys } = names.findings
  const [place, target, kind] = [keys[item * 3]!, keys[item * 3 + 1]!, keys[item * 3 + 2]!]
  return sightText({
    kind: PATH_FINDINGS[kind]!,
    node: nodeKeyOf(names, placeNode(names, place)),
    version: versionOf(names, place),
    operation: operationOf(names, place),
    target: target < 0 ? null : nodeKeyOf(names, target),
  })
}

/** `known`: place → text of a step there. */
function shapeText(names: PathNames, shape: number, known: string[]): string {
  const steps: string[] = []
  for (let at = shape; at >= 0; at = names.shapes.keys[at * 3]!) {
    const place = names.shapes.keys[at * 3 + 1]!
    known[place] ??= stepText({ node: nodeKeyOf(names, placeNode(names, place)), operation: operationOf(names, place) })
    steps.push(known[place])
  }
  return joinSteps(steps.reverse())
}

function versionOf(names: PathNames, place: number): string {
  return textOf(names.catalogue.texts, names.places.keys[place * 3 + 1]!)
}

function operationOf(names: PathNames, place: number): string {
  return textOf(names.catalogue.texts, names.places.keys[place * 3 + 2]!)
}
