import { PATH_FINDINGS, PathRow } from '@skein/schemas/path'
import { EDGE_KINDS } from '@skein/schemas/topology'
import { createNativeBlock } from '@skein/store/native/block'
import { contributorText, entryText, EXEMPLAR_BYTES, type PathStep, sightText, stepsText, writeExemplar } from '@skein/store/path-text'
import { TABLES } from '@skein/store/tables'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { textOf } from '../topology/intern.ts'
import { histogramEntries } from '../topology/histogram-table.ts'
import { type PathNames, nodeKeyOf, placeNode, tenantOfNode } from './path-names.ts'
import { unpackPart } from './path-parts.ts'
import { bandOf, EXEMPLAR_WORDS, PathCounter, type PathRollup, whatOf } from './path-rollup.ts'

/** What was counted with one set of names. */
export interface PathDeltas {
  names: PathNames
  rollup: PathRollup
}

const NOTE_TEXTS = ['no_root', 'late_corrections', 'limit', 'sampled']
const MINUTES_PER_DAY = 1440

/** One block of `path_time` with everything counted, none when nothing was. */
export function encodePaths(deltas: readonly PathDeltas[]): BuiltBlock[] {
  const rows = deltas.flatMap((each) => rowsOf(each))
  if (rows.length === 0) return []
  const block = createNativeBlock(TABLES.path_time.columns, rows.length)
  const text = (column: string, value: (row: Row) => string): void => {
    const { dictionary, indexes } = dictionaryOf(rows, value)
    block.lowCardinality(column, dictionary, indexes)
  }
  const counter = (column: string, which: number): void => {
    const values = rows.map(({ rollup, cell }) => rollup.cells.counters[cell * rollup.cells.width + which]!)
    block.integers(column, values)
  }
  text('tenant', ({ tenant }) => tenant)
  block.fixed(
    'minute',
    Uint32Array.from(rows, ({ minute }) => minute * 60),
  )
  block.fixed(
    'what',
    Uint8Array.from(rows, ({ what }) => what),
  )
  text('entry', ({ entry }) => entry)
  text('release', ({ release }) => release)
  block.fixed(
    'band',
    Int16Array.from(rows, ({ band }) => band),
  )
  text('item', ({ item }) => item)
  counter('traces', PathCounter.traces)
  counter('count', PathCounter.count)
  counter('time', PathCounter.timeNs)
  counter('errors', PathCounter.errors)
  counter('retries', PathCounter.retries)
  counter('saving', PathCounter.savingNs)
  durations(block, rows)
  exemplars(block, rows)
  const days = [...new Set(rows.map(({ minute }) => Math.floor(minute / MINUTES_PER_DAY)))]
  return [{ table: 'path_time', block: block.finish(), rows: rows.length, days }]
}

interface Row {
  rollup: PathRollup
  cell: number
  tenant: string
  minute: number
  what: number
  entry: string
  release: string
  band: number
  item: string
}

function rowsOf({ names, rollup }: PathDeltas): Row[] {
  const texts = createTexts(names)
  const { keys } = rollup.cells.cells
  const rows: Row[] = []
  for (let cell = 0; cell < rollup.cells.cells.size; cell++) {
    if (isNothing(rollup, cell)) continue
    const key = keys[cell * 3]! * 3
    const [place, item, packed] = [rollup.keys.keys[key]!, rollup.keys.keys[key + 1]!, rollup.keys.keys[key + 2]!]
    const what = whatOf(packed)
    const { tenant, entry, release } = texts.entry(place)
    rows.push({ rollup, cell, tenant, minute: keys[cell * 3 + 1]!, what, entry, release, band: bandOf(packed), item: texts.item(what, item) })
  }
  return rows
}

/** Counted and taken back since the last time. */
function isNothing(rollup: PathRollup, cell: number): boolean {
  const { counters, width, histograms } = rollup.cells
  for (let at = cell * width; at < (cell + 1) * width; at++) if (counters[at] !== 0) return false
  return histogramEntries(histograms, cell).length === 0
}

function createTexts(names: PathNames) {
  const entries = new Map<number, { tenant: string; entry: string; release: string }>()
  const items = new Map<number, string>()
  return {
    entry(place: number): { tenant: string; entry: string; release: string } {
      const known = entries.get(place)
      if (known !== undefined) return known
      const { environment, cluster, namespace, name } = nodeKeyOf(names, placeNode(names, place))
      const entry = entryText({ environment, cluster, namespace, service: name, operation: operationOf(names, place) })
      const made = { tenant: tenantOfNode(names, placeNode(names, place)), entry, release: versionOf(names, place) }
      entries.set(place, made)
      return made
    },
    item(what: number, item: number): string {
      const key = item * 8 + what
      const known = items.get(key)
      if (known !== undefined) return known
      const made = itemText(names, what, item)
      items.set(key, made)
      return made
    },
  }
}

function itemText(names: PathNames, what: number, item: number): string {
  switch (what) {
    case PathRow.part:
      return partText(names, item)
    case PathRow.finding:
      return findingText(names, item)
    case PathRow.shape:
      return stepsText(stepsOf(names, item))
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

function stepsOf(names: PathNames, shape: number): PathStep[] {
  const steps: PathStep[] = []
  for (let at = shape; at >= 0; at = names.shapes.keys[at * 3]!) {
    const place = names.shapes.keys[at * 3 + 1]!
    steps.push({ node: nodeKeyOf(names, placeNode(names, place)), operation: operationOf(names, place) })
  }
  return steps.reverse()
}

function versionOf(names: PathNames, place: number): string {
  return textOf(names.catalogue.texts, names.places.keys[place * 3 + 1]!)
}

function operationOf(names: PathNames, place: number): string {
  return textOf(names.catalogue.texts, names.places.keys[place * 3 + 2]!)
}

function durations(block: ReturnType<typeof createNativeBlock>, rows: readonly Row[]): void {
  const lists = rows.map(({ rollup, cell }) => histogramEntries(rollup.cells.histograms, cell))
  let end = 0
  const ends = Uint32Array.from(lists, ({ length }) => (end += length))
  const keys = new Int16Array(end)
  const counts = new Float64Array(end)
  let at = 0
  for (const list of lists) {
    for (const [bucket, count] of list) {
      keys[at] = bucket
      counts[at++] = count
    }
  }
  block.maps('duration', ends, keys, counts)
}

function exemplars(block: ReturnType<typeof createNativeBlock>, rows: readonly Row[]): void {
  const bytes = Buffer.alloc(rows.length * EXEMPLAR_BYTES)
  const starts = new Int32Array(rows.length)
  const ends = new Int32Array(rows.length)
  let at = 0
  rows.forEach(({ rollup, cell }, row) => {
    starts[row] = at
    const selfNs = rollup.slowestNs[cell]!
    if (selfNs >= 0) at = writeExemplar(bytes, at, { selfNs, traceNs: rollup.traceNs[cell]!, words: rollup.words, first: cell * EXEMPLAR_WORDS })
    ends[row] = at
  })
  block.ranges('slowest', { bytes, starts, ends })
}

function dictionaryOf(rows: readonly Row[], value: (row: Row) => string): { dictionary: string[]; indexes: Uint32Array } {
  const ids = new Map<string, number>()
  const indexes = Uint32Array.from(rows, (row) => {
    const text = value(row)
    const id = ids.get(text) ?? ids.size
    ids.set(text, id)
    return id
  })
  return { dictionary: [...ids.keys()], indexes }
}
