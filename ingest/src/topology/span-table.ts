import { createSlotHash, firstPlace, growSlotHash, hashIds, nextPlace, placeOfSlot, putSlot, removePlace, type SlotHash } from './slot-hash.ts'

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
  /** First of the span's links in the link table, NONE = none. */
  links: Int32Array
  /** Log time of arrival. */
  arrivedMs: Float64Array
  startUs: Float64Array
  durationNs: Float64Array
  /** Spans by their own id; the first of those that wait by their parent's. */
  byId: SlotHash
  byParent: SlotHash
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
/** `root`: it has none. `waiting`: not held, in a waiting list. `gone`: was held and has been let go. */
export const Parent = { root: -1, gone: -2, waiting: -3 } as const

const INITIAL = 64
const COLUMNS = (
  'tenant trace0 trace1 trace2 trace3 id0 id1 parentId0 parentId1 parent firstChild nextSibling previousSibling flags instance operation peer bucket ' +
  'partners servers firstPartner upGroup upMinute upMeta outGroup outMeta links'
).split(' ') as readonly IntColumn[]
const SLOT_COLUMNS: readonly IntColumn[] = ['parent', 'firstChild', 'nextSibling', 'previousSibling', 'firstPartner']
const FLOAT_COLUMNS = ['arrivedMs', 'startUs', 'durationNs'] as const
type IntColumn = Exclude<{ [K in keyof SpanTable]: SpanTable[K] extends Int32Array ? K : never }[keyof SpanTable], 'byId' | 'byParent'>

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
    links: int(),
    arrivedMs: float(),
    startUs: float(),
    durationNs: float(),
    byId: createSlotHash(INITIAL * 2),
    byParent: createSlotHash(INITIAL * 2),
  }
}

export function spanTableBytes(table: SpanTable): number {
  return table.capacity * (COLUMNS.length * 4 + FLOAT_COLUMNS.length * 8 + 32)
}

/** Slot of a span, NONE when it is not held. */
export function findSpan(table: SpanTable, key: SpanKey, id0: number, id1: number): number {
  const { byId } = table
  const hash = hashIds(id0, id1, key.trace3)
  for (let place = firstPlace(hash, byId); byId[place] !== 0; place = nextPlace(place, byId)) {
    if (byId[place + 1] !== hash) continue
    const slot = byId[place]! - 1
    if (table.id0[slot] === id0 && table.id1[slot] === id1 && sameTrace(table, slot, key)) return slot
  }
  return NONE
}

/** Makes room for one span. Slots found before are void after. */
export function reserveSpan(table: SpanTable): void {
  if (table.size === table.capacity) grow(table)
}

/** A new span's slot, with its identity and nothing else; there must be room. */
export function appendSpan(table: SpanTable, key: SpanKey): number {
  const slot = (table.head + table.size++) & (table.capacity - 1)
  table.tenant[slot] = key.tenant
  table.trace0[slot] = key.trace0
  table.trace1[slot] = key.trace1
  table.trace2[slot] = key.trace2
  table.trace3[slot] = key.trace3
  table.id0[slot] = key.id0
  table.id1[slot] = key.id1
  table.parent[slot] = Parent.root
  table.firstChild[slot] = NONE
  table.nextSibling[slot] = NONE
  table.previousSibling[slot] = NONE
  table.partners[slot] = 0
  table.servers[slot] = 0
  table.firstPartner[slot] = NONE
  table.upGroup[slot] = NONE
  table.outGroup[slot] = NONE
  table.links[slot] = NONE
  putSlot(table.byId, hashIds(key.id0, key.id1, key.trace3), slot)
  return slot
}

/** Puts a span into its parent's list. */
export function adopt(table: SpanTable, parent: number, child: number): void {
  const first = table.firstChild[parent]!
  table.parent[child] = parent
  table.previousSibling[child] = NONE
  table.nextSibling[child] = first
  if (first >= 0) table.previousSibling[first] = child
  table.firstChild[parent] = child
}

/** Puts a span into the list that waits for its parent. */
export function waitForParent(table: SpanTable, child: number): void {
  const { byParent } = table
  const hash = parentHash(table, child)
  let place = firstPlace(hash, byParent)
  while (byParent[place] !== 0 && (byParent[place + 1] !== hash || !sameParent(table, byParent[place]! - 1, child))) place = nextPlace(place, byParent)
  const first = byParent[place]! - 1
  table.parent[child] = Parent.waiting
  table.previousSibling[child] = NONE
  table.nextSibling[child] = first
  if (first >= 0) table.previousSibling[first] = child
  byParent[place] = child + 1
  byParent[place + 1] = hash
}

