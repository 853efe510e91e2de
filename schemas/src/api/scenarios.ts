import { z } from 'zod'
import { NODE_KINDS } from '../topology.ts'
import { scenarioDefinition } from '../scenario.ts'
import { noteOf } from './note.ts'
import { windowAnswer, windowParameters } from './window.ts'

export const scenarioView = z
  .object({
    id: z.string(),
    version: z.number().int().meta({ description: 'Grows with every change' }),
    definition: scenarioDefinition,
    createdAt: z.string(),
    updatedAt: z.string(),
    /** Records received from here on are matched as they come. */
    effectiveFrom: z.string(),
  })
  .meta({ id: 'Scenario' })
export type ScenarioView = z.infer<typeof scenarioView>

export const scenariosAnswer = z.object({ scenarios: z.array(scenarioView) }).meta({ id: 'Scenarios' })
export type ScenariosAnswer = z.infer<typeof scenariosAnswer>

/** `version` is the one that was read: a change by somebody else in between is a conflict. */
export const scenarioChange = z.object({ version: z.number().int().positive().optional(), definition: scenarioDefinition }).meta({ id: 'ScenarioChange' })
export type ScenarioChange = z.infer<typeof scenarioChange>

/** ok: the success step was reached and no step was slow. slow: reached, a step took longer than its slowMs. failed: not reached, and the step that was due erred. lost: not reached, nothing erred. open: still has time. */
export const RUN_OUTCOMES = ['ok', 'slow', 'failed', 'lost', 'open'] as const
export type RunOutcome = (typeof RUN_OUTCOMES)[number]

/** reached: the run got to the step. dropped: it was due, time is over, and it was not reached. erred: tried and erred before it was reached, if it was. slow: reached, and took longer than slowMs. The runs that a funnel counts at a step. */
export const STEP_FATES = ['reached', 'dropped', 'erred', 'slow'] as const
export type StepFate = (typeof STEP_FATES)[number]

const stepTimes = z.object({ p50: z.number(), p95: z.number(), p99: z.number() })

export const funnelStep = z
  .object({
    name: z.string(),
    optional: z.boolean(),
    /** Runs that got here. */
    reached: z.number(),
    conversion: z.number().nullable().meta({ description: 'Of all starts' }),
    fromPrevious: z.number().nullable().meta({ description: 'Of the runs that reached the required step before, but for those that still have time' }),
    /** Runs that reached the required step before and, with no time left, not this one. */
    dropped: z.number(),
    /** Runs in which this step was tried and erred before it was reached, if it was. */
    errors: z.number(),
    /** Runs in which it took longer than slowMs. */
    slow: z.number(),
    /** Duration of the record that is the step, in ms. */
    timeMs: stepTimes.nullable(),
  })
  .meta({ id: 'FunnelStep' })
export type FunnelStep = z.infer<typeof funnelStep>

/** `service`: its own work. `network`: between a client span and its server span. `clientWait`: a call whose other side is not known. `queueWait`: between a producer's end and its consumer's start. */
export const BLAMED_PARTS = ['service', 'network', 'clientWait', 'queueWait'] as const

const blamedPlace = z.object({ kind: z.enum(NODE_KINDS), name: z.string() })

export const blamedNode = z
  .object({
    node: blamedPlace,
    operation: z.string(),
    part: z.enum(BLAMED_PARTS),
    edge: z
      .object({ source: blamedPlace, target: blamedPlace })
      .nullable()
      .meta({ description: 'Where network, clientWait or queueWait was spent, as on the map; null of own work, and of a call that names no peer' }),
    failedRuns: z.number().int(),
    slowRuns: z.number().int(),
    /** Time on the critical paths of these runs, together. */
    selfMs: z.number(),
    exemplars: z.array(z.object({ run: z.string(), traceId: z.string(), outcome: z.enum(RUN_OUTCOMES) })),
  })
  .meta({ id: 'BlamedNode' })
export type BlamedNode = z.infer<typeof blamedNode>

