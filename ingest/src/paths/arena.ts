import { minuteOf } from '../topology/pairing.ts'
import { createSlotHash, firstPlace, growSlotHash, hashIds, nextPlace, putSlot, type SlotHash } from '../topology/slot-hash.ts'

export const HIGH_NS = 0x1_0000_0000
const NS_PER_US = 1000

/**
 * The traces of one partition whose lives end together, with their spans, in columns that only grow and go all at once: nothing is ever
 * taken out of the middle. Spans of a trace are a list, newest first, so that what a trace was when it was last closed is the same list
 * from a later place.
 */
export interface Arena {
  /** Log time at which all of it goes, in ms. */
  endMs: number
  traces: number
  traceCapacity: number
  tenant: Int32Array
  trace0: Int32Array
  trace1: Int32Array
  trace2: Int32Array
  trace3: Int32Array
  /** Log times of the first and the last span. */
  firstMs: Float64Array
  lastMs: Float64Array
  /** Newest span, and how many there are. */
  head: Int32Array
  count: Int32Array
  /** The newest span when the trace was last closed, NONE = not yet. */
  closedHead: Int32Array
  /** The next trace that is due in the same second; NONE ends the list, IDLE = in no list. */
  nextDue: Int32Array
  byTrace: SlotHash
  /** Traces by the second in which they may be due, modulo its length. */
  wheel: Int32Array
  /** The last second that was looked at. */
  second: number
  spans: number
  spanCapacity: number
  id0: Int32Array
  id1: Int32Array
  parent0: Int32Array
  parent1: Int32Array
  flags: Int32Array
  instance: Int32Array
  operation: Int32Array
  peer: Int32Array
  /** How many spans it stands for. */
  weight: Int32Array
  /** The span of the same trace that came before it. */
  previous: Int32Array
  /** Since `originHigh` × 2^32 ns; exact. */
  startNs: Float64Array
  durationNs: Float64Array
  /** High half of the start of the first span, −1 before it. */
  originHigh: number
  /** Bytes of the names of its spans. */
  nameBytes: number
}

/** Whose span it is, as it is read from a batch: little-endian words of the ids. */
export interface TraceKey {
  tenant: number
  trace0: number
  trace1: number
  trace2: number
  trace3: number
  id0: number
  id1: number
}

export const NONE = -1
export const IDLE = -2
const INITIAL = 64
/** More than the longest wait, so that a second has a place of its own. */
export const WHEEL_SECONDS = 128

export function createArena(endMs: number, second: number): Arena {
  const int = (): Int32Array => new Int32Array(INITIAL)
  const float = (): Float64Array => new Float64Array(INITIAL)
  return {
    endMs,
    traces: 0,
    traceCapacity: INITIAL,
    tenant: int(),
    trace0: int(),
    trace1: int(),
    trace2: int(),
    trace3: int(),
    firstMs: float(),
    lastMs: float(),
    head: int(),
    count: int(),
    closedHead: int(),
    nextDue: int(),
    byTrace: createSlotHash(INITIAL * 2),
    wheel: new Int32Array(WHEEL_SECONDS).fill(NONE),
    second,
    spans: 0,
    spanCapacity: INITIAL,
    id0: int(),
    id1: int(),
    parent0: int(),
    parent1: int(),
    flags: int(),
    instance: int(),
    operation: int(),
    peer: int(),
    weight: int(),
    previous: int(),
    startNs: float(),
    durationNs: float(),
    originHigh: -1,
    nameBytes: 0,
  }
}

/** An arena that is over, empty and used for another stretch: its memory need neither be got nor cleared again. */
export function emptyArena(arena: Arena, endMs: number, second: number): Arena {
  arena.byTrace.fill(0)
  arena.wheel.fill(NONE)
  return Object.assign(arena, { endMs, second, traces: 0, spans: 0, originHigh: -1, nameBytes: 0 })
}

const TRACE_INTS = ['tenant', 'trace0', 'trace1', 'trace2', 'trace3', 'head', 'count', 'closedHead', 'nextDue'] as const
const TRACE_FLOATS = ['firstMs', 'lastMs'] as const
const SPAN_INTS = ['id0', 'id1', 'parent0', 'parent1', 'flags', 'instance', 'operation', 'peer', 'weight', 'previous'] as const
const SPAN_FLOATS = ['startNs', 'durationNs'] as const

