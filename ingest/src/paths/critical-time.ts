import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { Flag } from '../topology/span-flags.ts'
import { idOrder, Lineage, type TraceColumns } from './trace-columns.ts'

/**
 * What a trace waited for, by the definition of `@skein/schemas/critical-path`, on columns that are used again: the spans on the path in
 * the order in which the walk from the end meets them, each with what of it was waited for and how much of that was its own.
 */
export interface CriticalTime {
  /** Index of the root, −1 for an empty trace. */
  root: number
  size: number
  capacity: number
  /** Path place → span, place of its parent on the path (−1 of the root), the stretch that was waited for, own time in ns. */
  span: Int32Array
  parent: Int32Array
  fromNs: Float64Array
  toNs: Float64Array
  selfNs: Float64Array
  /** The walk's own: where each place stands. */
  cursorNs: Float64Array
  next: Int32Array
  /** The stretches of own time, newest first: place and both ends. */
  sections: number
  sectionPlace: Int32Array
  sectionFromNs: Float64Array
  sectionToNs: Float64Array
}

const INITIAL = 256
/** Up to here children are sorted by insertion. */
const FEW = 24

export function createCriticalTime(): CriticalTime {
  return sized(INITIAL)
}

function sized(capacity: number): CriticalTime {
  const int = (): Int32Array => new Int32Array(capacity)
  const float = (): Float64Array => new Float64Array(capacity)
  return {
    ...{ root: -1, size: 0, capacity, span: int(), parent: int(), fromNs: float(), toNs: float(), selfNs: float(), cursorNs: float(), next: int() },
    ...{ sections: 0, sectionPlace: new Int32Array(capacity * 2), sectionFromNs: new Float64Array(capacity * 2), sectionToNs: new Float64Array(capacity * 2) },
  }
}

/** Children of spans on the path are left in the order in which the walk asked them. */
export function walkBack(path: CriticalTime, trace: TraceColumns): void {
  if (trace.size > path.capacity) Object.assign(path, sized(trace.capacity))
  path.size = 0
  path.sections = 0
  path.root = rootOf(trace)
  if (path.root < 0) return
  let place = push(path, trace, { span: path.root, parent: -1, fromNs: trace.startNs[path.root]!, toNs: trace.endNs[path.root]! })
  while (place >= 0) {
    const child = nextOnPath(path, trace, place)
    const fromNs = path.fromNs[place]!
    const toNs = child < 0 ? fromNs : Math.min(trace.endNs[child]!, path.toNs[place]!)
    if (toNs < path.cursorNs[place]!) addSection(path, place, toNs)
    if (child < 0) {
      place = path.parent[place]!
      continue
    }
    const cursor = Math.max(trace.startNs[child]!, fromNs)
    path.cursorNs[place] = cursor
    place = push(path, trace, { span: child, parent: place, fromNs: cursor, toNs })
  }
}

function push(path: CriticalTime, trace: TraceColumns, on: { span: number; parent: number; fromNs: number; toNs: number }): number {
  const place = path.size++
  const { span, fromNs, toNs } = on
  path.span[place] = span
  path.parent[place] = on.parent
  path.fromNs[place] = fromNs
  path.toNs[place] = toNs
  path.cursorNs[place] = toNs
  path.selfNs[place] = 0
  path.next[place] = trace.offsets[span]!
  if (trace.offsets[span + 1]! - trace.offsets[span]! > 1) sortChildren(trace, span, fromNs, toNs)
  return place
}

function addSection(path: CriticalTime, place: number, fromNs: number): void {
  const toNs = path.cursorNs[place]!
  path.selfNs[place] = path.selfNs[place]! + toNs - fromNs
  path.sectionPlace[path.sections] = place
  path.sectionFromNs[path.sections] = fromNs
  path.sectionToNs[path.sections++] = toNs
}

/** The child that finished last before the cursor, −1 when there is none. */
function nextOnPath(path: CriticalTime, trace: TraceColumns, place: number): number {
  const { startNs, endNs, children, offsets } = trace
  const span = path.span[place]!
  const last = offsets[span + 1]!
  const fromNs = path.fromNs[place]!
  const toNs = path.toNs[place]!
  const cursorNs = path.cursorNs[place]!
  while (path.next[place]! < last) {
    const child = children[path.next[place]!]!
    path.next[place] = path.next[place]! + 1
    const end = Math.min(endNs[child]!, toNs)
    if (child === path.root || end > cursorNs || end <= Math.max(startNs[child]!, fromNs)) continue
    if ((trace.flags[child]! & Flag.kindMask) !== SpanKindNumber.consumer || endNs[child]! <= endNs[span]!) return child
  }
  return -1
}

/** A root before one whose parent is lost before what hangs on a cycle; then the longest, the earliest, the lower id. */
function rootOf(trace: TraceColumns): number {
  let best = trace.size === 0 ? -1 : 0
  for (let i = 1; i < trace.size; i++) if (rootOrder(trace, i, best) < 0) best = i
  return best
}

function rootOrder(trace: TraceColumns, a: number, b: number): number {
  const { startNs, endNs } = trace
  return rankOf(trace, a) - rankOf(trace, b) || endNs[b]! - startNs[b]! - (endNs[a]! - startNs[a]!) || startNs[a]! - startNs[b]! || idOrder(trace, a, b)
}

function rankOf(trace: TraceColumns, span: number): number {
  const parent = trace.parent[span]!
  return parent === Lineage.root ? 0 : parent === Lineage.lost ? 1 : 2
}

function sortChildren(trace: TraceColumns, span: number, fromNs: number, toNs: number): void {
  const { children, startNs, endNs } = trace
  const first = trace.offsets[span]!
  const last = trace.offsets[span + 1]!
  const order = (a: number, b: number): number =>
    Math.min(endNs[b]!, toNs) - Math.min(endNs[a]!, toNs) ||
    Math.max(startNs[a]!, fromNs) - Math.max(startNs[b]!, fromNs) ||
    startNs[a]! - startNs[b]! ||
    idOrder(trace, a, b)
  if (last - first > FEW) {
    children.subarray(first, last).sort(order)
    return
  }
  for (let i = first + 1; i < last; i++) {
    const child = children[i]!
    let to = i
    while (to > first && order(children[to - 1]!, child) > 0) {
      children[to] = children[to - 1]!
      to--
    }
    children[to] = child
  }
}
