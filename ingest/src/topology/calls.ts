import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { clientIndex, edgeDetail, edgeIndex, instanceNote, NoteId, serviceNote } from './catalogue.ts'
import { EvidenceId, heldParent, kindOf, measureBits, Meta, minuteOf, type Pairing, serviceOf, waitNs, weightOf } from './pairing.ts'
import { addCount, cellOf } from './accumulator.ts'
import {
  countCall,
  countEndCall,
  countNote,
  edgeCell,
  EdgeCounter,
  EdgeHistogram,
  edgeHistogram,
  End,
  endPart,
  measureEdge,
  measureEnd,
  seeCall,
  seeTransit,
} from './rollup.ts'
import type { SeenCall } from './exemplar-table.ts'
import { EdgeKindId, edgeKindOf, Flag, Role, roleOf } from './span-flags.ts'
import { GONE, NONE, Parent } from './span-columns.ts'
import { addViewer, hasViewer } from './viewers.ts'

/**
 * What a held span has counted: `up`, the call to it (from its parent, a user or a topic), and `out`, the call by it as a client or
 * producer. Both are functions of the span and what is known of its neighbours. `refreshUp` and `refreshOut` work them out anew and,
 * when they differ from what was counted, take that back and count the new: the same for a first count and for a correction.
 */

/** A correction this much later in log time than the first count is noted. */
const LATE_MS = 60_000

export function refreshUp(pairing: Pairing, span: number): void {
  const { spans, draft } = pairing
  draftUp(pairing, span)
  const group = spans.upGroup[span]!
  if (group === draft.group && (group === NONE || isCounted(pairing, span))) return
  const old = spans.upMeta[span]!
  const moved = group !== draft.group || spans.upMinute[span] !== draft.minute || ((old ^ draft.meta) & Meta.note) !== 0
  if (group !== NONE) {
    applyUp(pairing, span, -1)
    if (moved) noteLate(pairing, span, spans.upMinute[span]!)
  }
  spans.upGroup[span] = draft.group
  spans.upMinute[span] = draft.minute
  spans.upMeta[span] = draft.meta
  spans.upWeight[span] = draft.weight
  spans.upSource[span] = draft.source
  if (draft.group === NONE) return
  applyUp(pairing, span, 1)
  if ((draft.meta & Meta.note) !== 0) return
  if (moved) seeUp(pairing, span)
  else if (draft.meta >> Meta.measureShift > old >> Meta.measureShift) seeUpTransit(pairing, span)
}

function isCounted({ spans, draft }: Pairing, span: number): boolean {
  if (spans.upMinute[span] !== draft.minute || spans.upMeta[span] !== draft.meta) return false
  return spans.upWeight[span] === draft.weight && spans.upSource[span] === draft.source
}

export function refreshOut(pairing: Pairing, span: number): void {
  const { spans, draft } = pairing
  if (spans.firstPartner[span] === GONE) return
  draftOut(pairing, span)
  const group = spans.outGroup[span]!
  if (group === draft.group && (group === NONE || spans.outMeta[span] === draft.meta)) return
  const old = spans.outMeta[span]!
  if (group !== NONE) {
    applyOut(pairing, span, -1)
    if ((old & (Meta.call | Meta.note)) !== 0) noteLate(pairing, span, minuteOf(spans.startUs[span]!))
  }
  spans.outGroup[span] = draft.group
  spans.outMeta[span] = draft.meta
  if (draft.group === NONE) return
  applyOut(pairing, span, 1)
  if ((draft.meta & Meta.call) !== 0 && (draft.meta & Meta.waits) === 0) seeOut(pairing, span)
}

/** Writes the first and last seen and exemplar of a call by `span`, which nothing takes back any more. */
export function seeOut(pairing: Pairing, span: number): void {
  const { spans } = pairing
  const call = { edge: spans.outGroup[span]!, minute: minuteOf(spans.startUs[span]!), shown: span, source: span, meta: spans.outMeta[span]! }
  see(pairing, call)
  addViewer(pairing, span, call)
}

function seeUp(pairing: Pairing, span: number): void {
  const { spans } = pairing
  const call = shownUp(pairing, span)
  see(pairing, call)
  const parent = heldParent(spans, span)
  addViewer(pairing, parent >= 0 && !hasViewer(spans, span) ? parent : span, call)
}

/** Its other side came later, so that how long it was on its way is known only now. */
function seeUpTransit(pairing: Pairing, span: number): void {
  const call = shownUp(pairing, span)
  if (pairing.rollup.emitting) seeTransit(pairing.rollup, call.edge, call.minute, seenCall(pairing, call))
}

/** A call as it is shown: by the span `shown`, made by `source` (−1 = not known). */
interface ShownCall {
  edge: number
  minute: number
  shown: number
  source: number
  meta: number
}

function shownUp({ spans }: Pairing, span: number): ShownCall {
  const meta = spans.upMeta[span]!
  const parent = heldParent(spans, span)
  const source = parent >= 0 && (meta & Meta.evidenceMask) !== EvidenceId.topic ? parent : -1
  const shown = (meta & Meta.evidenceMask) === EvidenceId.paired ? parent : span
  return { edge: spans.upGroup[span]!, minute: spans.upMinute[span]!, shown, source, meta }
}

