import type { NoteValues } from '@skein/schemas/api/note'
import type { FunnelAnswer, FunnelStep, ScenarioNote, ScenarioRun, ScenarioView } from '@skein/schemas/api/scenarios'
import type { ScenarioDefinition, ScenarioRecord } from '@skein/schemas/scenario'
import type { RunRow, ScenarioFunnel } from '@skein/store/contract-scenarios'
import type { Store } from '@skein/store/contract'
import { histogramPercentiles, toMs } from '../milliseconds.ts'
import { isoTime, seriesSteps, windowAnswerOf } from '../window.ts'
import { blamedOf } from './blame.ts'
import { cohortsOf } from './cohorts.ts'
import { addFunnels, type Asked, type Evaluated, questionsOf } from './question.ts'

const MAX_POINTS = 240
/** Runs of each outcome that are looked at more closely. */
const SAMPLE = 40

export async function readFunnel(store: Store, evaluated: Evaluated, asked: Asked): Promise<Omit<FunnelAnswer, 'scenario'>> {
  const { stepSeconds } = seriesSteps(asked, MAX_POINTS)
  const questions = questionsOf(evaluated, asked, stepSeconds * 1000)
  const parts = await Promise.all(questions.map((question) => store.scenarios.funnel(question, { stepSeconds, sample: SAMPLE })))
  const whole = addFunnels(parts)
  const [blamed, cohorts] = await Promise.all([blamedOf(store.scenarios, asked, whole.sample), cohortsOf(store, asked, whole.sample)])
  const starts = Object.values(whole.outcomes).reduce((sum, count) => sum + count, 0)
  const successes = whole.outcomes.ok + whole.outcomes.slow
  const backfilled = questions.some((question) => question.from === 'spans')
  return {
    window: windowAnswerOf(asked),
    starts,
    successes,
    open: whole.outcomes.open,
    failed: whole.outcomes.failed,
    slow: whole.outcomes.slow,
    conversion: ratio(successes, starts - whole.outcomes.open),
    steps: stepsOf(evaluated.definition, whole, starts),
    series: seriesOf(evaluated.definition, whole, { asked, stepMs: stepSeconds * 1000 }),
    blamed: blamed.blamed,
    cohorts: cohorts.cohorts,
    evaluated: backfilled ? 'backfilled' : 'streaming',
    sampling: whole.oneIn,
    notes: [...funnelNotes(evaluated, whole, starts), ...blamed.notes, ...cohorts.notes, ...(backfilled && evaluated.saved !== null ? [BACKFILLED] : [])],
  }
}

const BACKFILLED: ScenarioNote = {
  code: 'backfilled',
  message: 'A part of the window is older than this version: its runs are formed from stored spans',
  count: 0,
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function stepsOf(definition: ScenarioDefinition, whole: ScenarioFunnel, starts: number): FunnelStep[] {
  return definition.steps.map(({ name, optional }, at) => {
    const step = whole.steps[at]
    if (step === undefined) throw new Error(`step ${at} was not counted`)
    const { reached, dropped, errors, slow, took } = step
    const times = histogramPercentiles(took)
    return {
      name,
      optional: optional === true,
      reached,
      conversion: ratio(reached, starts),
      // who still has time is no verdict yet
      fromPrevious: ratio(reached, reached + dropped),
      dropped,
      errors,
      slow,
      timeMs: times === null ? null : { p50: times.p50Ms, p95: times.p95Ms, p99: times.p99Ms },
    }
  })
}

function seriesOf(definition: ScenarioDefinition, whole: ScenarioFunnel, { asked, stepMs }: { asked: Asked; stepMs: number }): FunnelAnswer['series'] {
  const byTime = new Map(whole.points.map((point) => [point.timeMs, point]))
  const times = Array.from({ length: Math.ceil((asked.endMs - asked.startMs) / stepMs) }, (_, at) => asked.startMs + at * stepMs)
  return times.map((timeMs) => {
    const point = byTime.get(timeMs)
    return {
      time: isoTime(timeMs),
      starts: point?.starts ?? 0,
      successes: point?.successes ?? 0,
      reached: point?.reached ?? definition.steps.map(() => 0),
    }
  })
}

function funnelNotes({ definition }: Evaluated, whole: ScenarioFunnel, starts: number): ScenarioNote[] {
  const notes: ScenarioNote[] = []
  const { key } = definition
  const say = (code: ScenarioNote['code'], message: string, count: number, values: NoteValues = {}): void => void notes.push({ code, message, count, values })
  const device = definition.steps.filter(({ match }) => match.kind === 'device')
  const steps = device.map(({ name }) => name).join(', ')
  if (device.length > 0) say('no_device_records', `Steps of device records cannot be reached yet: ${steps}`, device.length, { steps })
  const step = definition.steps[0]?.name ?? ''
  if (starts === 0) say('no_matches', `No record in this window matches the first step, ${step}`, whole.matches, { step })
  if (whole.withoutKey > 0) say('no_key', `Records that match a step but have no ${key}: they belong to no run`, whole.withoutKey, { key })
  if (whole.oneIn > 1) say('sampled_keys', `One ${key} in ${whole.oneIn} was looked at, always the same ones; counts are multiplied`, whole.oneIn, { key })
  if (whole.cut) say('cut_keys', `One value of ${key} has so many records that not all were looked at: it is hardly one customer`, 1, { key })
  if (whole.outcomes.open > 0) say('open_runs', 'Runs that have not succeeded and still have time', whole.outcomes.open)
  return notes
}

export function scenarioViewOf(record: ScenarioRecord): ScenarioView {
  const last = record.versions.at(-1)
  if (last === undefined) throw new Error(`scenario ${record.id} has no version`)
  return {
    id: record.id,
    version: last.version,
    definition: last.definition,
    createdAt: isoTime(record.createdAtMs),
    updatedAt: isoTime(record.updatedAtMs),
    effectiveFrom: isoTime(last.effectiveFromMs),
  }
}

export function runViewOf(definition: ScenarioDefinition, run: RunRow): ScenarioRun {
  const lastNs = run.steps.reduce((last, { reached }) => (reached !== null && BigInt(reached.atNs) > last ? BigInt(reached.atNs) : last), BigInt(run.startNs))
  return {
    id: `${run.startNs}-${run.key}`,
    key: run.key,
    start: isoTime(Number(BigInt(run.startNs) / 1_000_000n)),
    outcome: run.outcome,
    durationMs: toMs(Number(lastNs - BigInt(run.startNs))),
    steps: definition.steps.map((step, at) => runStepOf(step, run, at)),
  }
}

function runStepOf({ name, slowMs }: ScenarioDefinition['steps'][number], run: RunRow, at: number): ScenarioRun['steps'][number] {
  const { reached = null, erred = null } = run.steps[at] ?? {}
  const match = reached ?? erred
  if (match === null) return { name, state: 'missing', offsetMs: null, durationMs: null, traceId: null, spanId: null }
  const slow = slowMs !== undefined && match.durationNs > slowMs * 1e6
  return {
    name,
    state: reached === null ? 'error' : slow ? 'slow' : 'reached',
    offsetMs: toMs(Number(BigInt(match.atNs) - BigInt(run.startNs))),
    durationMs: toMs(match.durationNs),
    traceId: match.traceId,
    spanId: match.spanId,
  }
}
