import { z } from 'zod'
import { EDGE_KINDS, NODE_KINDS } from '../topology.ts'
import { HEALTH, HEALTH_REASONS, note, scopeParameters, windowAnswer, windowParameters } from './window.ts'

export const topologyParameters = scopeParameters.extend({
  service: z.string().optional().meta({ description: 'Only nodes within `depth` hops of this service' }),
  depth: z.coerce.number().int().min(1).max(10).optional(),
})

const percentiles = z.object({ p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() })

export const exemplar = z.object({ traceId: z.string(), spanId: z.string(), durationMs: z.number(), error: z.boolean() }).meta({ id: 'Exemplar' })
export type Exemplar = z.infer<typeof exemplar>

const edgeExemplar = exemplar
  .extend({
    transitMs: z.number().nullable().meta({ description: 'Between the two sides: on the network, or waiting in the queue; null where it was not measured' }),
  })
  .meta({ id: 'EdgeExemplar' })
export type EdgeExemplar = z.infer<typeof edgeExemplar>

export const evidenceCounts = z
  .object({
    paired: z.number(),
    clientOnly: z.number(),
    serverOnly: z.number(),
    parentChild: z.number(),
    topic: z.number(),
    link: z.number(),
    log: z.number(),
  })
  .meta({ id: 'EvidenceCounts' })

export const topologyNode = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(NODE_KINDS),
    environment: z.string(),
    cluster: z.string(),
    namespace: z.string(),
    /** Calls in the window; 0 for a service that only calls others. */
    calls: z.number(),
    errors: z.number(),
    p50Ms: z.number().nullable(),
    p95Ms: z.number().nullable(),
    p99Ms: z.number().nullable(),
    instances: z.number().int(),
    health: z.enum(HEALTH),
    healthReason: z.enum(HEALTH_REASONS).nullable().meta({ description: 'What makes it degraded or bad; null when it is neither' }),
    /** The same minutes a week before; null where nothing was measured then. */
    weekAgoP95Ms: z.number().nullable(),
    proxy: z.string().nullable().meta({ description: 'The software of a service that passes calls on, such as nginx or envoy; null of every other node' }),
  })
  .meta({ id: 'TopologyNode' })
export type TopologyNode = z.infer<typeof topologyNode>

export const topologyEdge = z
  .object({
    id: z.string(),
    source: z.string().meta({ description: 'Node id' }),
    target: z.string().meta({ description: 'Node id' }),
    kind: z.enum(EDGE_KINDS),
    calls: z.number().meta({ description: 'Estimated from sampled traces where they say how they were sampled' }),
    callsSeen: z.number().meta({ description: 'Calls whose spans arrived' }),
    errors: z.number(),
    client: percentiles.nullable(),
    server: percentiles.nullable(),
    /** Client minus server duration, measured per paired call. */
    network: percentiles.nullable(),
    /** Producer end to consumer start. */
    queueWait: percentiles.nullable(),
    evidence: evidenceCounts,
    sessions: z.number().nullable().meta({ description: 'Viewers touched (±2 %); null when no span of the edge names a session or user' }),
    crossCluster: z.boolean().meta({ description: 'Between services of two clusters' }),
    health: z.enum(HEALTH),
    healthReason: z.enum(HEALTH_REASONS).nullable().meta({ description: 'What makes it degraded or bad; null when it is neither' }),
    /** Of the client, else of the server, in the same minutes a week before; null where nothing was measured then. */
    weekAgoP95Ms: z.number().nullable(),
    exemplars: z.array(edgeExemplar),
    firstSeen: z.string(),
    lastSeen: z.string(),
  })
  .meta({ id: 'TopologyEdge' })
export type TopologyEdge = z.infer<typeof topologyEdge>

export const topologyAnswer = z
  .object({
    window: windowAnswer,
    nodes: z.array(topologyNode),
    edges: z.array(topologyEdge),
    notes: z.array(note),
  })
  .meta({ id: 'Topology' })
export type TopologyAnswer = z.infer<typeof topologyAnswer>

export const edgeParameters = windowParameters

/** One instance at one end of an edge. */
export const edgeInstance = z
  .object({
    side: z.enum(['source', 'target']),
    instance: z.string(),
    calls: z.number(),
    errors: z.number(),
    /** To within 9 %; of the call as its own side measured it. */
    p95Ms: z.number().nullable(),
    share: z.number().meta({ description: 'Of the calls of all instances of its side, 0 to 1' }),
  })
  .meta({ id: 'EdgeInstance' })
export type EdgeInstance = z.infer<typeof edgeInstance>

/** How evenly the calls of an edge are spread over the instances of one side. */
export const edgeBalance = z
  .object({
    instances: z.number().int(),
    busiest: z.string(),
    busiestShare: z.number(),
    ratio: z.number().meta({ description: 'Share of the busiest over the even share: 1 = even, 2 = twice as much as its part' }),
    uneven: z.boolean().meta({ description: 'Further from even than chance explains: the balancer favours one instance' }),
  })
  .meta({ id: 'EdgeBalance' })
export type EdgeBalance = z.infer<typeof edgeBalance>

const otherEdgeInstances = z.object({ instances: z.number().int(), calls: z.number(), errors: z.number() })

export const edgeAnswer = z
  .object({
    window: windowAnswer,
    edge: topologyEdge,
    source: topologyNode,
    target: topologyNode,
    series: z.array(
      z.object({
        time: z.string(),
        calls: z.number(),
        errors: z.number(),
        clientP50Ms: z.number().nullable(),
        clientP95Ms: z.number().nullable(),
        clientP99Ms: z.number().nullable(),
        serverP95Ms: z.number().nullable(),
        /** Caller's duration minus the callee's, per paired call. */
        networkP50Ms: z.number().nullable(),
        networkP95Ms: z.number().nullable(),
        /** Producer end to consumer start. */
        queueWaitP50Ms: z.number().nullable(),
        queueWaitP95Ms: z.number().nullable(),
      }),
    ),
    operations: z.array(z.object({ operation: z.string(), calls: z.number(), errors: z.number(), p50Ms: z.number().nullable(), p95Ms: z.number().nullable() })),
    otherOperations: z
      .object({ operations: z.number().int(), calls: z.number(), errors: z.number() })
      .nullable()
      .meta({ description: 'What lies beyond the operations listed; null when all are' }),
    /** Busiest first, at most 200 a side; empty where instances are not named. */
    instances: z.array(edgeInstance),
    otherInstances: z
      .object({ source: otherEdgeInstances.nullable(), target: otherEdgeInstances.nullable() })
      .meta({ description: 'What lies beyond the instances listed of a side; null when all are' }),
    /** Null for a side with fewer than two instances. */
    balance: z.object({ source: edgeBalance.nullable(), target: edgeBalance.nullable() }),
  })
  .meta({ id: 'EdgeDetail' })
export type EdgeAnswer = z.infer<typeof edgeAnswer>