function see(pairing: Pairing, call: ShownCall): void {
  if (pairing.rollup.emitting) seeCall(pairing.rollup, call.edge, call.minute, seenCall(pairing, call))
}

export function seenCall({ spans }: Pairing, { shown, source, meta }: Pick<ShownCall, 'shown' | 'source' | 'meta'>): SeenCall {
  return {
    startMs: spans.startUs[source >= 0 ? source : shown]! / 1000,
    durationNs: spans.durationNs[shown]!,
    trace0: spans.trace0[shown]!,
    trace1: spans.trace1[shown]!,
    trace2: spans.trace2[shown]!,
    trace3: spans.trace3[shown]!,
    id0: spans.id0[shown]!,
    id1: spans.id1[shown]!,
    sourceOperation: source >= 0 ? spans.operation[source]! : -1,
    error: (meta & Meta.error) !== 0,
    transit: meta >> Meta.measureShift,
  }
}

function draftUp(pairing: Pairing, span: number): void {
  const { spans, draft, catalogue } = pairing
  const flags = spans.flags[span]!
  draft.group = NONE
  draft.source = NONE
  draft.weight = weightOf(spans, span)
  if (roleOf(flags) === Role.consumer) return draftConsume(pairing, span)
  const parent = heldParent(spans, span)
  if (parent >= 0) return draftCall(pairing, parent, span)
  if (kindOf(flags) !== SpanKindNumber.server) return
  draft.minute = minuteOf(spans.startUs[span]!)
  if (spans.parent[span] !== Parent.root) {
    draft.group = serviceNote(catalogue, spans.instance[span]!, NoteId.halfEdges)
    draft.meta = Meta.note
    return
  }
  const target = serviceOf(pairing, span)
  draft.group = edgeIndex(catalogue, clientIndex(catalogue, target), target, edgeDetail(spans.operation[span]!, edgeKindOf(flags)))
  draft.meta = EvidenceId.serverOnly | Meta.call | (flags & Flag.error)
}

/** A call between two held spans: client → server, or parent and child in two services. */
function draftCall(pairing: Pairing, caller: number, callee: number): void {
  const { spans, draft, catalogue } = pairing
  const callerFlags = spans.flags[caller]!
  const calleeFlags = spans.flags[callee]!
  const source = serviceOf(pairing, caller)
  const target = serviceOf(pairing, callee)
  const byClient = roleOf(callerFlags) === Role.client
  const pairs = byClient && kindOf(calleeFlags) === SpanKindNumber.server
  if (!pairs && source === target) return
  draft.group = edgeIndex(catalogue, source, target, edgeDetail(spans.operation[callee]!, callKind(callerFlags, calleeFlags)))
  draft.minute = minuteOf(spans.startUs[caller]!)
  draft.weight = spans.weight[caller]! || weightOf(spans, callee)
  draft.source = spans.instance[caller]!
  draft.meta = (pairs ? EvidenceId.paired : EvidenceId.parentChild) | Meta.call | (calleeFlags & Flag.error) | (byClient ? callerFlags & Flag.error : 0)
  if (pairs && spans.servers[caller] === 1) draft.meta |= measureBits(spans.durationNs[caller]! - spans.durationNs[callee]!)
}

/** From the caller's attributes where they speak of this call, else from a server's. */
function callKind(caller: number, callee: number): number {
  const speaks = roleOf(caller) === Role.client || kindOf(caller) <= SpanKindNumber.internal
  const kind = speaks ? edgeKindOf(caller) : EdgeKindId.call
  return kind === EdgeKindId.call && kindOf(callee) === SpanKindNumber.server ? edgeKindOf(callee) : kind
}

/** topic → consumer, with the wait since its producer when that is its parent. */
function draftConsume(pairing: Pairing, span: number): void {
  const { spans, draft, catalogue } = pairing
  const flags = spans.flags[span]!
  if ((flags & Flag.processed) !== 0) return
  const parent = heldParent(spans, span)
  const producer = parent >= 0 && roleOf(spans.flags[parent]!) === Role.producer ? parent : -1
  const topic = spans.peer[span]! < 0 && producer >= 0 ? spans.peer[producer]! : spans.peer[span]!
  draft.minute = minuteOf(spans.startUs[span]!)
  if (topic < 0) {
    draft.group = serviceNote(catalogue, spans.instance[span]!, NoteId.unnamedPeers)
    draft.meta = Meta.note
    return
  }
  draft.group = edgeIndex(catalogue, topic, serviceOf(pairing, span), edgeDetail(spans.operation[span]!, EdgeKindId.consume))
  draft.meta = EvidenceId.topic | Meta.call | (flags & Flag.error) | (producer >= 0 ? measureBits(waitNs(spans, producer, span)) : 0)
}

