import type { SpanBatch } from '../decode/span-batch.ts'
import { refreshOut, seenCall } from './calls.ts'
import { edgeDetail, edgeIndex, instanceNote, NoteId, serviceNote } from './catalogue.ts'
import { appendLink, dropLinks, isTarget, LinkState, stopWaiting, waitingLinks } from './link-table.ts'
import { EvidenceId, measureBits, Meta, minuteOf, type Pairing, serviceOf, waitNs, weightOf } from './pairing.ts'
import { addCount } from './accumulator.ts'
import { countCall, countNote, edgeCell, EdgeCounter, EdgeHistogram, edgeHistogram, measureEdge, seeCall, seeTransit } from './rollup.ts'
import { EdgeKindId, Flag, Role, roleOf } from './span-flags.ts'
import { addViewer, hasViewer } from './viewers.ts'
import { readLinkTarget } from './span-key.ts'
import { NONE, type SpanKey } from './span-columns.ts'
import { findSpan } from './span-table.ts'

/**
 * A link counts in the partition of its target's trace alone: there the target is no marked
 * copy, and its owner is either at home or there as a copy. What a link counted depends on its two spans only.
 */

/** Further links of one span say nothing. */
const MAX_LINKS = 128

/** Reads the links of a new span and counts those whose target is held. `target` is room to read into. */
export function addLinks(pairing: Pairing, span: number, batch: SpanBatch, row: number): void {
  const { spans, links, target } = pairing
  const from = batch.linkFrom[row]!
  const to = Math.min(batch.linkTo[row]!, from + MAX_LINKS)
  target.tenant = spans.tenant[span]!
  for (let link = from; link < to; link++) {
    if (!readLinkTarget(target, batch.bytes, batch.links[link * 2]!, batch.links[link * 2 + 1]!)) continue
    if (!saysMore(pairing, span, target)) continue
    const added = appendLink(links, { owner: span, target, nextOfOwner: spans.links[span]! })
    spans.links[span] = added
    const held = findSpan(spans, target, target.id0, target.id1)
    if (held >= 0 && isThere(pairing, held)) resolve(pairing, added, held)
  }
}

/**
 * Whether a link to a held span counts at once. How long one that came back stays depends on more than a restart reads again: a link to it waits
 * for its own look-up, as it would were the span not held, so that both count it at the same place of the log.
 */
function isThere({ spans, restoring }: Pairing, target: number): boolean {
  return (spans.flags[target]! & (restoring ? Flag.copy : Flag.copy | Flag.restored)) === 0
}

/** Counts the links that waited for a span; while stored spans come back those of others that came back, which were counted once. */
export function resolveLinksTo(pairing: Pairing, span: number, key: SpanKey): void {
  const { links } = pairing
  if (links.size === 0) return
  for (let link = waitingLinks(links, key); link >= 0; ) {
    const next = links.columns.next[link]!
    if (!pairing.restoring || (pairing.spans.flags[links.columns.owner[link]!]! & Flag.restored) !== 0) resolve(pairing, link, span)
    link = next
  }
}

/** Takes back what the links of a `receive` counted: those of the `process` inside it count. */
export function takeBackLinks(pairing: Pairing, span: number): void {
  const { columns } = pairing.links
  for (let link = pairing.spans.links[span]!; link >= 0; link = columns.nextOfOwner[link]!) {
    if (columns.state[link] !== LinkState.counted) continue
    applyLink(pairing, link, -1)
    columns.state[link] = LinkState.done
  }
}

/** Gives the links of a marked copy to the span itself. */
export function moveLinks(pairing: Pairing, copy: number, span: number): void {
  const { spans } = pairing
  spans.links[span] = spans.links[copy]!
  spans.links[copy] = NONE
  ownLinks(pairing, span)
}

/** After spans have moved to other slots: their links go with them. */
export function reownLinks(pairing: Pairing): void {
  const { spans, links } = pairing
  if (links.size === 0) return
  for (let at = 0; at < spans.size; at++) ownLinks(pairing, (spans.head + at) & (spans.capacity - 1))
}

function ownLinks({ spans, links }: Pairing, span: number): void {
  for (let link = spans.links[span]!; link >= 0; link = links.columns.nextOfOwner[link]!) links.columns.owner[link] = span
}

export function dropLinksOf(pairing: Pairing, span: number): void {
  if (pairing.spans.links[span]! >= 0) dropLinks(pairing.links, pairing.spans.links[span]!)
}

/** Not a link to itself, to its parent, or one that it has already. */
function saysMore(pairing: Pairing, span: number, target: SpanKey): boolean {
  const { spans, links } = pairing
  if (inTrace(pairing, span, target)) {
    if (spans.id0[span] === target.id0 && spans.id1[span] === target.id1) return false
    if (spans.parentId0[span] === target.id0 && spans.parentId1[span] === target.id1) return false
  }
  for (let link = spans.links[span]!; link >= 0; link = links.columns.nextOfOwner[link]!) if (isTarget(links.columns, link, target)) return false
  return true
}

function inTrace(pairing: Pairing, span: number, key: SpanKey): boolean {
  const { spans } = pairing
  return spans.trace3[span] === key.trace3 && spans.trace2[span] === key.trace2 && spans.trace1[span] === key.trace1 && spans.trace0[span] === key.trace0
}

