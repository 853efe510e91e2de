import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import type { SpanRow } from '@skein/store/contract-traces'
import { roleOf } from '../replay/peer.ts'
import { criticalPathOf } from './critical-path.ts'

/** Time on the critical path: a span's own, or, before a consumer's start, that of the queue it takes from. */
export interface TimeOnPath {
  span: SpanRow
  of: 'span' | 'queue'
  selfNs: number
}

/** A stretch of the path that is nobody else's, ns since the path began. */
interface Stretch {
  spanId: string
  fromNs: number
  toNs: number
}

/** Whose each part of the critical path is, by the rules of the stored sums: together the root's duration. */
export function timesOnPath(spans: readonly SpanRow[]): TimeOnPath[] {
  const sections = criticalPathOf(spans)
  const originNs = BigInt(sections[0]?.startUnixNano ?? 0)
  const sinceOrigin: SinceOrigin = (ns) => Number(BigInt(ns) - originNs)
  const stretches = sections.map(({ spanId, startUnixNano, endUnixNano }) => ({
    spanId,
    fromNs: sinceOrigin(startUnixNano),
    toNs: sinceOrigin(endUnixNano),
  }))
  const ownNs = new Map<string, number>()
  for (const { spanId, fromNs, toNs } of stretches) ownNs.set(spanId, (ownNs.get(spanId) ?? 0) + toNs - fromNs)
  const queues = queueTimes(spans, stretches, sinceOrigin)
  for (const { waiting, selfNs } of queues) ownNs.set(waiting, (ownNs.get(waiting) ?? 0) - selfNs)
  const own = spans.map((span): TimeOnPath => ({ span, of: 'span', selfNs: ownNs.get(span.spanId) ?? 0 }))
  return [...own, ...queues.map(({ consumer, selfNs }): TimeOnPath => ({ span: consumer, of: 'queue', selfNs }))].filter(({ selfNs }) => selfNs > 0)
}

/** What takes the most of the critical path; null when nothing does. */
export function longestOnPath(spans: readonly SpanRow[]): TimeOnPath | null {
  return timesOnPath(spans).reduce<TimeOnPath | null>((longest, time) => (time.selfNs > (longest?.selfNs ?? 0) ? time : longest), null)
}

type SinceOrigin = (ns: string | bigint) => number

interface QueueTime {
  consumer: SpanRow
  /** Id of the span whose time it was, since that one waits for both. */
  waiting: string
  selfNs: number
}

/** From the end of a producer to the start of its consumer, as far as the span that waits for both has nothing else on the path. */
function queueTimes(spans: readonly SpanRow[], stretches: readonly Stretch[], sinceOrigin: SinceOrigin): QueueTime[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const endOf = ({ startNs, durationNs }: SpanRow): bigint => BigInt(startNs) + BigInt(durationNs)
  return spans.flatMap((consumer): QueueTime[] => {
    const producer = byId.get(consumer.parentSpanId)
    if (consumer.kind !== SpanKindNumber.consumer || producer === undefined || roleOf(producer) !== 'producer') return []
    const waiting = byId.get(producer.parentSpanId)
    if (waiting === undefined || endOf(consumer) > endOf(waiting)) return []
    const own = stretches.filter(({ spanId }) => spanId === waiting.spanId)
    return [{ consumer, waiting: waiting.spanId, selfNs: takeTime(own, sinceOrigin(endOf(producer)), sinceOrigin(consumer.startNs)) }]
  })
}

/** A stretch counts for one queue at most: what of it lies after is not taken again. */
function takeTime(stretches: readonly Stretch[], fromNs: number, toNs: number): number {
  let takenNs = 0
  for (const stretch of stretches) {
    const from = Math.max(fromNs, stretch.fromNs)
    const to = Math.min(toNs, stretch.toNs)
    if (to <= from) continue
    takenNs += to - from
    stretch.toNs = from
  }
  return takenNs
}
