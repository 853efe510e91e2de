import { countViewer } from './rollup.ts'
import { heldParent, Meta, minuteOf, type Pairing } from './pairing.ts'
import { Flag } from './span-flags.ts'
import type { SpanTable } from './span-columns.ts'

/**
 * Whose calls these are: each span carries the hash of the session it names, else of the user, else what a neighbour in its trace knows.
 * Viewers of an edge are a set that only grows, so that what is learnt late is added and nothing taken back.
 */

export function hasViewer(spans: SpanTable, span: number): boolean {
  return spans.viewer0[span] !== 0 || spans.viewer1[span] !== 0
}

/** A span that has just joined: it takes what a neighbour knows, and all of its trace that did not know learns it. */
export function spreadViewer(pairing: Pairing, span: number): void {
  const { spans } = pairing
  if (!hasViewer(spans, span)) {
    const knowing = knowingNeighbour(spans, span)
    if (knowing < 0) return
    learnViewer(pairing, span, knowing)
  }
  const open = [span]
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    const parent = heldParent(spans, from)
    if (parent >= 0 && !hasViewer(spans, parent)) {
      learnViewer(pairing, parent, from)
      open.push(parent)
    }
    for (let child = spans.firstChild[from]!; child >= 0; child = spans.nextSibling[child]!) {
      if (hasViewer(spans, child) || (spans.flags[child]! & Flag.copy) !== 0) continue
      learnViewer(pairing, child, from)
      open.push(child)
    }
  }
}

function knowingNeighbour(spans: SpanTable, span: number): number {
  const parent = heldParent(spans, span)
  if (parent >= 0 && hasViewer(spans, parent)) return parent
  for (let child = spans.firstChild[span]!; child >= 0; child = spans.nextSibling[child]!)
    if (hasViewer(spans, child) && (spans.flags[child]! & Flag.copy) === 0) return child
  return -1
}

/** The calls that this span has counted for good were this viewer's. */
function learnViewer(pairing: Pairing, span: number, from: number): void {
  const { spans } = pairing
  spans.viewer0[span] = spans.viewer0[from]!
  spans.viewer1[span] = spans.viewer1[from]!
  if (spans.upGroup[span]! >= 0 && (spans.upMeta[span]! & Meta.note) === 0)
    addViewer(pairing, span, { edge: spans.upGroup[span]!, minute: spans.upMinute[span]! })
  const out = spans.outMeta[span]!
  if (spans.outGroup[span]! >= 0 && (out & (Meta.call | Meta.waits | Meta.note)) === Meta.call)
    addViewer(pairing, span, { edge: spans.outGroup[span]!, minute: minuteOf(spans.startUs[span]!) })
}

/** Adds the viewer of a span, where it is known, to an edge. */
export function addViewer(pairing: Pairing, span: number, call: { edge: number; minute: number }): void {
  const { spans, rollup } = pairing
  if (!hasViewer(spans, span)) return
  countViewer(rollup, call, spans.viewer0[span]!, spans.viewer1[span]!)
}