export function arenaBytes(arena: Arena): number {
  const ofTrace = TRACE_INTS.length * 4 + TRACE_FLOATS.length * 8 + 16
  return arena.traceCapacity * ofTrace + arena.spanCapacity * (SPAN_INTS.length * 4 + SPAN_FLOATS.length * 8)
}

/** The trace of a key, NONE when the arena has it not. */
export function findTrace(arena: Arena, key: TraceKey): number {
  const { byTrace } = arena
  const hash = traceHash(key)
  for (let place = firstPlace(hash, byTrace); byTrace[place] !== 0; place = nextPlace(place, byTrace)) {
    if (byTrace[place + 1] !== hash) continue
    const trace = byTrace[place]! - 1
    if (isTrace(arena, trace, key)) return trace
  }
  return NONE
}

export function isTrace(arena: Arena, trace: number, key: TraceKey): boolean {
  return (
    arena.trace3[trace] === key.trace3 &&
    arena.trace2[trace] === key.trace2 &&
    arena.trace1[trace] === key.trace1 &&
    arena.trace0[trace] === key.trace0 &&
    arena.tenant[trace] === key.tenant
  )
}

export function appendTrace(arena: Arena, key: TraceKey, nowMs: number): number {
  if (arena.traces === arena.traceCapacity) growTraces(arena)
  const trace = arena.traces++
  arena.tenant[trace] = key.tenant
  arena.trace0[trace] = key.trace0
  arena.trace1[trace] = key.trace1
  arena.trace2[trace] = key.trace2
  arena.trace3[trace] = key.trace3
  arena.firstMs[trace] = nowMs
  arena.lastMs[trace] = nowMs
  arena.head[trace] = NONE
  arena.count[trace] = 0
  arena.closedHead[trace] = NONE
  arena.nextDue[trace] = IDLE
  putSlot(arena.byTrace, traceHash(key), trace)
  return trace
}

/** A trace that is over is not found any more. */
export function loseTrace(arena: Arena, trace: number): void {
  arena.tenant[trace] = NONE
}

/** A new span of a trace, with nothing but its place. */
export function appendSpan(arena: Arena, trace: number): number {
  if (arena.spans === arena.spanCapacity) growSpans(arena)
  const span = arena.spans++
  arena.previous[span] = arena.head[trace]!
  arena.head[trace] = span
  arena.count[trace] = arena.count[trace]! + 1
  return span
}

/** Puts a trace where it is looked at in `second`. */
export function queueTrace(arena: Arena, trace: number, second: number): void {
  const place = second & (WHEEL_SECONDS - 1)
  arena.nextDue[trace] = arena.wheel[place]!
  arena.wheel[place] = trace
}

function traceHash({ trace0, trace1, trace2, trace3, tenant }: TraceKey): number {
  return hashIds(trace2 ^ Math.imul(tenant, 0x85ebca6b), trace3, trace0 ^ Math.imul(trace1, 0xc2b2ae35))
}

function growTraces(arena: Arena): void {
  const capacity = arena.traceCapacity * 2
  for (const column of TRACE_INTS) arena[column] = larger(arena[column], new Int32Array(capacity))
  for (const column of TRACE_FLOATS) arena[column] = larger(arena[column], new Float64Array(capacity))
  arena.byTrace = growSlotHash(arena.byTrace, 0, arena.traceCapacity)
  arena.traceCapacity = capacity
}

function growSpans(arena: Arena): void {
  const capacity = arena.spanCapacity * 2
  for (const column of SPAN_INTS) arena[column] = larger(arena[column], new Int32Array(capacity))
  for (const column of SPAN_FLOATS) arena[column] = larger(arena[column], new Float64Array(capacity))
  arena.spanCapacity = capacity
}

function larger<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** Minute in which a span of it starts. */
export function minuteAt(arena: Arena, span: number): number {
  return minuteOf((arena.originHigh * HIGH_NS + arena.startNs[span]!) / NS_PER_US)
}