/** Ends the waiting for a span that has arrived: the list becomes its children. Their `parent` is set. */
export function takeWaiting(table: SpanTable, parent: number, key: SpanKey): void {
  const { byParent } = table
  const hash = hashIds(key.id0, key.id1, key.trace3)
  let place = firstPlace(hash, byParent)
  while (byParent[place] !== 0 && (byParent[place + 1] !== hash || !waitsFor(table, byParent[place]! - 1, key))) place = nextPlace(place, byParent)
  const first = byParent[place]! - 1
  table.firstChild[parent] = first
  if (first < 0) return
  removePlace(byParent, place)
  for (let child = first; child >= 0; child = table.nextSibling[child]!) table.parent[child] = parent
}

function hideSpan(table: SpanTable, slot: number): void {
  const place = placeOfSlot(table.byId, hashIds(table.id0[slot]!, table.id1[slot]!, table.trace3[slot]!), slot)
  if (place >= 0) removePlace(table.byId, place)
}

/** Takes a span that has no children out of look-ups and lists, as if it had not come; it keeps its place in the ring. */
export function leaveFamily(table: SpanTable, slot: number): void {
  hideSpan(table, slot)
  const parent = table.parent[slot]!
  if (parent !== Parent.root && parent !== Parent.gone) leaveSiblings(table, slot, parent)
  table.parent[slot] = Parent.root
}

/** Lets the oldest span go: out of look-ups and lists; its children's parent is `gone`. */
export function dropOldest(table: SpanTable): void {
  const slot = table.head
  hideSpan(table, slot)
  const parent = table.parent[slot]!
  if (parent !== Parent.root && parent !== Parent.gone) leaveSiblings(table, slot, parent)
  for (let child = table.firstChild[slot]!; child >= 0; ) {
    const next = table.nextSibling[child]!
    table.parent[child] = Parent.gone
    child = next
  }
  if (parent >= 0 && table.firstPartner[parent] === slot) table.firstPartner[parent] = GONE
  table.head = (slot + 1) & (table.capacity - 1)
  table.size--
}

function leaveSiblings(table: SpanTable, slot: number, parent: number): void {
  const previous = table.previousSibling[slot]!
  const next = table.nextSibling[slot]!
  if (next >= 0) table.previousSibling[next] = previous
  if (previous >= 0) table.nextSibling[previous] = next
  else if (parent >= 0) table.firstChild[parent] = next
  else {
    const place = placeOfSlot(table.byParent, parentHash(table, slot), slot)
    if (next >= 0) table.byParent[place] = next + 1
    else removePlace(table.byParent, place)
  }
}

function sameTrace(table: SpanTable, slot: number, key: SpanKey): boolean {
  return (
    table.trace3[slot] === key.trace3 &&
    table.trace2[slot] === key.trace2 &&
    table.trace1[slot] === key.trace1 &&
    table.trace0[slot] === key.trace0 &&
    table.tenant[slot] === key.tenant
  )
}

function sameParent(table: SpanTable, a: number, b: number): boolean {
  if (table.parentId0[a] !== table.parentId0[b] || table.parentId1[a] !== table.parentId1[b] || table.tenant[a] !== table.tenant[b]) return false
  return (
    table.trace3[a] === table.trace3[b] && table.trace2[a] === table.trace2[b] && table.trace1[a] === table.trace1[b] && table.trace0[a] === table.trace0[b]
  )
}

function waitsFor(table: SpanTable, slot: number, key: SpanKey): boolean {
  return table.parentId0[slot] === key.id0 && table.parentId1[slot] === key.id1 && sameTrace(table, slot, key)
}

function parentHash(table: SpanTable, slot: number): number {
  return hashIds(table.parentId0[slot]!, table.parentId1[slot]!, table.trace3[slot]!)
}

/** Twice the room; the oldest span is then in slot 0. */
function grow(table: SpanTable): void {
  const { head, capacity } = table
  const rotate = <T extends Int32Array | Float64Array>(from: T, to: T): T => {
    to.set(from.subarray(head))
    to.set(from.subarray(0, head), capacity - head)
    return to
  }
  for (const column of COLUMNS) table[column] = rotate(table[column], new Int32Array(capacity * 2))
  for (const column of FLOAT_COLUMNS) table[column] = rotate(table[column], new Float64Array(capacity * 2))
  for (const column of SLOT_COLUMNS) {
    const slots = table[column]
    for (let i = 0; i < capacity; i++) if (slots[i]! >= 0) slots[i] = (slots[i]! - head) & (capacity - 1)
  }
  table.head = 0
  table.capacity = capacity * 2
  table.byId = growSlotHash(table.byId, head, capacity)
  table.byParent = growSlotHash(table.byParent, head, capacity)
}
