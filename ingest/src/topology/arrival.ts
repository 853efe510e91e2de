import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import type { SpanBatch } from '../decode/span-batch.ts'
import { refreshOut, refreshUp, seeOut } from './calls.ts'
import { NoteId, serviceNote } from './catalogue.ts'
import { addLinks, dropLinksOf, moveLinks, resolveLinksTo, takeBackLinks } from './links.ts'
import { heldParent, isNested, kindOf, Meta, minuteOf, type Pairing, serviceOf, weightOf } from './pairing.ts'
import { countNote, countServed } from './rollup.ts'
import { cellOf } from './accumulator.ts'
import { Flag, Role, roleOf } from './span-flags.ts'
import { GONE, NONE, Parent } from './span-columns.ts'
import { adopt, dropOldest, firstWaiting, leaveFamily, leaveSiblings, takeWaiting, waitForParent } from './span-table.ts'
import { tupleId } from './tuple-index.ts'
import { spreadViewer } from './viewers.ts'

/**
 * A span joins those held: it learns its parent and children, they learn of it, and the calls of all that learnt something are
 * worked out anew. What spans learn only ever grows, so that the order of arrival does not matter.
 */
export function joinSpan(pairing: Pairing, span: number, parent: number): void {
  const { spans, key } = pairing
  takeWaiting(spans, span, key, pairing.restoring)
  if (parent >= 0) adopt(spans, parent, span)
  else if (spans.parent[span] !== Parent.root) waitForParent(spans, span)
  noteRoot(pairing, span)
  if (parent >= 0) relate(pairing, parent, span)
  for (let child = spans.firstChild[span]!; child >= 0; child = spans.nextSibling[child]!) relate(pairing, span, child)
  if ((spans.flags[span]! & Flag.copy) !== 0) return
  refreshOut(pairing, span)
  refreshUp(pairing, span)
  countOwnService(pairing, span)
  const caller = heldParent(spans, span)
  if (caller >= 0) refreshCaller(pairing, caller, span)
  for (let child = spans.firstChild[span]!; child >= 0; child = spans.nextSibling[child]!) {
    if ((spans.flags[child]! & Flag.copy) !== 0) continue
    refreshUp(pairing, child)
    countOwnService(pairing, child)
  }
  spreadViewer(pairing, span)
}

/** A span that came back from the store meets those that had waited for it in vain. */
export function meetWaiting(pairing: Pairing, span: number): void {
  const { spans, key } = pairing
  for (let child = firstWaiting(spans, key); child >= 0; ) {
    const next = spans.nextSibling[child]!
    if (child !== span && spans.parent[child] === Parent.waiting) meetParent(pairing, span, child)
    child = next
  }
  spreadViewer(pairing, span)
  resolveLinksTo(pairing, span, key)
}

function meetParent(pairing: Pairing, parent: number, child: number): void {
  const { spans } = pairing
  leaveSiblings(spans, child, Parent.waiting)
  adopt(spans, parent, child)
  relate(pairing, parent, child)
  if ((spans.flags[child]! & Flag.copy) !== 0) return
  refreshUp(pairing, child)
  countOwnService(pairing, child)
  refreshCaller(pairing, parent, child)
}

/** The links of a span, and those to it. */
export function joinLinks(pairing: Pairing, span: number, batch: SpanBatch, row: number): void {
  if (batch.linkTo[row]! > batch.linkFrom[row]! && pairing.spans.links[span]! < 0) addLinks(pairing, span, batch, row)
  if ((pairing.spans.flags[span]! & Flag.copy) === 0) resolveLinksTo(pairing, span, pairing.key)
}

/** Puts the span itself where its marked copy was; what the copy's links counted stays. */
export function replaceCopy(pairing: Pairing, copy: number, span: number): void {
  const { spans } = pairing
  moveLinks(pairing, copy, span)
  for (let child = spans.firstChild[copy]!; child >= 0; ) {
    const next = spans.nextSibling[child]!
    waitForParent(spans, child)
    child = next
  }
  spans.firstChild[copy] = NONE
  leaveFamily(spans, copy)
  spans.flags[span] = spans.flags[span]! | (spans.flags[copy]! & Flag.linkedProcess)
}

