/** Per edge cell: first and last seen, the slowest call, the newest one with an error and the one longest on its way, since they were last taken. */
export interface ExemplarTable {
  /** Unix ms; Infinity and −Infinity when nothing was seen. */
  firstMs: Float64Array
  lastMs: Float64Array
  /** Three calls a cell, the slowest, the newest failed and the one longest on its way: duration in ns (−1 = none), start in ms, time on the way, then ids and texts. */
  durationNs: Float64Array
  startMs: Float64Array
  /** As in `SeenCall`. */
  transit: Int32Array
  /** Eight numbers a call: 4 of the trace id, 2 of the span id, operation text of the source, error. */
  words: Int32Array
}

/** A call that will not be taken back. Ids are the little-endian words of their bytes. */
export interface SeenCall {
  startMs: number
  durationNs: number
  trace0: number
  trace1: number
  trace2: number
  trace3: number
  id0: number
  id1: number
  /** Text id, −1 = none. */
  sourceOperation: number
  error: boolean
  /** Time between the two sides, on the network or in the queue: its histogram bucket + 2, 0 = not measured. */
  transit: number
}

export const EXEMPLARS_PER_CELL = 3
export const EXEMPLAR_WORDS = 8
const SLOWEST = 0
const NEWEST_ERROR = 1
const LONGEST_TRANSIT = 2

export function createExemplarTable(cells = 64): ExemplarTable {
  return {
    firstMs: new Float64Array(cells),
    lastMs: new Float64Array(cells),
    durationNs: new Float64Array(cells * EXEMPLARS_PER_CELL),
    startMs: new Float64Array(cells * EXEMPLARS_PER_CELL),
    transit: new Int32Array(cells * EXEMPLARS_PER_CELL),
    words: new Int32Array(cells * EXEMPLARS_PER_CELL * EXEMPLAR_WORDS),
  }
}

/** Empties the place of a new cell. */
export function resetExemplars(table: ExemplarTable, cell: number): void {
  if (cell >= table.firstMs.length) grow(table)
  table.firstMs[cell] = Number.POSITIVE_INFINITY
  table.lastMs[cell] = Number.NEGATIVE_INFINITY
  table.durationNs.fill(-1, cell * EXEMPLARS_PER_CELL, (cell + 1) * EXEMPLARS_PER_CELL)
}

export function addSeenCall(table: ExemplarTable, cell: number, call: SeenCall): void {
  if (call.startMs < table.firstMs[cell]!) table.firstMs[cell] = call.startMs
  if (call.startMs > table.lastMs[cell]!) table.lastMs[cell] = call.startMs
  const slowest = cell * EXEMPLARS_PER_CELL + SLOWEST
  if (call.durationNs > table.durationNs[slowest]!) write(table, slowest, call)
  addTransit(table, cell, call)
  if (!call.error) return
  const newest = cell * EXEMPLARS_PER_CELL + NEWEST_ERROR
  if (table.durationNs[newest]! < 0 || call.startMs > table.startMs[newest]!) write(table, newest, call)
}

/** A call as one that was on its way so long; when and how long it was is seen elsewhere. */
export function addTransit(table: ExemplarTable, cell: number, call: SeenCall): void {
  if (call.transit === 0) return
  const longest = cell * EXEMPLARS_PER_CELL + LONGEST_TRANSIT
  if (table.durationNs[longest]! < 0 || call.transit > table.transit[longest]!) write(table, longest, call)
}

export function exemplarTableBytes(table: ExemplarTable): number {
  return table.firstMs.length * (16 + EXEMPLARS_PER_CELL * (20 + EXEMPLAR_WORDS * 4))
}

function write(table: ExemplarTable, exemplar: number, call: SeenCall): void {
  table.durationNs[exemplar] = call.durationNs
  table.startMs[exemplar] = call.startMs
  table.transit[exemplar] = call.transit
  const { words } = table
  const at = exemplar * EXEMPLAR_WORDS
  words[at] = call.trace0
  words[at + 1] = call.trace1
  words[at + 2] = call.trace2
  words[at + 3] = call.trace3
  words[at + 4] = call.id0
  words[at + 5] = call.id1
  words[at + 6] = call.sourceOperation
  words[at + 7] = call.error ? 1 : 0
}

function grow(table: ExemplarTable): void {
  const bigger = createExemplarTable(table.firstMs.length * 2)
  bigger.firstMs.set(table.firstMs)
  bigger.lastMs.set(table.lastMs)
  bigger.durationNs.set(table.durationNs)
  bigger.startMs.set(table.startMs)
  bigger.transit.set(table.transit)
  bigger.words.set(table.words)
  Object.assign(table, bigger)
}
