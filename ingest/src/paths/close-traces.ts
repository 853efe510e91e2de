import { type Arena, IDLE, minuteAt, NONE, queueTrace, WHEEL_SECONDS } from './arena.ts'
import { type Counting, countPathNote, countTrace, PathNoteId } from './count-trace.ts'
import type { PathDeltas } from './encode-paths.ts'
import { placeId } from './path-names.ts'
import type { PathWork } from './path-work.ts'

const QUIET_MS = 5000
const LONGEST_MS = 60_000
const PIECE_TRACES = 64

interface CloseState {
  emitting: boolean
  /** End of lives → names and sums of the traces that end then. */
  stretches: ReadonlyMap<number, PathDeltas>
  work: PathWork
}

/** Closes what is due by a second of log time. */
export function closeDue(state: CloseState, arena: Arena, nowSecond: number): void {
  const first = Math.max(arena.second + 1, nowSecond - WHEEL_SECONDS + 1)
  arena.second = nowSecond
  for (let second = first; second <= nowSecond; second++) {
    const place = second & (WHEEL_SECONDS - 1)
    let trace = arena.wheel[place]!
    arena.wheel[place] = NONE
    while (trace !== NONE) trace = closeSome(state, arena, trace, nowSecond)
  }
}

/** Closes a piece of a list of traces, or queues again those that are not due yet, and returns the next trace (see `inPieces`). */
function closeSome(state: CloseState, arena: Arena, first: number, nowSecond: number): number {
  let trace = first
  for (let piece = 0; piece < PIECE_TRACES && trace !== NONE; piece++) {
    const next = arena.nextDue[trace]!
    const due = dueSecond(arena, trace)
    if (due > nowSecond) queueTrace(arena, trace, due)
    else closeTrace(state, arena, trace)
    trace = next
  }
  return trace
}

/** The second in which a trace is closed unless another span comes; the first time it does not wait for ever. */
export function dueSecond(arena: Arena, trace: number): number {
  const quietMs = arena.lastMs[trace]! + QUIET_MS
  const dueMs = arena.closedHead[trace] === NONE ? Math.min(quietMs, arena.firstMs[trace]! + LONGEST_MS) : quietMs
  return Math.ceil(Math.min(dueMs, arena.endMs) / 1000)
}

function closeTrace(state: CloseState, arena: Arena, trace: number): void {
  arena.nextDue[trace] = IDLE
  const head = arena.head[trace]!
  const closed = arena.closedHead[trace]!
  if (head === closed) return
  arena.closedHead[trace] = head
  if (!state.emitting) return
  const { names, rollup } = state.stretches.get(arena.endMs)!
  const counting: Counting = { work: state.work, names, rollup, arena }
  const count = arena.count[trace]!
  if (closed !== NONE) countTrace(counting, trace, { head: closed, count }, -1)
  countTrace(counting, trace, { head, count }, 1)
  if (closed !== NONE) noteReopened(counting, head)
}

function noteReopened(counting: Counting, span: number): void {
  const { arena, names } = counting
  countPathNote(counting, { entry: placeId(names, arena.instance[span]!, names.noText), note: PathNoteId.reopened, minute: minuteAt(arena, span), sign: 1 })
}
