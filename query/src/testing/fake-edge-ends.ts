import type { TopologyQuestions } from '@skein/store/contract'
import { edgeMinutes, edgeRowOf } from './fake-numbers.ts'
import { EDGES, SERVICES } from './tv-operator.ts'

type EdgeEnds = Pick<TopologyQuestions, 'edgeOperationSums' | 'edgeInstances' | 'viewers' | 'viewersOfGroups' | 'proxies'>

export const NO_EDGE_ENDS: EdgeEnds = {
  edgeOperationSums: async () => ({ operations: 0, calls: 0, errors: 0 }),
  edgeInstances: async () => [],
  viewers: async () => new Map(),
  viewersOfGroups: async (_, groups) => groups.map(() => 0),
  proxies: async () => [],
}

export function edgeEndsAway(away: () => Promise<never>): EdgeEnds {
  return { edgeOperationSums: away, edgeInstances: away, viewers: away, viewersOfGroups: away, proxies: away }
}

/** Two instances at each end, of which the first callee takes three calls of four; a viewer every third call. */
export function fakeEdgeEnds(clock: () => number): EdgeEnds {
  const rows = (window: { startMs: number; endMs: number }) => EDGES.map((edge) => edgeRowOf(edge, edgeMinutes(edge, window, clock())))
  return {
    edgeOperationSums: async (window, edgeIds) => {
      const own = rows(window).filter(({ edgeId }) => edgeIds.includes(edgeId))
      return { operations: 900, calls: own.reduce((sum, { calls }) => sum + calls, 0), errors: own.reduce((sum, { errors }) => sum + errors, 0) }
    },
    edgeInstances: async (window, edgeIds) =>
      rows(window)
        .filter(({ edgeId, calls }) => edgeIds.includes(edgeId) && calls > 0)
        .flatMap(({ source, target, calls, errors }) =>
          [
            { side: 'source' as const, instance: `${source.name}-1`, calls: Math.ceil(calls / 2), errors: 0, p95: 40e6 },
            { side: 'source' as const, instance: `${source.name}-2`, calls: Math.floor(calls / 2), errors, p95: 41e6 },
            { side: 'target' as const, instance: `${target.name}-1`, calls: Math.ceil((calls * 3) / 4), errors, p95: 90e6 },
            { side: 'target' as const, instance: `${target.name}-2`, calls: Math.floor(calls / 4), errors: 0, p95: 20e6 },
          ].map((row) => ({ ...row, ofSide: { instances: 2, calls, errors } })),
        ),
    viewers: async (window) => new Map(rows(window).map(({ edgeId, calls }) => [edgeId, Math.ceil(calls / 3)])),
    viewersOfGroups: async (_, groups) => groups.map((ids) => ids.length),
    proxies: async () =>
      SERVICES.slice(0, 1).map(({ environment, cluster, namespace, service }) => ({ environment, cluster, namespace, service, proxy: 'nginx' })),
  }
}
