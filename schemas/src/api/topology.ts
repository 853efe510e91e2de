import { z } from 'zod'
import { EDGE_KINDS, NODE_KINDS } from '../topology.ts'
import { HEALTH, note, scopeParameters, windowAnswer, windowParameters } from './window.ts'

export const topologyParameters = scopeParameters.extend({
  service: z.string().optional().meta({ description: 'Only nodes within `depth` hops of this service' }),
  depth: z.coerce.number().int().min(1).max(10).optional(),
})

const percentiles = z.object({ p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() })

export const exemplar = z.object({ traceId: z.string(), spanId: z.string(), durationMs: z.number(), error: z.boolean() }).meta({ id: 'Exemplar' })
export type Exemplar = z.infer<typeof exemplar>

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
  })
  .meta({ id: 'TopologyNode' })
export type TopologyNode = z.infer<typeof topologyNode>

export const topologyEdge = z
  .object({
    id: z.string(),
    source: z.string().meta({ description: 'Node id' }),
    target: z.string().meta({ description: 'Node id' }),
    kind: z.enum(EDGE_KINDS),
    calls: z.number(),
    callsSeen: z.number(),
    errors: z.number(),
    client: percentiles.nullable(),
    server: percentiles.nullable(),
    /** Client minus server duration, measured per paired call. */
    network: percentiles.nullable(),
    /** Producer end to consumer start. */
    queueWait: percentiles.nullable(),
    evidence: evidenceCounts,
    health: z.enum(HEALTH),
    exemplars: z.array(exemplar),
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
      }),
    ),
    operations: z.array(z.object({ operation: z.string(), calls: z.number(), errors: z.number(), p50Ms: z.number().nullable(), p95Ms: z.number().nullable() })),
  })
  .meta({ id: 'EdgeDetail' })
export type EdgeAnswer = z.infer<typeof edgeAnswer>