function draftOut(pairing: Pairing, span: number): void {
  const { spans, draft, catalogue } = pairing
  const flags = spans.flags[span]!
  const role = roleOf(flags)
  draft.group = NONE
  if (role === Role.client && spans.partners[span]! > 0) {
    const partner = spans.firstPartner[span]!
    const kind = callKind(flags, spans.flags[partner]!)
    draft.group = edgeIndex(catalogue, serviceOf(pairing, span), serviceOf(pairing, partner), edgeDetail(spans.operation[partner]!, kind))
    draft.meta = 0
    return
  }
  if (role === Role.client ? !isOwnCall(flags) : role !== Role.producer || (flags & Flag.inSend) !== 0) return
  const target = spans.peer[span]!
  if (target < 0) {
    draft.group = serviceNote(catalogue, spans.instance[span]!, NoteId.unnamedPeers)
    draft.meta = Meta.note
    return
  }
  draft.group = edgeIndex(catalogue, serviceOf(pairing, span), target, edgeDetail(spans.operation[span]!, edgeKindOf(flags)))
  const known = role === Role.producer || (flags & Flag.store) !== 0
  draft.meta = (role === Role.producer ? EvidenceId.topic : EvidenceId.clientOnly) | Meta.call | (flags & Flag.error) | (known ? 0 : Meta.waits)
}

/** Of client spans inside each other: the outermost to a store, else the innermost, unless another one has a partner. */
function isOwnCall(flags: number): boolean {
  return (flags & (Flag.covered | Flag.inner)) === 0 && ((flags & Flag.store) !== 0 || (flags & Flag.nested) === 0)
}

function applyUp(pairing: Pairing, span: number, sign: number): void {
  const { spans, rollup } = pairing
  if (!rollup.emitting) return
  const group = spans.upGroup[span]!
  const minute = spans.upMinute[span]!
  const meta = spans.upMeta[span]!
  if ((meta & Meta.note) !== 0) return countNote(rollup, group, minute, sign)
  const weight = spans.upWeight[span]! * sign
  const cell = edgeCell(rollup, group, minute)
  countCall(rollup, cell, weight, meta & Meta.evidenceMask)
  const error = (meta & Meta.error) !== 0
  if (error) addCount(rollup.edges, cell, EdgeCounter.errors, weight)
  measureEdge(rollup, edgeHistogram(cell, EdgeHistogram.server), spans.bucket[span]!, weight)
  if (spans.upWeight[span]! > 1) countNote(rollup, serviceNote(pairing.catalogue, spans.instance[span]!, NoteId.sampled), minute, sign)
  const target = cellOf(rollup.ends, group, minute, endPart(spans.instance[span]!, End.target))
  countEndCall(rollup, target, weight, error)
  measureEnd(rollup, target, spans.bucket[span]!, weight)
  if (spans.upSource[span]! >= 0) countEndCall(rollup, cellOf(rollup.ends, group, minute, endPart(spans.upSource[span]!, End.source)), weight, error)
  const measure = meta >> Meta.measureShift
  const byTopic = (meta & Meta.evidenceMask) === EvidenceId.topic
  if (measure > 0) measureEdge(rollup, edgeHistogram(cell, byTopic ? EdgeHistogram.queueWait : EdgeHistogram.network), measure - 2, weight)
  if ((meta & Meta.skewed) !== 0) countNote(rollup, instanceNote(pairing.catalogue, spans.instance[span]!, NoteId.skewedHosts), minute, sign)
}

function applyOut(pairing: Pairing, span: number, sign: number): void {
  const { spans, rollup } = pairing
  if (!rollup.emitting) return
  const group = spans.outGroup[span]!
  const minute = minuteOf(spans.startUs[span]!)
  const meta = spans.outMeta[span]!
  if ((meta & Meta.note) !== 0) return countNote(rollup, group, minute, sign)
  const weight = weightOf(spans, span) * sign
  const cell = edgeCell(rollup, group, minute)
  const source = cellOf(rollup.ends, group, minute, endPart(spans.instance[span]!, End.source))
  measureEdge(rollup, edgeHistogram(cell, EdgeHistogram.client), spans.bucket[span]!, weight)
  measureEnd(rollup, source, spans.bucket[span]!, weight)
  if ((meta & Meta.call) === 0) return
  countCall(rollup, cell, weight, meta & Meta.evidenceMask)
  const error = (meta & Meta.error) !== 0
  if (error) addCount(rollup.edges, cell, EdgeCounter.errors, weight)
  countEndCall(rollup, source, weight, error)
  if (spans.weight[span]! > 1) countNote(rollup, serviceNote(pairing.catalogue, spans.instance[span]!, NoteId.sampled), minute, sign)
}

function noteLate(pairing: Pairing, span: number, minute: number): void {
  const { spans, rollup, catalogue } = pairing
  if (pairing.restoring || ((spans.flags[span]! & Flag.restored) === 0 && pairing.logTimeMs - spans.arrivedMs[span]! < LATE_MS)) return
  countNote(rollup, serviceNote(catalogue, spans.instance[span]!, NoteId.lateCorrections), minute, 1)
}