export const cohort = z
  .object({
    key: z.string(),
    value: z.string(),
    runs: z.number().int(),
    successes: z.number().int(),
    conversion: z.number(),
    /** Of the runs that were lost or failed, how many are of this cohort. */
    lostShare: z.number(),
    /** Of the others. */
    otherShare: z.number(),
  })
  .meta({ id: 'Cohort' })
export type Cohort = z.infer<typeof cohort>

/** Stable codes: what a reader of a funnel has to know. */
export const SCENARIO_NOTES = [
  'no_matches',
  'no_key',
  'sampled_keys',
  'open_runs',
  'sampled_runs',
  'sampled_cohorts',
  'cut_keys',
  'no_device_records',
  'backfilled',
] as const
export const scenarioNote = noteOf(SCENARIO_NOTES).meta({ id: 'ScenarioNote' })
export type ScenarioNote = z.infer<typeof scenarioNote>

export const funnelAnswer = z
  .object({
    window: windowAnswer,
    /** Null of a preview. */
    scenario: scenarioView.nullable(),
    starts: z.number(),
    successes: z.number(),
    open: z.number().meta({ description: 'Runs that have not succeeded and still have time' }),
    failed: z.number(),
    slow: z.number(),
    conversion: z.number().nullable().meta({ description: 'Successes of all runs but the open ones' }),
    steps: z.array(funnelStep),
    series: z.array(z.object({ time: z.string(), starts: z.number(), successes: z.number(), reached: z.array(z.number()) })),
    blamed: z.array(blamedNode),
    cohorts: z.array(cohort),
    /** streaming: from matches made as records came. backfilled: at least in part from stored spans, for times before this version. */
    evaluated: z.enum(['streaming', 'backfilled']),
    /** 1: every run was counted. n: one key in n, counts multiplied. */
    sampling: z.number().int(),
    notes: z.array(scenarioNote),
  })
  .meta({ id: 'Funnel' })
export type FunnelAnswer = z.infer<typeof funnelAnswer>

export const funnelParameters = windowParameters

export const runsParameters = windowParameters.extend({
  outcome: z.enum(RUN_OUTCOMES).optional(),
  step: z.string().optional().meta({ description: 'Name of a step: only the runs that its funnel counts there' }),
  fate: z.enum(STEP_FATES).optional().meta({ description: 'Which of the counts of `step`; reached unless given' }),
  limit: z.coerce.number().int().min(1).max(500).optional(),
  cursor: z.string().optional(),
})

export const scenarioRun = z
  .object({
    /** Names this run in replay: its start in Unix ns, a dash, its key. */
    id: z.string(),
    key: z.string(),
    start: z.string(),
    outcome: z.enum(RUN_OUTCOMES),
    /** From the start to the last step reached. */
    durationMs: z.number(),
    steps: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['reached', 'slow', 'error', 'missing']),
        /** After the start of the run; null when neither reached nor tried. */
        offsetMs: z.number().nullable(),
        durationMs: z.number().nullable(),
        traceId: z.string().nullable(),
        spanId: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ScenarioRun' })
export type ScenarioRun = z.infer<typeof scenarioRun>

export const runsAnswer = z.object({ window: windowAnswer, runs: z.array(scenarioRun), cursor: z.string().nullable() }).meta({ id: 'ScenarioRuns' })
export type RunsAnswer = z.infer<typeof runsAnswer>

export const proposalsParameters = windowParameters

/** A scenario that sessions already live: frequent sequences of entries. */
export const proposal = z
  .object({
    definition: scenarioDefinition,
    /** Sessions in which its steps come in this order. */
    sessions: z.number().int(),
    support: z.number().meta({ description: 'Of all sessions looked at' }),
  })
  .meta({ id: 'ScenarioProposal' })
export type Proposal = z.infer<typeof proposal>

export const proposalsAnswer = z
  .object({ window: windowAnswer, sessions: z.number().int().meta({ description: 'Sessions looked at' }), proposals: z.array(proposal) })
  .meta({ id: 'ScenarioProposals' })
export type ProposalsAnswer = z.infer<typeof proposalsAnswer>
