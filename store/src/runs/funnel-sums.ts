import { RUN_OUTCOMES, type RunOutcome } from '@skein/schemas/api/scenarios'
import { HISTOGRAM_MAX_BUCKET, histogramBucket, histogramOf } from '@skein/schemas/histogram'
import type { ScenarioFunnel } from '../contract-scenarios.ts'
import { formRuns, metFate, type Run, type RunRules } from './form-runs.ts'
import type { MatchColumns } from './match-columns.ts'
import { createNewestRuns, type FoundRun } from './newest-runs.ts'

interface StepCounts {
  reached: number
  dropped: number
  errors: number
  slow: number
  took: Uint32Array
}

/** Points by their place: how many `stepNs` after the first start. */
export interface FunnelSums extends Pick<ScenarioFunnel, 'outcomes' | 'steps'> {
  points: ({ place: number } & Omit<ScenarioFunnel['points'][number], 'timeMs'>)[]
  newest: FoundRun[]
}

/** Counts of all runs and by `stepNs` of start, and the `newest` of each outcome, outcome by outcome. */
export function sumFunnel(matches: MatchColumns, rules: RunRules, { stepNs, newest }: { stepNs: number; newest: number }): FunnelSums {
  const byOutcome = newest === 0 ? [] : RUN_OUTCOMES.map((_, at) => createNewestRuns(matches, { limit: newest, outcomes: new Set([at]) }))
  const outcomes = RUN_OUTCOMES.map(() => 0)
  const steps = rules.steps.map((): StepCounts => ({ reached: 0, dropped: 0, errors: 0, slow: 0, took: new Uint32Array(HISTOGRAM_MAX_BUCKET + 2) }))
  const points = new Map<number, { starts: number; successes: number; reached: number[] }>()
  formRuns(matches, rules, (run) => {
    outcomes[run.outcome]!++
    byOutcome[run.outcome]?.see(run)
    const place = Math.floor((run.start - rules.from) / stepNs)
    const known = points.get(place)
    const point = known ?? { starts: 0, successes: 0, reached: rules.steps.map(() => 0) }
    if (known === undefined) points.set(place, point)
    point.starts++
    if (run.hit[rules.success]! >= 0) point.successes++
    for (let at = 0; at < steps.length; at++) {
      if (metFate(run, at, 'reached')) point.reached[at]!++
      countStep(matches, run, steps[at]!, at)
    }
  })
  return {
    outcomes: Object.fromEntries(RUN_OUTCOMES.map((outcome, at) => [outcome, outcomes[at]])) as Record<RunOutcome, number>,
    steps: steps.map(({ took, ...counts }) => ({ ...counts, took: histogramFrom(took) })),
    points: [...points].sort(([a], [b]) => a - b).map(([place, point]) => ({ place, ...point })),
    newest: byOutcome.flatMap((own) => own.runs()),
  }
}

function countStep(matches: MatchColumns, run: Run, step: StepCounts, at: number): void {
  if (metFate(run, at, 'slow')) step.slow++
  if (metFate(run, at, 'erred')) step.errors++
  if (metFate(run, at, 'dropped')) step.dropped++
  if (!metFate(run, at, 'reached')) return
  step.reached++
  step.took[histogramBucket(matches.took[run.hit[at]!]!) + 1]!++
}

function histogramFrom(took: Uint32Array) {
  const entries: [number, number][] = []
  took.forEach((count, at) => {
    if (count > 0) entries.push([at - 1, count])
  })
  return histogramOf(entries)
}