/** Lets the oldest span go. What it counted stays. */
export function dropOldestSpan(pairing: Pairing): void {
  const { spans } = pairing
  const span = spans.head
  if (spans.outGroup[span]! >= 0 && (spans.outMeta[span]! & (Meta.waits | Meta.call)) === (Meta.waits | Meta.call)) seeOut(pairing, span)
  dropLinksOf(pairing, span)
  dropOldest(spans, (spans.flags[span]! & Flag.copy) === 0 ? Parent.gone : Parent.waiting)
  if (pairing.checked > 0) pairing.checked--
}

/** Parent and child learn of each other. */
function relate(pairing: Pairing, parent: number, child: number): void {
  const { flags } = pairing.spans
  const outer = flags[parent]!
  const inner = flags[child]!
  const foreign = serviceOf(pairing, parent) !== serviceOf(pairing, child)
  if (!foreign && roleOf(outer) >= Role.producer) relateMessages(pairing, parent, child)
  if (((outer | inner) & Flag.copy) !== 0) return
  if ((outer & Flag.hasChild) === 0) haveChild(pairing, parent)
  if (roleOf(outer) === Role.client && (kindOf(inner) === SpanKindNumber.server || (foreign && roleOf(inner) !== Role.consumer)))
    addPartner(pairing, parent, child)
  if (!foreign && kindOf(outer) === SpanKindNumber.client && isNested(pairing, parent, child)) nest(pairing, parent, child)
}

function haveChild(pairing: Pairing, span: number): void {
  const { flags } = pairing.spans
  if (isLoneCall(pairing, span)) noteNoParent(pairing, span, -1)
  flags[span] = flags[span]! | Flag.hasChild
}

/** A `create` inside a send and a `receive` around a `process` are no messages of their own. */
function relateMessages(pairing: Pairing, parent: number, child: number): void {
  const { flags } = pairing.spans
  const outer = flags[parent]!
  const inner = flags[child]!
  if (roleOf(outer) !== roleOf(inner)) return
  if (roleOf(outer) === Role.producer) {
    if ((outer & Flag.create) === 0 && (inner & Flag.create) !== 0) learn(pairing, child, Flag.inSend)
  } else if (roleOf(outer) === Role.consumer && (outer & Flag.receive) !== 0 && (inner & Flag.receive) === 0) relateProcess(pairing, parent, child)
}

/** Links of the `receive` give way even between marked copies; its own call only where both spans are at home. */
function relateProcess(pairing: Pairing, receive: number, process: number): void {
  const { flags } = pairing.spans
  if ((flags[process]! & Flag.linked) !== 0 && (flags[receive]! & Flag.linkedProcess) === 0) {
    flags[receive] = flags[receive]! | Flag.linkedProcess
    takeBackLinks(pairing, receive)
  }
  if (((flags[receive]! | flags[process]!) & Flag.copy) !== 0 || (flags[receive]! & Flag.processed) !== 0) return
  flags[receive] = flags[receive]! | Flag.processed
  refreshUp(pairing, receive)
}

function addPartner(pairing: Pairing, client: number, partner: number): void {
  const { spans } = pairing
  if (pairing.restoring && !comesBackNow(pairing, client)) return knowPartner(pairing, client, partner)
  const first = spans.partners[client] === 0
  spans.partners[client] = spans.partners[client]! + 1
  if (kindOf(spans.flags[partner]!) === SpanKindNumber.server) spans.servers[client] = spans.servers[client]! + 1
  const known = spans.firstPartner[client]!
  if (first || (known >= 0 && isBefore(pairing, partner, known))) spans.firstPartner[client] = partner
  if (!first) return
  coverInside(pairing, client)
  for (let inner = client, outer = heldParent(spans, client); outer >= 0 && isNested(pairing, outer, inner); inner = outer, outer = heldParent(spans, outer)) {
    if (!learn(pairing, outer, Flag.inner)) return
  }
}

/** Restored by this very look-up, which brings all that was before: it has yet to count its partners. One that came back earlier has counted them then. */
function comesBackNow({ spans, logTimeMs }: Pairing, client: number): boolean {
  return (spans.flags[client]! & Flag.restored) !== 0 && spans.arrivedMs[client] === logTimeMs
}

/** A partner that the client span has counted before comes back. */
function knowPartner(pairing: Pairing, client: number, partner: number): void {
  const { spans } = pairing
  const known = spans.firstPartner[client]!
  const better = known >= 0 && (spans.flags[known]! & Flag.restored) !== 0 && isBefore(pairing, partner, known)
  if (known === GONE || better) spans.firstPartner[client] = partner
}

