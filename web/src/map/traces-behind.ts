import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import type { LinkParameters } from '../url/view-state.ts'
import type { TimeRange } from '../url/time-range.ts'

/** The search for traces with the calls of an edge: of the end that sent spans of them, in the time shown. Null where no end did. */
export function tracesOfEdge(
  { server, evidence }: Pick<TopologyEdge, 'server' | 'evidence'>,
  [source, target]: readonly [TopologyNode | undefined, TopologyNode | undefined],
  within: TimeRange | null,
): LinkParameters | null {
  const { log, ...spans } = evidence
  if (log > 0 && Object.values(spans).every((count) => count === 0)) return null
  const ends = server === null ? [source, target] : [target, source]
  const sender = ends.find((end) => end?.kind === 'service')
  return sender === undefined ? null : { service: sender.name, ...within }
}
