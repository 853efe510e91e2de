import { z } from 'zod'
import { EDGE_KINDS } from '../topology.ts'
import { EVENT_KINDS } from './events.ts'
import { topologyNode } from './topology.ts'
import { compareNote } from './compare-note.ts'
import { scopeParameters, timeParameter, windowAnswer } from './window.ts'

/** Without a base: the same minutes last week, or the window right before when there is nothing last week. */
export const topologyDiffParameters = scopeParameters.extend({
  baseStart: timeParameter.optional(),
  baseEnd: timeParameter.optional(),
  within: z.literal('true').optional().meta({
    description: 'Holds the later part of the window against the earlier one, cut where most calls got slower or began to fail, else before the newest part',
  }),
})

/** How the base was chosen. */
export const BASE_CHOICES = ['asked', 'lastWeek', 'before', 'within'] as const
export type BaseChoice = (typeof BASE_CHOICES)[number]

export const edgeStats = z
  .object({
    calls: z.number(),
    callsPerMinute: z.number(),
    errors: z.number(),
    /** 0 … 1 */
    errorRate: z.number(),
    /** Of the callers' durations, else of the callees'. */
    p50Ms: z.number().nullable(),
    p95Ms: z.number().nullable(),
    networkP95Ms: z.number().nullable(),
    queueWaitP95Ms: z.number().nullable(),
    selfTimeMs: z.number().nullable().meta({
      description: 'For how long a call is what whole traces wait for, on average: between both sides and at its target itself; null without whole traces',
    }),
  })
  .meta({ id: 'EdgeStats' })
export type EdgeStats = z.infer<typeof edgeStats>

export const EFFECT_MEASURES = ['rate', 'errorRate', 'p95', 'network', 'queueWait', 'selfTime'] as const
export type EffectMeasure = (typeof EFFECT_MEASURES)[number]

/** rate in calls a minute, errorRate 0 … 1, p95, network and queueWait in ms (p95), selfTime in ms on the critical path (mean per call). Only what is beyond chance and large enough to matter. */
export const edgeEffect = z
  .object({
    measure: z.enum(EFFECT_MEASURES),
    now: z.number(),
    base: z.number(),
    /** rate, p95, network, queueWait, selfTime: now divided by base; errorRate: now minus base. */
    change: z.number(),
    /** Worse for callers. A rate is neither better nor worse. */
    worse: z.boolean(),
  })
  .meta({ id: 'EdgeEffect' })
export type EdgeEffect = z.infer<typeof edgeEffect>

export const CAUSE_KINDS = [...EVENT_KINDS, 'instance'] as const
export type CauseKind = (typeof CAUSE_KINDS)[number]

/** Something that happened near in time at an end of the edge (likely) or next to one (possible). */
export const edgeCause = z
  .object({
    kind: z.enum(CAUSE_KINDS),
    time: z.string(),
    title: z.string(),
    service: z.string(),
    confidence: z.enum(['likely', 'possible']),
    /** Of `/api/events`; null for an instance. */
    eventId: z.string().nullable(),
  })
  .meta({ id: 'EdgeCause' })
export type EdgeCause = z.infer<typeof edgeCause>

export const DIFF_CHANGES = ['new', 'vanished', 'changed'] as const
export type DiffChange = (typeof DIFF_CHANGES)[number]

export const edgeDiff = z
  .object({
    id: z.string(),
    source: topologyNode,
    target: topologyNode,
    kind: z.enum(EDGE_KINDS),
    change: z.enum(DIFF_CHANGES),
    /** Null when it was not there. */
    now: edgeStats.nullable(),
    base: edgeStats.nullable(),
    effects: z.array(edgeEffect),
    /** Larger first; comparable within one answer only. */
    score: z.number(),
    causes: z.array(edgeCause),
  })
  .meta({ id: 'EdgeDiff' })
export type EdgeDiff = z.infer<typeof edgeDiff>

/** Edges that stayed the same, or of which too little is known, are not in the list: the notes count them. */
export const topologyDiffAnswer = z
  .object({
    window: windowAnswer,
    base: z.object({ start: z.string(), end: z.string(), choice: z.enum(BASE_CHOICES) }),
    nodes: z.array(z.object({ node: topologyNode, change: z.enum(['new', 'vanished']) })),
    /** By score, largest first. */
    edges: z.array(edgeDiff),
    /** Edges of both windows that were looked at. */
    compared: z.number().int(),
    notes: z.array(compareNote),
  })
  .meta({ id: 'TopologyDiff' })
export type TopologyDiffAnswer = z.infer<typeof topologyDiffAnswer>
