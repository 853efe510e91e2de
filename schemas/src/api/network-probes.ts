import { z } from 'zod'
import { PROBE_LABEL } from '../agent-probe.ts'
import { noteOf } from './note.ts'
import { windowAnswer, windowParameters } from './window.ts'

/** Nothing came in at all, or more probes came in than are looked at (the newest are), or their ends lack the label. */
export const PROBE_NOTE_CODES = ['no_probes', 'truncated', 'without_label'] as const

/** `GET /api/network-probes`. Ways are put together by the node at each end, or by what a label says of it. */
export const networkProbesParameters = windowParameters.extend({
  by: z
    .string()
    .regex(PROBE_LABEL)
    .optional()
    .meta({ description: 'node (the default), or the name of a label', examples: ['node', 'network', 'zone'] }),
})

/** Of the probes that took the measure; null when none did. `p95` is the bad end: of what is better when more, 95 % had at least it. */
const probeMeasure = z.object({ samples: z.number(), median: z.number(), p95: z.number() }).nullable().meta({ id: 'ProbeMeasure' })
export type ProbeMeasureAnswer = z.infer<typeof probeMeasure>

const networkWay = z
  .object({
    /** Node, or value of the label; '' = it has none. */
    from: z.string(),
    to: z.string(),
    /** Ways between two nodes that are in it. */
    ways: z.number(),
    probes: z.number(),
    /** Probes of which a measure failed, and what the newest of them said. */
    failed: z.number(),
    error: z.string().nullable(),
    /** RFC 3339. */
    newest: z.string(),
    connectMs: probeMeasure,
    httpP50Ms: probeMeasure,
    httpP95Ms: probeMeasure,
    requestsPerSecond: probeMeasure,
    downBytesPerSecond: probeMeasure,
    upBytesPerSecond: probeMeasure,
  })
  .meta({ id: 'NetworkWay' })
export type NetworkWay = z.infer<typeof networkWay>

export const networkProbesAnswer = z
  .object({
    window: windowAnswer,
    by: z.string(),
    /** Names of labels that any end has. */
    labels: z.array(z.string()),
    ways: z.array(networkWay),
    notes: z.array(noteOf(PROBE_NOTE_CODES).meta({ id: 'ProbeNote' })),
  })
  .meta({ id: 'NetworkProbes' })
export type NetworkProbesAnswer = z.infer<typeof networkProbesAnswer>
