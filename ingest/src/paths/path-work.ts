import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { EdgeKindId, edgeKindOf, Flag, Role, roleOf } from '../topology/span-flags.ts'
import { tupleId } from '../topology/tuple-index.ts'
import type { Arena } from './arena.ts'
import { createCriticalTime, type CriticalTime, walkBack } from './critical-time.ts'
import { type PathNames, placeId } from './path-names.ts'
import { createTally, type Tally } from './tally.ts'
import { createTraceColumns, gatherTrace, type TraceColumns } from './trace-columns.ts'

/** Everything that working out one trace needs; one for all traces of a worker. */
export interface PathWork {
  trace: TraceColumns
  path: CriticalTime
  /** Span of the trace → place on the path, −1 = not on it. */
  placeOf: Int32Array
  /** Path place → node that its call goes to, −1 = no call or nobody known; and how many spans answered it. */
  target: Int32Array
  answers: Int32Array
  /** Path place → its first child on the path and its next sibling, in the order of time; −1 = none. Set by who needs them, as is `order`. */
  firstBelow: Int32Array
  nextBeside: Int32Array
  /** Path places in some order. */
  order: Int32Array
  parts: Tally
  findings: Tally
}

/** Numbers of a part: own time, spans, errors, retries. Of a finding: time, count, saving. */
export const PartNumber = { timeNs: 0, count: 1, errors: 2, retries: 3 } as const
export const FindingNumber = { timeNs: 0, count: 1, savingNs: 2 } as const

export function createPathWork(): PathWork {
  return {
    ...{ trace: createTraceColumns(), path: createCriticalTime(), ...sized(0) },
    ...{ parts: createTally(4), findings: createTally(3) },
  }
}

function sized(capacity: number): Pick<PathWork, 'placeOf' | 'target' | 'answers' | 'firstBelow' | 'nextBeside' | 'order'> {
  const int = (): Int32Array => new Int32Array(capacity)
  return { placeOf: int(), target: int(), answers: int(), firstBelow: int(), nextBeside: int(), order: int() }
}

/** The trace of a list of spans, its critical path, and whom the calls on it go to. */
export function workOut(work: PathWork, names: PathNames, arena: Arena, list: { head: number; count: number }): void {
  const { trace, path } = work
  gatherTrace(trace, arena, list.head, list.count)
  walkBack(path, trace)
  if (work.placeOf.length < trace.size) Object.assign(work, sized(trace.capacity))
  work.placeOf.fill(-1, 0, trace.size)
  for (let place = 0; place < path.size; place++) {
    work.placeOf[path.span[place]!] = place
    findTarget(work, names, arena, place)
  }
}

function findTarget(work: PathWork, names: PathNames, arena: Arena, place: number): void {
  const { trace, path } = work
  const span = path.span[place]!
  work.target[place] = -1
  work.answers[place] = 0
  if (!isCall(trace.flags[span]!)) return
  const service = serviceNode(names, arena, trace.span[span]!)
  for (let at = trace.offsets[span]!; at < trace.offsets[span + 1]!; at++) {
    const child = trace.children[at]!
    const callee = serviceNode(names, arena, trace.span[child]!)
    if (roleOf(trace.flags[span]!) !== Role.client || ((trace.flags[child]! & Flag.kindMask) !== SpanKindNumber.server && callee === service)) continue
    if (work.answers[place] === 0) work.target[place] = callee
    work.answers[place] = work.answers[place]! + 1
  }
  if (work.answers[place] === 0) work.target[place] = arena.peer[trace.span[span]!]!
}

export function serviceNode(names: PathNames, arena: Arena, arenaSpan: number): number {
  return names.catalogue.instanceService[arena.instance[arenaSpan]!]!
}

/** A span that is a call to somewhere else: by a client, to a topic or from one. */
export function isCall(flags: number): boolean {
  return roleOf(flags) === Role.client || roleOf(flags) === Role.producer || (flags & Flag.kindMask) === SpanKindNumber.client
}

/** Has it a client span of its own service inside, which is the call then? */
export function hasInnerCall(work: PathWork, names: PathNames, arena: Arena, span: number): boolean {
  const { trace } = work
  const service = serviceNode(names, arena, trace.span[span]!)
  for (let at = trace.offsets[span]!; at < trace.offsets[span + 1]!; at++) {
    const child = trace.children[at]!
    if ((trace.flags[child]! & Flag.kindMask) === SpanKindNumber.client && serviceNode(names, arena, trace.span[child]!) === service) return true
  }
  return false
}

/** From the caller's attributes, and where they do not speak of a protocol, from the callee's: as the topology names edges. */
export function edgeKindAt(work: PathWork, place: number): number {
  const { trace, path } = work
  const span = path.span[place]!
  const kind = edgeKindOf(trace.flags[span]!)
  if (kind !== EdgeKindId.call || work.answers[place] === 0) return kind
  for (let at = trace.offsets[span]!; at < trace.offsets[span + 1]!; at++) {
    const flags = trace.flags[trace.children[at]!]!
    if ((flags & Flag.kindMask) === SpanKindNumber.server) return edgeKindOf(flags)
  }
  return kind
}

/** Whose time a place of the path is: service, release and operation. */
export function placeAt(work: PathWork, names: PathNames, arena: Arena, place: number): number {
  const span = work.trace.span[work.path.span[place]!]!
  return placeId(names, arena.instance[span]!, arena.operation[span]!)
}

/** A place of a node whose release does not matter. */
export function nodePlace(names: PathNames, node: number, operation: number): number {
  return tupleId(names.places, node, names.noText, operation)
}
