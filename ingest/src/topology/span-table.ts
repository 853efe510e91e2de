import { ID_WORDS, PARENT_WORD } from '../facts/read-facts.ts'
import { firstPlace, growSlotHash, hashIds, nextPlace, placeOf, putSlot, removePlace, type SlotHash } from './slot-hash.ts'
import { Flag } from './span-flags.ts'
import { COLUMNS, FLOAT_COLUMNS, GONE, NONE, Parent, SLOT_COLUMNS, type SpanKey, type SpanTable } from './span-columns.ts'

/** Slot of a span, NONE when it is not held. */
export function findSpan(table: SpanTable, key: SpanKey, id0: number, id1: number): number {
  const { byId } = table
  const hash = hashIds(id0, id1, key.trace3)
  for (let place = firstPlace(hash, byId); byId[place] !== 0; place = nextPlace(place, byId)) {
    if (byId[place + 1] !== hash) continue
    const slot = byId[place]! - 1
    if (slot >= 0 && table.id0[slot] === id0 && table.id1[slot] === id1 && sameTrace(table, slot, key)) return slot
  }
  return NONE
}

/** So many spans at a time are read ahead: what they are looked up by stays in the cache until then. */
export const AHEAD = 64

/**
 * Reads where spans of the rows `from` … `to` and their parents lie in the table of ids, or would. Each is a miss of the cache, but none waits for another,
 * as they do when spans are added: together they take a fifth of the time. `ids` are a batch's.
 */
export function readAhead(table: SpanTable, ids: Int32Array, from: number, to: number): void {
  let read = 0
  for (let at = from * ID_WORDS; at < to * ID_WORDS; at += ID_WORDS) {
    const parent = at + PARENT_WORD
    read ^= placeFor(table.byId, ids[at + 4]!, ids[at + 5]!, ids[at + 3]!) ^ placeFor(table.byId, ids[parent]!, ids[parent + 1]!, ids[at + 3]!)
  }
  table.readAhead = read
}

/** The same of the spans that are the oldest. */
function readOldestAhead(table: SpanTable): void {
  const { byId, id0, id1, trace3, parentId0, parentId1 } = table
  let read = 0
  for (let age = 0; age < Math.min(AHEAD, table.size); age++) {
    const slot = (table.head + age) & (table.capacity - 1)
    read ^= placeFor(byId, id0[slot]!, id1[slot]!, trace3[slot]!)
    if (table.parent[slot]! < Parent.root) read ^= placeFor(byId, parentId0[slot]!, parentId1[slot]!, trace3[slot]!)
  }
  table.readAhead = read
}

function placeFor(byId: SlotHash, id0: number, id1: number, trace3: number): number {
  return byId[firstPlace(hashIds(id0, id1, trace3), byId)]!
}

