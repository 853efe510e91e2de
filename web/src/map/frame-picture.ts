import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import type { TopologyFrame, TopologyFramesAnswer } from '@skein/schemas/api/topology-frames'
import type { Health } from '@skein/schemas/api/window'
import type { Topology } from './neighbourhood.ts'

const BAD_ERRORS = 0.05
const DEGRADED_ERRORS = 0.01
const BAD_SLOWER = 3
const DEGRADED_SLOWER = 1.5
const FEW_CALLS = 20

/** Which frame shows a moment; −1 when none does. */
export function frameAt({ frames, stepSeconds }: Pick<TopologyFramesAnswer, 'frames' | 'stepSeconds'>, timeMs: number): number {
  return frames.findIndex((frame) => {
    const startMs = Date.parse(frame.time)
    return timeMs >= startMs && timeMs < startMs + stepSeconds * 1000
  })
}

/**
 * The topology of one step: the same nodes and edges, so that nothing moves, with the numbers of the step. An edge without a call in it has
 * zero calls and unknown health. Only what a frame holds is told: percentiles of a node are not (they do not add).
 */
export function topologyAt(topology: Topology, edgeIds: readonly string[], frame: TopologyFrame): Topology {
  const indexOf = new Map(edgeIds.map((id, index) => [id, index]))
  const edges = topology.edges.map((edge) => edgeAt(edge, frame, indexOf.get(edge.id)))
  const into = new Map<string, { calls: number; errors: number; health: Health }>()
  for (const edge of edges) {
    const sum = into.get(edge.target) ?? { calls: 0, errors: 0, health: 'unknown' }
    into.set(edge.target, { calls: sum.calls + edge.calls, errors: sum.errors + edge.errors, health: worse(sum.health, edge.health) })
  }
  const sends = new Set(edges.filter((edge) => edge.calls > 0).map((edge) => edge.source))
  const nodes = topology.nodes.map((node): TopologyNode => {
    const sum = into.get(node.id) ?? { calls: 0, errors: 0, health: sends.has(node.id) ? 'ok' : 'unknown' }
    return { ...node, ...sum, p50Ms: null, p95Ms: null, p99Ms: null }
  })
  return { nodes, edges }
}

function edgeAt(edge: TopologyEdge, frame: TopologyFrame, index: number | undefined): TopologyEdge {
  const calls = index === undefined ? 0 : (frame.calls[index] ?? 0)
  const errors = index === undefined ? 0 : (frame.errors[index] ?? 0)
  const p95Ms = index === undefined ? null : (frame.p95Ms[index] ?? null)
  const percentiles = p95Ms === null ? null : { p50Ms: p95Ms, p95Ms, p99Ms: p95Ms }
  return {
    ...edge,
    calls,
    callsSeen: calls,
    errors,
    client: edge.client === null ? null : percentiles,
    server: edge.client === null ? percentiles : null,
    network: null,
    queueWait: null,
    sessions: null,
    health: healthAt({ calls, errors, p95Ms, weekAgoP95Ms: edge.weekAgoP95Ms }),
    healthReason: null,
  }
}

interface StepNumbers {
  calls: number
  errors: number
  p95Ms: number | null
  weekAgoP95Ms: number | null
}

/** Health of one step by errors, and by p95 where last week is known. */
function healthAt({ calls, errors, p95Ms, weekAgoP95Ms }: StepNumbers): Health {
  if (calls < FEW_CALLS) return 'unknown'
  const slower = p95Ms === null || weekAgoP95Ms === null || weekAgoP95Ms <= 0 ? 0 : p95Ms / weekAgoP95Ms
  if (errors / calls >= BAD_ERRORS || slower >= BAD_SLOWER) return 'bad'
  return errors / calls >= DEGRADED_ERRORS || slower >= DEGRADED_SLOWER ? 'degraded' : 'ok'
}

const SEVERITY: Readonly<Record<Health, number>> = { bad: 3, degraded: 2, ok: 1, unknown: 0 }
const worse = (a: Health, b: Health): Health => (SEVERITY[a] > SEVERITY[b] ? a : b)

/** Lines of the strip below the map: one value a step, gaps kept. */
export function stripLines({ edges, frames }: Pick<TopologyFramesAnswer, 'edges' | 'frames'>, chosen: ReadonlySet<string>): (number | null)[] {
  const indices = edges.flatMap((id, index) => (chosen.has(id) ? [index] : []))
  return frames.map((frame) => indices.reduce<number | null>((most, index) => larger(most, frame.p95Ms[index] ?? null), null))
}

const larger = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))
