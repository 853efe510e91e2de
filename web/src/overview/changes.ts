import type { ChangeEvent } from '@skein/schemas/api/events'
import type { EdgeDiff, EdgeEffect } from '@skein/schemas/api/topology-diff'
import { mainEffect, toneOf, type DiffTone } from '../map/diff-picture.ts'

/** One thing that changed: something done, with the edge on which it shows most; or an edge that changed by itself. */
export type Change =
  | { kind: 'event'; id: string; timeMs: number; event: ChangeEvent; edge: EdgeDiff | null; effect: EdgeEffect | null }
  | { kind: 'edge'; id: string; timeMs: null; tone: DiffTone; edge: EdgeDiff; effect: EdgeEffect | null }

/** What changed, the largest effect first: an event counts as much as the edges it likely caused; those without effect come last, newest first. */
export function changesOf(events: readonly ChangeEvent[], diff: readonly EdgeDiff[]): Change[] {
  const done = events.map((event): Change => {
    const edge = largest(diff.filter((one) => one.causes.some(({ eventId, confidence }) => eventId === event.id && confidence === 'likely')))
    return { kind: 'event', id: event.id, timeMs: Date.parse(event.time), event, edge, effect: edge === null ? null : mainEffect(edge.effects) }
  })
  const told = new Set(done.flatMap(({ edge }) => (edge === null ? [] : [edge.id])))
  const alone = diff
    .filter(({ id }) => !told.has(id))
    .map((edge): Change => ({ kind: 'edge', id: edge.id, timeMs: null, tone: toneOf(edge), edge, effect: mainEffect(edge.effects) }))
  return [...done, ...alone].toSorted((a, b) => weight(b) - weight(a) || (b.timeMs ?? 0) - (a.timeMs ?? 0))
}

function largest(edges: readonly EdgeDiff[]): EdgeDiff | null {
  return edges.reduce<EdgeDiff | null>((most, edge) => (most === null || weightOf(edge) > weightOf(most) ? edge : most), null)
}

/** Worse for somebody comes before merely different. */
const weightOf = (edge: EdgeDiff): number => (toneOf(edge) === 'worse' ? 1e9 : 0) + edge.score

const weight = ({ edge }: Change): number => (edge === null ? -1 : weightOf(edge))
