import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'

export const none = { paired: 0, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 0 }

export const node = (id: string, more: Partial<TopologyNode> = {}): TopologyNode => ({
  id,
  name: id,
  kind: 'service',
  environment: 'prod',
  cluster: '',
  namespace: '',
  calls: 10,
  errors: 0,
  p50Ms: 1,
  p95Ms: 2,
  p99Ms: 3,
  instances: 1,
  health: 'ok',
  healthReason: null,
  weekAgoP95Ms: null,
  proxy: null,
  ...more,
})

export const edge = (source: string, target: string, more: Partial<TopologyEdge> = {}): TopologyEdge => ({
  id: `${source}>${target}`,
  source,
  target,
  kind: 'http',
  calls: 10,
  callsSeen: 10,
  errors: 0,
  client: null,
  server: null,
  network: null,
  queueWait: null,
  evidence: { ...none, paired: 10 },
  sessions: null,
  crossCluster: false,
  health: 'ok',
  healthReason: null,
  weekAgoP95Ms: null,
  exemplars: [],
  firstSeen: '2026-11-22T19:10:00Z',
  lastSeen: '2026-11-22T20:09:30Z',
  ...more,
})
