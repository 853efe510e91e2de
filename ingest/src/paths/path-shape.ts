import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { Flag } from '../topology/span-flags.ts'
import type { Arena } from './arena.ts'
import { type PathNames, shapeWith } from './path-names.ts'
import { isCall, nodePlace, type PathWork, serviceNode } from './path-work.ts'

/** Longer paths are of the shape of their beginning. */
const MAX_STEPS = 24
/** Up to here places are sorted by insertion. */
const FEW = 64

/**
 * The shape of the path: services, databases and topics with their operations, in the order in which they were first waited for, each
 * once, so that twelve repeats of a call and thirteen are one shape. −1 for an empty trace.
 */
export function shapeOf(work: PathWork, names: PathNames, arena: Arena): number {
  const { order } = work
  sortPlaces(work)
  const steps: number[] = []
  let shape = -1
  for (let at = 0; at < work.path.size; at++) {
    const step = stepAt(work, names, arena, order[at]!)
    if (step < 0 || steps.includes(step)) continue
    steps.push(step)
    shape = shapeWith(names, shape, step)
    if (steps.length === MAX_STEPS) break
  }
  return shape
}

/** By when they were first waited for; the outer one first. */
function sortPlaces({ path, order }: PathWork): void {
  const { size, fromNs } = path
  for (let place = 0; place < size; place++) order[place] = place
  if (size > FEW) {
    order.subarray(0, size).sort((a, b) => fromNs[a]! - fromNs[b]! || a - b)
    return
  }
  for (let i = 1; i < size; i++) {
    const place = order[i]!
    let to = i
    // of equal times the lower place stays first, since places come in their own order
    for (; to > 0 && fromNs[order[to - 1]!]! > fromNs[place]!; to--) order[to] = order[to - 1]!
    order[to] = place
  }
}

function stepAt(work: PathWork, names: PathNames, arena: Arena, place: number): number {
  const { trace, path } = work
  const span = path.span[place]!
  const kind = trace.flags[span]! & Flag.kindMask
  const operation = arena.operation[trace.span[span]!]!
  if (place === 0 || kind === SpanKindNumber.server || kind === SpanKindNumber.consumer)
    return nodePlace(names, serviceNode(names, arena, trace.span[span]!), operation)
  if (!isCall(trace.flags[span]!) || work.answers[place]! > 0 || work.target[place]! < 0) return -1
  return nodePlace(names, work.target[place]!, operation)
}
