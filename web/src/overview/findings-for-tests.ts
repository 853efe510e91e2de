import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'

export const PLACE = { environment: 'prod', cluster: 'bj-1', namespace: 'tv' }

/** A healthy service that has nothing of its own but its name. */
export function node(id: string, over: Partial<TopologyNode> = {}): TopologyNode {
  const numbers = { calls: 100, errors: 0, p50Ms: 5, p95Ms: 10, p99Ms: 20, instances: 1, weekAgoP95Ms: null }
  return { id, name: id, kind: 'service', ...PLACE, ...numbers, health: 'ok', healthReason: null, proxy: null, ...over }
}

/** A healthy call between two nodes. */
export function edge(source: string, target: string, over: Partial<TopologyEdge> = {}): TopologyEdge {
  const evidence = { paired: 100, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 0 }
  const times = { client: null, server: null, network: null, queueWait: null, firstSeen: '', lastSeen: '' }
  return {
    id: `${source}>${target}`,
    source,
    target,
    kind: 'http',
    calls: 100,
    callsSeen: 100,
    errors: 0,
    ...times,
    evidence,
    ...{ sessions: null, crossCluster: false, healthReason: null, weekAgoP95Ms: null },
    health: 'ok',
    exemplars: [],
    ...over,
  }
}