/** Makes room for one span. True when spans may have moved to other slots for it: those found before are void then. */
export function reserveSpan(table: SpanTable): boolean {
  if (table.size < table.capacity) return false
  grow(table)
  return true
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
  table.weight[slot] = 0
  table.viewer0[slot] = 0
  table.viewer1[slot] = 0
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

/** Puts a span into the list of those whose parent is not held: it waits (`Parent.waiting`) or has met it before (`Parent.gone`). */
export function waitForParent(table: SpanTable, child: number, state: number = Parent.waiting): void {
  const { byId } = table
  const hash = parentHash(table, child)
  let place = firstPlace(hash, byId)
  while (byId[place] !== 0 && (byId[place + 1] !== hash || byId[place]! > 0 || !sameParent(table, waitingAt(byId, place), child)))
    place = nextPlace(place, byId)
  const first = waitingAt(byId, place)
  table.parent[child] = state
  table.previousSibling[child] = NONE
  table.nextSibling[child] = first
  if (first >= 0) table.previousSibling[first] = child
  byId[place] = -1 - child
  byId[place + 1] = hash
}

/** The first span whose parent this is and was not held, NONE when there is none; the others by `nextSibling`. */
export function firstWaiting(table: SpanTable, key: SpanKey): number {
  return waitingAt(table.byId, waitingPlace(table, key))
}

/** Where the list of those who wait for a span begins, or the free place where it would. */
function waitingPlace(table: SpanTable, key: SpanKey): number {
  const { byId } = table
  const hash = hashIds(key.id0, key.id1, key.trace3)
  let place = firstPlace(hash, byId)
  while (byId[place] !== 0 && (byId[place + 1] !== hash || byId[place]! > 0 || !waitsFor(table, waitingAt(byId, place), key))) place = nextPlace(place, byId)
  return place
}

/** The first of a waiting list; NONE at a free place. */
function waitingAt(byId: SlotHash, place: number): number {
  return -1 - byId[place]!
}

/** Makes those who wait for a new span its children; with `again` those who had met it or came back like it. */
export function takeWaiting(table: SpanTable, parent: number, key: SpanKey, again: boolean): void {
  const place = waitingPlace(table, key)
  const first = waitingAt(table.byId, place)
  if (first < 0) return
  if (!again && allWait(table, first)) {
    removePlace(table.byId, place)
    table.firstChild[parent] = first
    for (let child = first; child >= 0; child = table.nextSibling[child]!) table.parent[child] = parent
    return
  }
  for (let child = first; child >= 0; ) {
    const next = table.nextSibling[child]!
    if (again ? knows(table, parent, child) : table.parent[child] === Parent.waiting) {
      leaveSiblings(table, child, Parent.waiting)
      adopt(table, parent, child)
    }
    child = next
  }
}

/** Of a parent that comes back: a child that had met it, or came back too. A copy knows but copies, for the span itself may come back after it. */
function knows(table: SpanTable, parent: number, child: number): boolean {
  const back = (table.flags[child]! & Flag.restored) !== 0
  if ((table.flags[parent]! & Flag.copy) !== 0) return back && (table.flags[child]! & Flag.copy) !== 0
  return back || table.parent[child] === Parent.gone
}

/** Nearly always: whoever has met a span is not told of it twice. */
function allWait(table: SpanTable, first: number): boolean {
  for (let child = first; child >= 0; child = table.nextSibling[child]!) if (table.parent[child] !== Parent.waiting) return false
  return true
}

function hideSpan(table: SpanTable, slot: number): void {
  const place = placeOf(table.byId, hashIds(table.id0[slot]!, table.id1[slot]!, table.trace3[slot]!), slot + 1)
  if (place >= 0) removePlace(table.byId, place)
}

/** Takes a span that has no children out of look-ups and lists, as if it had not come; it keeps its place in the ring. */
export function leaveFamily(table: SpanTable, slot: number): void {
  hideSpan(table, slot)
  const parent = table.parent[slot]!
  if (parent !== Parent.root) leaveSiblings(table, slot, parent)
  table.parent[slot] = Parent.root
}

/** Lets the oldest span go: out of look-ups and lists. `state` is what its children's parent is now. */
export function dropOldest(table: SpanTable, state: number): void {
  const slot = table.head
  if (slot % AHEAD === 0) readOldestAhead(table)
  hideSpan(table, slot)
  const parent = table.parent[slot]!
  if (parent !== Parent.root) leaveSiblings(table, slot, parent)
  for (let child = table.firstChild[slot]!; child >= 0; ) {
    const next = table.nextSibling[child]!
    waitForParent(table, child, state)
    child = next
  }
  if (parent >= 0 && table.firstPartner[parent] === slot) table.firstPartner[parent] = GONE
  table.head = (slot + 1) & (table.capacity - 1)
  table.size--
}

/** Takes a span out of the list of its parent, or of those that wait for it. */
export function leaveSiblings(table: SpanTable, slot: number, parent: number): void {
  const previous = table.previousSibling[slot]!
  const next = table.nextSibling[slot]!
  if (next >= 0) table.previousSibling[next] = previous
  if (previous >= 0) table.nextSibling[previous] = next
  else if (parent >= 0) table.firstChild[parent] = next
  else {
    const place = placeOf(table.byId, parentHash(table, slot), -1 - slot)
    if (next >= 0) table.byId[place] = -1 - next
    else removePlace(table.byId, place)
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

/** Twice the room. Nothing moves but what had wrapped around: to behind the rest. */
function grow(table: SpanTable): void {
  const { head, capacity } = table
  if (table.id0.length === capacity) reserve(table, capacity < RESERVED_FROM ? capacity * 2 : capacity * RESERVED)
  for (const column of COLUMNS) table[column].copyWithin(capacity, 0, head)
  for (const column of FLOAT_COLUMNS) table[column].copyWithin(capacity, 0, head)
  if (head > 0) for (const column of SLOT_COLUMNS) moveWrapped(table[column], head, capacity)
  table.capacity = capacity * 2
  table.byId = growSlotHash(table.byId, head, capacity)
}

/**
 * From so many spans on columns get memory for some times as many: the operating system gives it when it is first written to, and to copy what is there into
 * twice the room took a tenth of pairing while a table grew. Not for all that may ever be held: V8 counts it all, and lets so much more wait to be collected.
 */
const RESERVED_FROM = 1 << 15
const RESERVED = 4

function reserve(table: SpanTable, room: number): void {
  for (const column of COLUMNS) table[column] = copied(table[column], new Int32Array(room))
  for (const column of FLOAT_COLUMNS) table[column] = copied(table[column], new Float64Array(room))
}

function copied<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** Slots that a column names: those before `head` are now behind the others. */
function moveWrapped(slots: Int32Array, head: number, capacity: number): void {
  for (let at = head; at < head + capacity; at++) if (slots[at]! >= 0 && slots[at]! < head) slots[at] = slots[at]! + capacity
}
