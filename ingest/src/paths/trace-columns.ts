import { Flag } from '../topology/span-flags.ts'
import { type Arena, NONE } from './arena.ts'

/**
 * One trace at a time, made dense: its spans as 0 … size − 1, newest first, with the index of each one's parent. The arrays are used
 * again for every trace, and hold one of `MAX_TRACE_SPANS`.
 */
export interface TraceColumns {
  size: number
  capacity: number
  /** Span → its place in the arena. */
  span: Int32Array
  startNs: Float64Array
  endNs: Float64Array
  /** Index, `Lineage.root` or `Lineage.lost`. */
  parent: Int32Array
  /** First 32 bits of the id as they are sorted, to order spans that nothing else does. */
  id0: Int32Array
  id1: Int32Array
  flags: Int32Array
  /** Children of span `s` are `children[offsets[s] … offsets[s + 1])`. */
  offsets: Int32Array
  children: Int32Array
  /** Open addressing from ids: index + 1. */
  slots: Int32Array
}

export const Lineage = { root: -1, lost: -2 } as const
/** A flag beside those of the topology, on spans of an arena: there is no parent id. */
export const NO_PARENT = 1 << 30
/** Spans of a trace beyond it are not looked at, and counted. */
export const MAX_TRACE_SPANS = 50_000
const INITIAL = 256

export function createTraceColumns(): TraceColumns {
  return sized(INITIAL)
}

function sized(capacity: number): TraceColumns {
  const int = (): Int32Array => new Int32Array(capacity)
  return {
    size: 0,
    capacity,
    span: int(),
    startNs: new Float64Array(capacity),
    endNs: new Float64Array(capacity),
    parent: int(),
    id0: int(),
    id1: int(),
    flags: int(),
    offsets: new Int32Array(capacity + 1),
    children: int(),
    slots: new Int32Array(capacity * 4),
  }
}

/** Fills the columns with the spans of a list of the arena, `count` of them or fewer. */
export function gatherTrace(trace: TraceColumns, arena: Arena, head: number, count: number): void {
  if (count > trace.capacity) Object.assign(trace, sized(1 << (32 - Math.clz32(count - 1))))
  let size = 0
  for (let span = head; span !== NONE && size < trace.capacity; span = arena.previous[span]!) {
    trace.span[size] = span
    const start = arena.startNs[span]!
    trace.startNs[size] = start
    trace.endNs[size] = start + arena.durationNs[span]!
    trace.id0[size] = arena.id0[span]!
    trace.id1[size] = arena.id1[span]!
    trace.flags[size] = arena.flags[span]!
    size++
  }
  trace.size = size
  findParents(trace, arena)
  listChildren(trace)
}

function findParents(trace: TraceColumns, arena: Arena): void {
  const { size, slots, id0, id1 } = trace
  const mask = (1 << (33 - Math.clz32(size))) - 1
  slots.fill(0, 0, mask + 1)
  for (let i = 0; i < size; i++) {
    let slot = slotOf(id0[i]!, id1[i]!) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = i + 1
  }
  for (let i = 0; i < size; i++) {
    if ((trace.flags[i]! & NO_PARENT) !== 0) {
      trace.parent[i] = Lineage.root
      continue
    }
    const span = trace.span[i]!
    const parent0 = arena.parent0[span]!
    const parent1 = arena.parent1[span]!
    let slot = slotOf(parent0, parent1) & mask
    while (slots[slot] !== 0 && (id0[slots[slot]! - 1] !== parent0 || id1[slots[slot]! - 1] !== parent1)) slot = (slot + 1) & mask
    trace.parent[i] = slots[slot] === 0 ? Lineage.lost : slots[slot]! - 1
  }
}

function slotOf(id0: number, id1: number): number {
  const h = Math.imul(id0, 0x9e3779b1) ^ Math.imul(id1, 0x85ebca77)
  return h ^ (h >>> 15)
}

function listChildren(trace: TraceColumns): void {
  const { size, offsets, children, parent } = trace
  offsets.fill(0, 0, size + 1)
  for (let i = 0; i < size; i++) if (parent[i]! >= 0) offsets[parent[i]!] = offsets[parent[i]!]! + 1
  let end = 0
  for (let i = 0; i < size; i++) {
    end += offsets[i]!
    offsets[i] = end
  }
  offsets[size] = end
  for (let i = size - 1; i >= 0; i--) {
    const of = parent[i]!
    if (of < 0) continue
    const place = offsets[of]! - 1
    offsets[of] = place
    children[place] = i
  }
}

/**
 * Of spans that start and end together, which comes first: the one with the lower id, as the store sorts them, so that a sum over traces
 * and the path of one trace follow the same span.
 */
export function idOrder(trace: TraceColumns, a: number, b: number): number {
  return swapped(trace.id0[a]!) - swapped(trace.id0[b]!) || swapped(trace.id1[a]!) - swapped(trace.id1[b]!)
}

/** The bytes of a little-endian word in the order in which texts are compared. */
function swapped(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0
}

export function isError(flags: number): boolean {
  return (flags & Flag.error) !== 0
}
