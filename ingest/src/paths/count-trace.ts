import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { histogramBucket } from '@skein/schemas/histogram'
import { PATH_BAND_SHIFT, PathRow } from '@skein/schemas/path'
import { addCount } from '../topology/accumulator.ts'
import { Flag } from '../topology/span-flags.ts'
import { type Arena, minuteAt } from './arena.ts'
import { tallyFindings } from './path-findings.ts'
import { type PathNames, placeId } from './path-names.ts'
import { tallyParts } from './path-parts.ts'
import { addPath, EXEMPLAR_WORDS, measurePath, packBand, pathCell, PathCounter, type PathRollup, readCellsAhead, startOf } from './path-rollup.ts'
import { shapeOf } from './path-shape.ts'
import { FindingNumber, PartNumber, type PathWork, workOut } from './path-work.ts'
import { clearTally, type Tally } from './tally.ts'
import { isError, Lineage } from './trace-columns.ts'

/** Where what a trace adds is counted. */
export interface Counting {
  work: PathWork
  names: PathNames
  rollup: PathRollup
  arena: Arena
}

/** What a note says, as its item. */
export const PathNoteId = { noRoot: 0, reopened: 1, limit: 2, sampled: 3 } as const

/** A trace is an example of own time only where that is at least such a share of it: ids are half of what all this takes on disk. */
const SHOWN_SHARE = 8

interface Told {
  trace: number
  /** Its entry and minute, as `startOf` says. */
  start: number
  band: number
  traceNs: number
  /** How many traces it stands for, negative when it is taken back. */
  sign: number
}

/** Adds a trace as it was with the spans of a list (`sign` 1), or takes that back (−1). */
export function countTrace(counting: Counting, trace: number, list: { head: number; count: number }, sign: number): void {
  const { work, names, arena, rollup } = counting
  workOut(work, names, arena, list)
  const { path } = work
  if (path.root < 0) return
  const root = work.trace.span[path.root]!
  const entry = placeId(names, arena.instance[root]!, arena.operation[root]!)
  const traceNs = path.toNs[0]! - path.fromNs[0]!
  const minute = minuteAt(arena, root)
  if (!isEntry(work)) return countPathNote(counting, { entry, note: PathNoteId.noRoot, minute, sign })
  const weight = arena.weight[root]!
  if (weight > 1) countPathNote(counting, { entry, note: PathNoteId.sampled, minute, sign })
  const start = startOf(rollup, entry, minute)
  const told: Told = { trace, start, band: histogramBucket(traceNs) >> PATH_BAND_SHIFT, traceNs, sign: sign * weight }
  tallyParts(work, names, arena)
  tallyFindings(work, names, arena)
  countEntry(counting, told)
  countParts(counting, told)
  countFindings(counting, told)
  countShape(counting, told)
}

/** A trace whose beginning is not here is one when its first span is the beginning of something: a request or a message served. */
function isEntry({ trace, path }: PathWork): boolean {
  if (trace.parent[path.root] !== Lineage.lost) return true
  const kind = trace.flags[path.root]! & Flag.kindMask
  return kind === SpanKindNumber.server || kind === SpanKindNumber.consumer
}

export function countPathNote({ rollup }: Pick<Counting, 'rollup'>, of: { entry: number; note: number; minute: number; sign: number }): void {
  const cell = pathCell(rollup, { start: startOf(rollup, of.entry, of.minute), item: of.note, packed: packBand(-1, PathRow.note) })
  addPath(rollup, cell, PathCounter.traces, of.sign)
}

function countEntry(counting: Counting, told: Told): void {
  const { rollup, work } = counting
  const cell = pathCell(rollup, { start: told.start, item: 0, packed: packBand(-1, PathRow.entry) })
  addPath(rollup, cell, PathCounter.traces, told.sign)
  addPath(rollup, cell, PathCounter.count, work.trace.size * told.sign)
  addPath(rollup, cell, PathCounter.timeNs, told.traceNs * told.sign)
  if (isError(work.trace.flags[work.path.root]!)) addPath(rollup, cell, PathCounter.errors, told.sign)
  measurePath(rollup, cell, histogramBucket(told.traceNs), told.sign)
  if (told.sign > 0) showTrace(counting, told, { cell, span: work.path.root, ns: told.traceNs })
}