/** Which of two partners stands for the client span: the earlier one. */
function isBefore(pairing: Pairing, a: number, b: number): boolean {
  const { startUs, id0, id1 } = pairing.spans
  if (startUs[a] !== startUs[b]) return startUs[a]! < startUs[b]!
  return id0[a] === id0[b] ? id1[a]! < id1[b]! : id0[a]! < id0[b]!
}

function nest(pairing: Pairing, outer: number, inner: number): void {
  const { spans } = pairing
  learn(pairing, outer, Flag.nested)
  if (covers(pairing, outer) && learn(pairing, inner, Flag.covered)) coverInside(pairing, inner)
  if (spans.partners[inner]! === 0 && (spans.flags[inner]! & Flag.inner) === 0) return
  for (let within = inner, around = outer; around >= 0 && isNested(pairing, around, within); within = around, around = heldParent(spans, around)) {
    if (!learn(pairing, around, Flag.inner)) return
  }
}

function covers(pairing: Pairing, span: number): boolean {
  return pairing.spans.partners[span]! > 0 || (pairing.spans.flags[span]! & (Flag.store | Flag.covered)) !== 0
}

/** Every client span nested in this one is covered; each learns it once. */
function coverInside(pairing: Pairing, outermost: number): void {
  const { spans } = pairing
  const open = [outermost]
  for (let outer = open.pop(); outer !== undefined; outer = open.pop())
    for (let child = spans.firstChild[outer]!; child >= 0; child = spans.nextSibling[child]!)
      if (isNested(pairing, outer, child) && learn(pairing, child, Flag.covered)) open.push(child)
}

/** Sets a flag and works out the span's own call anew; false when it was set. */
function learn(pairing: Pairing, span: number, flag: number): boolean {
  const { flags } = pairing.spans
  if ((flags[span]! & (flag | Flag.copy)) !== 0) return false
  flags[span] = flags[span]! | flag
  refreshOut(pairing, span)
  return true
}

/** A new span's parent: its own call, and with a second server the network time of the first. */
function refreshCaller(pairing: Pairing, caller: number, span: number): void {
  const { spans } = pairing
  refreshOut(pairing, caller)
  if (spans.servers[caller] !== 2 || kindOf(spans.flags[span]!) !== SpanKindNumber.server) return
  for (let child = spans.firstChild[caller]!; child >= 0; child = spans.nextSibling[child]!)
    if (child !== span && kindOf(spans.flags[child]!) === SpanKindNumber.server) refreshUp(pairing, child)
}

/** Calls of a service node: SERVER, CONSUMER, roots and children of another service. */
function countOwnService(pairing: Pairing, span: number): void {
  const { spans, rollup, catalogue } = pairing
  const flags = spans.flags[span]!
  if ((flags & Flag.red) !== 0) return
  const kind = kindOf(flags)
  if (kind !== SpanKindNumber.server && kind !== SpanKindNumber.consumer && spans.parent[span] !== Parent.root) {
    const parent = heldParent(spans, span)
    if (parent < 0 || serviceOf(pairing, parent) === serviceOf(pairing, span)) return
  }
  spans.flags[span] = flags | Flag.red
  if (!rollup.emitting) return
  const minute = minuteOf(spans.startUs[span]!)
  const served = { bucket: spans.bucket[span]!, error: (flags & Flag.error) !== 0, weight: weightOf(spans, span) }
  const series = tupleId(catalogue.series, serviceOf(pairing, span), spans.operation[span]!, kind)
  countServed(rollup.red, cellOf(rollup.red, series, minute), served)
  countServed(rollup.instances, cellOf(rollup.instances, spans.instance[span]!, minute), served)
}

/** A client span that names no parent and that no span names: its service may not pass the trace context on. */
function isLoneCall(pairing: Pairing, span: number): boolean {
  const { parent, flags } = pairing.spans
  return parent[span] === Parent.root && (flags[span]! & (Flag.copy | Flag.store)) === 0 && roleOf(flags[span]!) === Role.client
}

function noteRoot(pairing: Pairing, span: number): void {
  if (isLoneCall(pairing, span)) noteNoParent(pairing, span, 1)
}

function noteNoParent(pairing: Pairing, span: number, count: number): void {
  const { spans, rollup, catalogue } = pairing
  if (rollup.emitting) countNote(rollup, serviceNote(catalogue, spans.instance[span]!, NoteId.noParents), minuteOf(spans.startUs[span]!), count)
}
