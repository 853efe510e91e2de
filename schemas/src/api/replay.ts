import { z } from 'zod'
import { EDGE_KINDS, NODE_KINDS } from '../topology.ts'
import { RUN_OUTCOMES, scenarioNote } from './scenarios.ts'
import { windowAnswer, windowParameters } from './window.ts'

/** Either one run (`run`) or a group of them (`cohort=key:value` with start and end). */
export const replayParameters = windowParameters.extend({
  run: z.string().max(600).optional(),
  cohort: z
    .string()
    .max(600)
    .optional()
    .meta({ description: 'key:value of an attribute, as service.version:4.12.3', examples: ['device.model:HZ55E5D'] }),
})

export const sessionReplayParameters = windowParameters

export const FRAME_STATES = ['ok', 'slow', 'error'] as const

export const replayNode = z
  .object({ id: z.string(), name: z.string(), kind: z.enum(NODE_KINDS), environment: z.string(), cluster: z.string(), namespace: z.string() })
  .meta({ id: 'ReplayNode' })
export type ReplayNode = z.infer<typeof replayNode>

export const replayEdge = z.object({ id: z.string(), source: z.string(), target: z.string(), kind: z.enum(EDGE_KINDS) }).meta({ id: 'ReplayEdge' })
export type ReplayEdge = z.infer<typeof replayEdge>

/** Something the viewer lived. */
export const replayEvent = z
  .object({
    kind: z.enum(['step', 'request', 'event', 'log']),
    name: z.string(),
    service: z.string(),
    /** Step of the scenario, null when it is none. */
    step: z.string().nullable(),
    /** After the start of the replay. */
    offsetMs: z.number(),
    durationMs: z.number(),
    traceId: z.string(),
    spanId: z.string(),
    status: z.enum(FRAME_STATES),
    /** First frame of it; null when it made no edge light up. */
    frame: z.number().int().nullable(),
  })
  .meta({ id: 'ReplayEvent' })
export type ReplayEvent = z.infer<typeof replayEvent>

/** One call: an edge lights up. In order of start. */
export const replayFrame = z
  .object({
    event: z.number().int().meta({ description: 'Index into events' }),
    offsetMs: z.number(),
    edge: z.string().meta({ description: 'Edge id' }),
    operation: z.string(),
    latencyMs: z.number(),
    /** p50 of this edge over everybody in the minute of the call; null when it is not known. */
    cohortP50Ms: z.number().nullable(),
    /** slow: more than three times the cohort's p50 and at least 10 ms more, or most of the critical path of a step that took longer than its slowMs. */
    state: z.enum(FRAME_STATES),
    traceId: z.string(),
    spanId: z.string(),
  })
  .meta({ id: 'ReplayFrame' })
export type ReplayFrame = z.infer<typeof replayFrame>

const runReplay = z.object({
  mode: z.literal('run'),
  key: z.string(),
  start: z.string(),
  durationMs: z.number(),
  /** Null of a session. */
  outcome: z.enum(RUN_OUTCOMES).nullable(),
  nodes: z.array(replayNode),
  edges: z.array(replayEdge),
  events: z.array(replayEvent),
  frames: z.array(replayFrame),
  notes: z.array(scenarioNote),
})

/** One minute of a group of runs against everybody. */
const cohortFrame = z.object({
  time: z.string(),
  traces: z.number().int(),
  edges: z.array(
    z.object({
      edge: z.string(),
      calls: z.number(),
      errors: z.number(),
      p50Ms: z.number(),
      /** Of everyone, the cohort included, from the map of that minute. */
      everyoneP50Ms: z.number().nullable(),
      everyoneCalls: z.number(),
      state: z.enum(FRAME_STATES),
    }),
  ),
})

const cohortReplay = z.object({
  mode: z.literal('cohort'),
  cohort: z.object({ key: z.string(), value: z.string() }),
  window: windowAnswer,
  nodes: z.array(replayNode),
  edges: z.array(replayEdge),
  frames: z.array(cohortFrame),
  notes: z.array(scenarioNote),
})

export const replayAnswer = z.discriminatedUnion('mode', [runReplay, cohortReplay]).meta({ id: 'Replay' })
export type ReplayAnswer = z.infer<typeof replayAnswer>
export type RunReplay = z.infer<typeof runReplay>
export type CohortReplay = z.infer<typeof cohortReplay>
