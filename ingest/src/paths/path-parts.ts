import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { PATH_PARTS, type PathPart } from '@skein/schemas/path'
import { EdgeKindId, Flag, Role, roleOf } from '../topology/span-flags.ts'
import { tupleId } from '../topology/tuple-index.ts'
import type { Arena } from './arena.ts'
import type { PathNames } from './path-names.ts'
import { edgeKindAt, hasInnerCall, isCall, nodePlace, PartNumber, type PathWork, placeAt, serviceNode } from './path-work.ts'
import { addNumber, entryOf, seeSpan } from './tally.ts'
import { isError } from './trace-columns.ts'

/** How a contributor is split further: part, kind of edge, and whether the edge leads to its node instead of from it. */
export function packPart(part: number, edgeKind: number, inwards: boolean): number {
  return part | (edgeKind << 3) | (inwards ? 1 << 6 : 0)
}

export function unpackPart(packed: number): { part: PathPart; edgeKind: number; inwards: boolean } {
  return { part: PATH_PARTS[packed & 7]!, edgeKind: (packed >> 3) & 7, inwards: packed >> 6 === 1 }
}

const PART = Object.fromEntries(PATH_PARTS.map((part, at) => [part, at])) as Record<PathPart, number>
/** Queues of one trace that are looked at; time in more of them stays with who waited. */
const MAX_QUEUES = 64

/** The own time of each span on the path, by whose it is and what kind of time. */
export function tallyParts(work: PathWork, names: PathNames, arena: Arena): void {
  takeQueueWaits(work, names, arena)
  const { path, trace } = work
  for (let place = 0; place < path.size; place++) {
    const selfNs = path.selfNs[place]!
    const span = path.span[place]!
    const failed = isError(trace.flags[span]!)
    if (selfNs <= 0 && !failed) continue
    const whose = placeAt(work, names, arena, place)
    const packed = partOf(work, names, arena, place)
    const target = packed === PART.service ? -1 : work.target[place]!
    const entry = entryOf(work.parts, tupleId(names.contributors, whose, target, packed))
    addNumber(work.parts, entry, PartNumber.timeNs, selfNs)
    addNumber(work.parts, entry, PartNumber.count, 1)
    if (failed) addNumber(work.parts, entry, PartNumber.errors, 1)
    seeSpan(work.parts, entry, span, selfNs)
  }
}

/** The contributor of a call on the path, to which its retries count too. */
export function contributorAt(work: PathWork, names: PathNames, arena: Arena, place: number): number {
  return tupleId(names.contributors, placeAt(work, names, arena, place), work.target[place]!, partOf(work, names, arena, place))
}

function partOf(work: PathWork, names: PathNames, arena: Arena, place: number): number {
  const flags = work.trace.flags[work.path.span[place]!]!
  if (!isCall(flags)) return PART.service
  const answers = work.answers[place]!
  if (answers === 1) return packPart(PART.network, edgeKindAt(work, place), false)
  if (answers === 0 && hasInnerCall(work, names, arena, work.path.span[place]!)) return PART.service
  const receives = roleOf(flags) === Role.consumer
  return packPart(PART.clientWait, receives ? EdgeKindId.consume : edgeKindAt(work, place), receives)
}

/**
 * Producer end → consumer start, as far as the span that waits has nothing else on the path: that time is taken from it and given to the
 * queue. It waits when it ends after the consumer. Each stretch counts for one queue at most.
 */
function takeQueueWaits(work: PathWork, names: PathNames, arena: Arena): void {
  const { trace } = work
  let queues = 0
  for (let consumer = 0; consumer < trace.size && queues < MAX_QUEUES; consumer++) {
    const waiting = waitingPlace(work, consumer)
    if (waiting < 0) continue
    const producer = trace.parent[consumer]!
    const waitNs = takeTime(work, waiting, trace.endNs[producer]!, trace.startNs[consumer]!)
    if (waitNs <= 0) continue
    queues++
    const entry = entryOf(work.parts, queueContributor(names, arena, trace.span[producer]!, trace.span[consumer]!))
    addNumber(work.parts, entry, PartNumber.timeNs, waitNs)
    addNumber(work.parts, entry, PartNumber.count, 1)
    seeSpan(work.parts, entry, consumer, waitNs)
  }
}

/** The place on the path of the span that sent what a consumer takes, and waits for it; −1 = nobody does. */
function waitingPlace({ trace, placeOf }: PathWork, consumer: number): number {
  const producer = trace.parent[consumer]!
  if ((trace.flags[consumer]! & Flag.kindMask) !== SpanKindNumber.consumer || producer < 0 || roleOf(trace.flags[producer]!) !== Role.producer) return -1
  const waiting = trace.parent[producer]!
  return waiting < 0 || trace.endNs[consumer]! > trace.endNs[waiting]! ? -1 : placeOf[waiting]!
}

/** The topic that either of them names, on its edge to the consumer. */
function queueContributor(names: PathNames, arena: Arena, producer: number, consumer: number): number {
  const service = serviceNode(names, arena, consumer)
  const topic = arena.peer[consumer]! >= 0 ? arena.peer[consumer]! : arena.peer[producer]!
  const whose = nodePlace(names, topic >= 0 ? topic : service, arena.operation[consumer]!)
  return tupleId(names.contributors, whose, topic >= 0 ? service : -1, packPart(PART.queueWait, EdgeKindId.consume, false))
}

/** Takes own time of a place between two times; what of the stretch lies after is not taken again. */
function takeTime(work: PathWork, place: number, fromNs: number, toNs: number): number {
  const { path } = work
  let takenNs = 0
  for (let section = 0; section < path.sections; section++) {
    if (path.sectionPlace[section] !== place) continue
    const from = Math.max(fromNs, path.sectionFromNs[section]!)
    const to = Math.min(toNs, path.sectionToNs[section]!)
    if (to <= from) continue
    takenNs += to - from
    path.sectionToNs[section] = from
  }
  path.selfNs[place] = path.selfNs[place]! - takenNs
  return takenNs
}
