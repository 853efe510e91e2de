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
  /** Span + 1 by its own id; first of those that wait + 1 by their parent's id. */
  byId: Int32Array
  byParent: Int32Array
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
    byId: new Int32Array(INITIAL * 2),
    byParent: new Int32Array(INITIAL * 2),
  }
}

export function spanTableBytes(table: SpanTable): number {
  return table.capacity * (COLUMNS.length * 4 + FLOAT_COLUMNS.length * 8 + 16)
}

/** Slot of a span, NONE when it is not held. */
export function findSpan(table: SpanTable, key: SpanKey, id0: number, id1: number): number {
  const { byId } = table
  const mask = byId.length - 1
  let at = hashOf(id0, id1, key.trace3) & mask
  for (let slot = byId[at]! - 1; slot >= 0; slot = byId[at]! - 1) {
    if (table.id0[slot] === id0 && table.id1[slot] === id1 && sameTrace(table, slot, key)) return slot
    at = (at + 1) & mask
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
  place(table.byId, hashOf(key.id0, key.id1, key.trace3), slot)
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
  const mask = byParent.length - 1
  let at = hashOf(table.parentId0[child]!, table.parentId1[child]!, table.trace3[child]!) & mask
  let first = byParent[at]! - 1
  while (first >= 0 && !sameParent(table, first, child)) {
    at = (at + 1) & mask
    first = byParent[at]! - 1
  }
  table.parent[child] = Parent.waiting
  table.previousSibling[child] = NONE
  table.nextSibling[child] = first
  if (first >= 0) table.previousSibling[first] = child
  byParent[at] = child + 1
}

/** Ends the waiting for a span that has arrived: the list becomes its children. Their `parent` is set. */
export function takeWaiting(table: SpanTable, parent: number, key: SpanKey): void {
  const { byParent } = table
  const mask = byParent.length - 1
  let at = hashOf(key.id0, key.id1, key.trace3) & mask
  let first = byParent[at]! - 1
  while (first >= 0 && !(table.parentId0[first] === key.id0 && table.parentId1[first] === key.id1 && sameTrace(table, first, key))) {
    at = (at + 1) & mask
    first = byParent[at]! - 1
  }
  table.firstChild[parent] = first
  if (first < 0) return
  removeAt(byParent, at, (slot) => hashOf(table.parentId0[slot]!, table.parentId1[slot]!, table.trace3[slot]!))
  for (let child = first; child >= 0; child = table.nextSibling[child]!) table.parent[child] = parent
}

function hideSpan(table: SpanTable, slot: number): void {
  const at = placeOf(table.byId, hashOf(table.id0[slot]!, table.id1[slot]!, table.trace3[slot]!), slot)
  if (at >= 0) removeAt(table.byId, at, (other) => hashOf(table.id0[other]!, table.id1[other]!, table.trace3[other]!))
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
    const hash = hashOf(table.parentId0[slot]!, table.parentId1[slot]!, table.trace3[slot]!)
    const at = placeOf(table.byParent, hash, slot)
    if (next >= 0) table.byParent[at] = next + 1
    else removeAt(table.byParent, at, (other) => hashOf(table.parentId0[other]!, table.parentId1[other]!, table.trace3[other]!))
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

function hashOf(id0: number, id1: number, trace: number): number {
  let h = Math.imul(id0, 0x9e3779b1) ^ Math.imul(id1, 0x85ebca77) ^ Math.imul(trace, 0xc2b2ae3d)
  h ^= h >>> 15
  h = Math.imul(h, 0x2c1b3c6d)
  return h ^ (h >>> 13)
}

function place(slots: Int32Array, hash: number, value: number): void {
  const mask = slots.length - 1
  let at = hash & mask
  while (slots[at] !== 0) at = (at + 1) & mask
  slots[at] = value + 1
}

function placeOf(slots: Int32Array, hash: number, value: number): number {
  const mask = slots.length - 1
  let at = hash & mask
  while (slots[at] !== value + 1) {
    if (slots[at] === 0) return NONE
    at = (at + 1) & mask
  }
  return at
}

/** Linear probing without tombstones: what follows moves up when its home allows. */
function removeAt(slots: Int32Array, hole: number, hashOfValue: (value: number) => number): void {
  const mask = slots.length - 1
  let at = hole
  for (let next = (at + 1) & mask; slots[next] !== 0; next = (next + 1) & mask) {
    const home = hashOfValue(slots[next]! - 1) & mask
    if (((next - home) & mask) < ((next - at) & mask)) continue
    slots[at] = slots[next]!
    at = next
  }
  slots[at] = 0
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
  table.byId = moved(table.byId, head, capacity, (slot) => hashOf(table.id0[slot]!, table.id1[slot]!, table.trace3[slot]!))
  table.byParent = moved(table.byParent, head, capacity, (slot) => hashOf(table.parentId0[slot]!, table.parentId1[slot]!, table.trace3[slot]!))
}

function moved(slots: Int32Array, head: number, capacity: number, hashOfValue: (value: number) => number): Int32Array {
  const bigger = new Int32Array(capacity * 4)
  for (let i = 0; i < slots.length; i++) {
    if (slots[i] === 0) continue
    const slot = (slots[i]! - 1 - head) & (capacity - 1)
    place(bigger, hashOfValue(slot), slot)
  }
  return bigger
}
