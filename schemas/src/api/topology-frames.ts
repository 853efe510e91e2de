import { z } from 'zod'
import { compareNote } from './compare-note.ts'
import { scopeParameters, windowAnswer } from './window.ts'

/** `stepSeconds`: a whole number of minutes; by default the smallest that makes at most 300 frames. */
export const topologyFramesParameters = scopeParameters.extend({
  stepSeconds: z.coerce.number().int().min(60).max(86_400).multipleOf(60).optional(),
})

/** One value an edge, in the order of `edges`. */
const values = z.array(z.number().nullable())

export const topologyFrame = z
  .object({
    /** Start of the step. */
    time: z.string(),
    /** Null: the edge had no call in this step. */
    calls: values,
    errors: values,
    /** Of the callers' durations, else of the callees'; null when nothing was measured. */
    p95Ms: values,
  })
  .meta({ id: 'TopologyFrame' })
export type TopologyFrame = z.infer<typeof topologyFrame>

/** Time travel: edge ids are those of `/api/topology` for the same window and scope. A step without any span is a frame of nulls. */
export const topologyFramesAnswer = z
  .object({
    window: windowAnswer,
    stepSeconds: z.number().int(),
    edges: z.array(z.string()),
    frames: z.array(topologyFrame),
    notes: z.array(compareNote),
  })
  .meta({ id: 'TopologyFrames' })
export type TopologyFramesAnswer = z.infer<typeof topologyFramesAnswer>
