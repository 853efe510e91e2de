import { createSlotHash, type SlotHash } from './slot-hash.ts'

/**
 * The spans of one partition that wait for partners: columns in a ring, oldest at `head`, found by (tenant, trace id, span id)
 * through open addressing. A span whose parent is held is in its parent's list of children; one whose parent is not held is in the
 * list that waits for that (trace id, parent id). Rows that refer to each other do so by slot.
 */
export interface SpanTable {
  capacity: number
  head: number
  size: number
  tenant: Int32Array
  trace0: Int32Array
  trace1: Int32Array
  trace2: Int32Array
  trace3: Int32Array
  id0: Int32Array
  id1: Int32Array
  parentId0: Int32Array
  parentId1: Int32Array
  /** Slot, or one of `Parent`. */
  parent: Int32Array
  firstChild: Int32Array
  nextSibling: Int32Array
  previousSibling: Int32Array
  flags: Int32Array
  instance: Int32Array
  operation: Int32Array
  /** Node that this span's own call goes to by its attributes; NONE = unnamed. */
  peer: Int32Array
  /** Histogram bucket of the duration. */
  bucket: Int32Array
  /** Children that are this client span's partner; of them SERVER spans; the first of them (slot, NONE, or GONE). */
  partners: Int32Array
  servers: Int32Array
  firstPartner: Int32Array
  /** What was counted for the call to this span, and for the call by it: see `calls.ts`. */
  upGroup: Int32Array
  upMinute: Int32Array
  upMeta: Int32Array
  outGroup: Int32Array
  outMeta: Int32Array
  /** Calls that the counted call to this span stands for, and the instance it came from (NONE = not known). */
  upWeight: Int32Array
  upSource: Int32Array
  /** Spans that this one stands for, as its trace state says; 0 = it says nothing. */
  weight: Int32Array
  /** Hash of the session or user; 0, 0 = not known. */
  viewer0: Int32Array
  viewer1: Int32Array
  /** First of the span's links in the link table, NONE = none. */
  links: Int32Array
  /** Log time of arrival. */
  arrivedMs: Float64Array
  startUs: Float64Array
  durationNs: Float64Array
  /**
   * Spans by their own id, and by their parent's the first of those that wait for it, as the slot's complement: whoever asks for one of
   * the two asks for the other next.
   */
  byId: SlotHash
  /** What was read ahead, so that the engine does not leave the reads out. */
  readAhead: number
}

/** A span's identity, read from the batch. */
export interface SpanKey {
  tenant: number
  trace0: number
  trace1: number
  trace2: number
  trace3: number
  id0: number
  id1: number
}

export const NONE = -1
export const GONE = -2
/** `root`: it has none. `waiting`: not held, in a waiting list. `gone`: was held and has been let go; in a waiting list too, should it come back. */
export const Parent = { root: -1, gone: -2, waiting: -3 } as const

const INITIAL = 64
export const COLUMNS = (
  'tenant trace0 trace1 trace2 trace3 id0 id1 parentId0 parentId1 parent firstChild nextSibling previousSibling flags instance operation peer bucket ' +
  'partners servers firstPartner upGroup upMinute upMeta outGroup outMeta upWeight upSource weight viewer0 viewer1 links'
).split(' ') as readonly IntColumn[]
export const SLOT_COLUMNS: readonly IntColumn[] = ['parent', 'firstChild', 'nextSibling', 'previousSibling', 'firstPartner']
export const FLOAT_COLUMNS = ['arrivedMs', 'startUs', 'durationNs'] as const
type IntColumn = Exclude<{ [K in keyof SpanTable]: SpanTable[K] extends Int32Array ? K : never }[keyof SpanTable], 'byId'>

/** One literal, so that the engine gives the object a fixed shape: its properties are read some hundred times a span. */
export function createSpanTable(): SpanTable {
  const int = (): Int32Array => new Int32Array(INITIAL)
  const float = (): Float64Array => new Float64Array(INITIAL)
  return {
    capacity: INITIAL,
    head: 0,
    size: 0,
    tenant: int(),
    trace0: int(),
    trace1: int(),
    trace2: int(),
    trace3: int(),
    id0: int(),
    id1: int(),
    parentId0: int(),
    parentId1: int(),
    parent: int(),
    firstChild: int(),
    nextSibling: int(),
    previousSibling: int(),
    flags: int(),
    instance: int(),
    operation: int(),
    peer: int(),
    bucket: int(),
    partners: int(),
    servers: int(),
    firstPartner: int(),
    upGroup: int(),
    upMinute: int(),
    upMeta: int(),
    outGroup: int(),
    outMeta: int(),
    upWeight: int(),
    upSource: int(),
    weight: int(),
    viewer0: int(),
    viewer1: int(),
    links: int(),
    arrivedMs: float(),
    startUs: float(),
    durationNs: float(),
    byId: createSlotHash(INITIAL * 4),
    readAhead: 0,
  }
}

export function spanTableBytes(table: SpanTable): number {
  return table.capacity * (COLUMNS.length * 4 + FLOAT_COLUMNS.length * 8 + 32)
}