function countParts(counting: Counting, told: Told): void {
  const { rollup, work } = counting
  const { parts } = work
  readCellsAhead(rollup, { start: told.start, packed: packBand(told.band, PathRow.part) }, parts.ids, parts.size)
  for (let entry = 0; entry < parts.size; entry++) {
    const at = entry * parts.width
    const cell = bandCell(counting, told, parts.ids[entry]!, PathRow.part)
    const timeNs = parts.numbers[at + PartNumber.timeNs]!
    addPath(rollup, cell, PathCounter.timeNs, timeNs * told.sign)
    addPath(rollup, cell, PathCounter.count, parts.numbers[at + PartNumber.count]! * told.sign)
    addPath(rollup, cell, PathCounter.errors, parts.numbers[at + PartNumber.errors]! * told.sign)
    addPath(rollup, cell, PathCounter.retries, parts.numbers[at + PartNumber.retries]! * told.sign)
    measurePath(rollup, cell, histogramBucket(timeNs), told.sign)
    if (parts.mostNs[entry]! * SHOWN_SHARE >= told.traceNs) show(counting, told, { tally: parts, entry, cell })
  }
  clearTally(parts)
}

function countFindings(counting: Counting, told: Told): void {
  const { rollup, work } = counting
  const { findings } = work
  for (let entry = 0; entry < findings.size; entry++) {
    const at = entry * findings.width
    const cell = bandCell(counting, told, findings.ids[entry]!, PathRow.finding)
    addPath(rollup, cell, PathCounter.timeNs, findings.numbers[at + FindingNumber.timeNs]! * told.sign)
    addPath(rollup, cell, PathCounter.count, findings.numbers[at + FindingNumber.count]! * told.sign)
    addPath(rollup, cell, PathCounter.savingNs, Math.round(findings.numbers[at + FindingNumber.savingNs]!) * told.sign)
    show(counting, told, { tally: findings, entry, cell })
  }
  clearTally(findings)
}

function countShape(counting: Counting, told: Told): void {
  const { work, names, arena, rollup } = counting
  const cell = bandCell(counting, told, shapeOf(work, names, arena), PathRow.shape)
  addPath(rollup, cell, PathCounter.timeNs, told.traceNs * told.sign)
  if (told.sign > 0) showTrace(counting, told, { cell, span: work.path.root, ns: told.traceNs })
}

/** The cell of an item in the trace's band, with the trace counted. */
function bandCell({ rollup }: Counting, told: Told, item: number, what: number): number {
  const cell = pathCell(rollup, { start: told.start, item, packed: packBand(told.band, what) })
  addCount(rollup.cells, cell, PathCounter.traces, told.sign)
  return cell
}

function show(counting: Counting, told: Told, of: { tally: Tally; entry: number; cell: number }): void {
  const span = of.tally.most[of.entry]!
  if (told.sign > 0 && span >= 0) showTrace(counting, told, { cell: of.cell, span, ns: of.tally.mostNs[of.entry]! })
}

/** Keeps the trace as the exemplar of a cell when it is the slowest there. */
function showTrace({ rollup, arena, work }: Counting, told: Told, of: { cell: number; span: number; ns: number }): void {
  const { cell, span, ns } = of
  if (ns <= rollup.slowestNs[cell]!) return
  rollup.slowestNs[cell] = ns
  rollup.traceNs[cell] = told.traceNs
  const { words } = rollup
  const at = cell * EXEMPLAR_WORDS
  words[at] = arena.trace0[told.trace]!
  words[at + 1] = arena.trace1[told.trace]!
  words[at + 2] = arena.trace2[told.trace]!
  words[at + 3] = arena.trace3[told.trace]!
  words[at + 4] = work.trace.id0[span]!
  words[at + 5] = work.trace.id1[span]!
  words[at + 6] = isError(work.trace.flags[span]!) ? 1 : 0
}
