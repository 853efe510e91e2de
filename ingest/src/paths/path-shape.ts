import { Flag, SpanKind } from '../topology/span-flags.ts'
import type { Arena } from './arena.ts'
import { type PathNames, shapeWith } from './path-names.ts'
import { isCall, nodePlace, type PathWork, serviceNode } from './path-work.ts'

/** Longer paths are of the shape of their beginning. */
const MAX_STEPS = 24

/**
 * The shape of the path: services, databases and topics with their operations, in the order in which they were first waited for, each
 * once, so that twelve repeats of a call and thirteen are one shape. −1 for an empty trace.
 */
export function shapeOf(work: PathWork, names: PathNames, arena: Arena): number {
  const { path } = work
  const places = Array.from({ length: path.size }, (_, place) => place).sort((a, b) => path.fromNs[a]! - path.fromNs[b]! || a - b)
  const steps: number[] = []
  let shape = -1
  for (const place of places) {
    const step = stepAt(work, names, arena, place)
    if (step < 0 || steps.includes(step)) continue
    steps.push(step)
    shape = shapeWith(names, shape, step)
    if (steps.length === MAX_STEPS) break
  }
  return shape
}

function stepAt(work: PathWork, names: PathNames, arena: Arena, place: number): number {
  const { trace, path } = work
  const span = path.span[place]!
  const kind = trace.flags[span]! & Flag.kindMask
  const operation = arena.operation[trace.span[span]!]!
  if (place === 0 || kind === SpanKind.server || kind === SpanKind.consumer) return nodePlace(names, serviceNode(names, arena, trace.span[span]!), operation)
  if (!isCall(trace.flags[span]!) || work.answers[place]! > 0 || work.target[place]! < 0) return -1
  return nodePlace(names, work.target[place]!, operation)
}