function resolve(pairing: Pairing, link: number, target: number): void {
  const { spans, links, draft } = pairing
  const { columns } = links
  const owner = columns.owner[link]!
  stopWaiting(links, link)
  draft.group = NONE
  if (sends(pairing, owner, target)) return
  if (roleOf(spans.flags[owner]!) === Role.consumer) draftConsumed(pairing, owner, target)
  else draftLink(pairing, owner, target)
  if (draft.group === NONE) return
  columns.state[link] = LinkState.counted
  columns.group[link] = draft.group
  columns.minute[link] = draft.minute
  columns.meta[link] = draft.meta
  applyLink(pairing, link, 1)
  if ((draft.meta & Meta.call) !== 0) seeLink(pairing, owner, target)
  else seeWait(pairing, owner)
}

/** A send that links to the `create` of its messages: they are no messages of their own, as if they were inside it. */
function sends(pairing: Pairing, owner: number, target: number): boolean {
  const { flags } = pairing.spans
  const [send, create] = [flags[owner]!, flags[target]!]
  if (roleOf(send) !== Role.producer || roleOf(create) !== Role.producer || (send & Flag.create) !== 0 || (create & Flag.create) === 0) return false
  if (serviceOf(pairing, owner) === serviceOf(pairing, target) && (create & Flag.inSend) === 0) {
    flags[target] = create | Flag.inSend
    refreshOut(pairing, target)
  }
  return true
}

/** A consumer's link to what produced its message: no call of its own, but the wait of one message. */
function draftConsumed(pairing: Pairing, consumer: number, target: number): void {
  const { spans, draft, catalogue } = pairing
  if ((spans.flags[consumer]! & Flag.linkedProcess) !== 0) return
  const produced = roleOf(spans.flags[target]!) === Role.producer
  const topic = spans.peer[consumer]! < 0 && produced ? spans.peer[target]! : spans.peer[consumer]!
  if (topic < 0) return
  draft.group = edgeIndex(catalogue, topic, serviceOf(pairing, consumer), edgeDetail(spans.operation[consumer]!, EdgeKindId.consume))
  draft.minute = minuteOf(spans.startUs[consumer]!)
  draft.meta = produced ? measureBits(waitNs(spans, target, consumer)) : 0
}

/** A link between two services and traces that is no message: one call, from what it points to. */
function draftLink(pairing: Pairing, owner: number, target: number): void {
  const { spans, draft, catalogue } = pairing
  const [from, to] = [serviceOf(pairing, target), serviceOf(pairing, owner)]
  if (from === to || roleOf(spans.flags[owner]!) === Role.producer || sameTraceAs(pairing, owner, target)) return
  draft.group = edgeIndex(catalogue, from, to, edgeDetail(spans.operation[owner]!, EdgeKindId.link))
  draft.minute = minuteOf(spans.startUs[target]!)
  draft.meta = Meta.call | (spans.flags[owner]! & Flag.error)
}

function sameTraceAs(pairing: Pairing, a: number, b: number): boolean {
  const { spans } = pairing
  return (
    spans.trace3[a] === spans.trace3[b] && spans.trace2[a] === spans.trace2[b] && spans.trace1[a] === spans.trace1[b] && spans.trace0[a] === spans.trace0[b]
  )
}

function applyLink(pairing: Pairing, link: number, sign: number): void {
  const { rollup, spans, links } = pairing
  if (!rollup.emitting) return
  const { columns } = links
  const minute = columns.minute[link]!
  const meta = columns.meta[link]!
  const owner = columns.owner[link]!
  const weight = weightOf(spans, owner) * sign
  const cell = edgeCell(rollup, columns.group[link]!, minute)
  if ((meta & Meta.call) !== 0) {
    countCall(rollup, cell, weight, EvidenceId.link)
    if ((meta & Meta.error) !== 0) addCount(rollup.edges, cell, EdgeCounter.errors, weight)
    measureEdge(rollup, edgeHistogram(cell, EdgeHistogram.server), spans.bucket[owner]!, weight)
    if (weightOf(spans, owner) > 1) countNote(rollup, serviceNote(pairing.catalogue, spans.instance[owner]!, NoteId.sampled), minute, sign)
    return
  }
  addCount(rollup.edges, cell, EdgeCounter.evidence + EvidenceId.link, weight)
  const measure = meta >> Meta.measureShift
  if (measure > 0) measureEdge(rollup, edgeHistogram(cell, EdgeHistogram.queueWait), measure - 2, weight)
  if ((meta & Meta.skewed) !== 0) countNote(rollup, instanceNote(pairing.catalogue, spans.instance[owner]!, NoteId.skewedHosts), minute, sign)
}

function seeLink(pairing: Pairing, owner: number, target: number): void {
  const { spans, rollup, draft } = pairing
  addViewer(pairing, hasViewer(spans, owner) ? owner : target, { edge: draft.group, minute: draft.minute })
  if (rollup.emitting) seeCall(rollup, draft.group, draft.minute, seenCall(pairing, { shown: owner, source: target, meta: draft.meta }))
}

/** A consumer whose message waited; its call is seen by itself. */
function seeWait(pairing: Pairing, consumer: number): void {
  const { rollup, draft } = pairing
  if (rollup.emitting) seeTransit(rollup, draft.group, draft.minute, seenCall(pairing, { shown: consumer, source: -1, meta: draft.meta }))
}
