import { addHistograms } from '@skein/schemas/histogram'
import { keyAttributes, type ScenarioDefinition, type ScenarioVersion, withinMs } from '@skein/schemas/scenario'
import type { ScenarioFunnel, ScenarioQuestion } from '@skein/store/contract-scenarios'
import type { Window } from '../window.ts'

/** How much later than it starts a record may be received and still count as one of its time: from then on the matches of a version are whole. */
const SETTLE_MS = 60_000

export interface Asked extends Window {
  tenant: string
  nowMs: number
}

/** A version of a scenario, or a definition that nobody saved. */
export type Evaluated = { definition: ScenarioDefinition; saved: { id: string; version: ScenarioVersion } | null }

export function spanQuestion({ definition }: Evaluated, asked: Asked): ScenarioQuestion {
  return {
    ...asked,
    steps: definition.steps.map(({ match, optional, slowMs }) => ({ match, optional: optional === true, slowNs: slowMs === undefined ? null : slowMs * 1e6 })),
    success: definition.steps.findIndex(({ name }) => name === definition.success),
    keys: keyAttributes(definition.key),
    withinMs: withinMs(definition),
    from: 'spans',
  }
}

/**
 * The window in at most two parts: runs that start before the matches of this version are whole are formed from stored spans, later ones from
 * those matches. Each run starts in exactly one part, and each part sees all matches of its runs.
 */
export function questionsOf(evaluated: Evaluated, asked: Asked, stepMs = 1): ScenarioQuestion[] {
  const question = spanQuestion(evaluated, asked)
  if (evaluated.saved === null) return [question]
  const { id, version } = evaluated.saved
  const wholeMs = version.effectiveFromMs + question.withinMs + SETTLE_MS
  const fromMs = asked.startMs + Math.ceil(Math.max(0, wholeMs - asked.startMs) / stepMs) * stepMs
  const parts: ScenarioQuestion[] = []
  if (fromMs > asked.startMs) parts.push({ ...question, endMs: Math.min(fromMs, asked.endMs) })
  if (fromMs < asked.endMs) parts.push({ ...question, startMs: fromMs, from: { scenario: id, version: version.version } })
  return parts
}

/** Counts of the whole, each part's multiplied by its sampling. */
export function addFunnels(parts: readonly ScenarioFunnel[]): ScenarioFunnel {
  const scaled = parts.map(scale)
  const sum = (pick: (part: ScenarioFunnel) => number): number => scaled.reduce((total, part) => total + pick(part), 0)
  const [first, ...others] = scaled
  if (first === undefined) throw new Error('a funnel of nothing')
  return {
    oneIn: Math.max(...scaled.map((part) => part.oneIn)),
    cut: scaled.some((part) => part.cut),
    matches: sum((part) => part.matches),
    withoutKey: sum((part) => part.withoutKey),
    outcomes: { ok: sum(outcome('ok')), slow: sum(outcome('slow')), failed: sum(outcome('failed')), lost: sum(outcome('lost')), open: sum(outcome('open')) },
    steps: first.steps.map((step, at) => others.reduce((total, part) => addStep(total, part.steps[at]), step)),
    points: scaled.flatMap((part) => part.points),
    sample: scaled.flatMap((part) => part.sample).toSorted((a, b) => (BigInt(a.startNs) < BigInt(b.startNs) ? 1 : -1)),
  }
}

const outcome = (which: keyof ScenarioFunnel['outcomes']) => (part: ScenarioFunnel) => part.outcomes[which]

type Step = ScenarioFunnel['steps'][number]

function addStep(a: Step, b: Step | undefined): Step {
  if (b === undefined) return a
  return {
    reached: a.reached + b.reached,
    dropped: a.dropped + b.dropped,
    errors: a.errors + b.errors,
    slow: a.slow + b.slow,
    took: addHistograms(a.took, b.took),
  }
}

function scale(part: ScenarioFunnel): ScenarioFunnel {
  const { oneIn } = part
  if (oneIn === 1) return part
  const times = (count: number): number => count * oneIn
  return {
    ...part,
    outcomes: Object.fromEntries(Object.entries(part.outcomes).map(([name, count]) => [name, times(count)])) as ScenarioFunnel['outcomes'],
    steps: part.steps.map((step) => ({
      reached: times(step.reached),
      dropped: times(step.dropped),
      errors: times(step.errors),
      slow: times(step.slow),
      took: { from: step.took.from, counts: Float64Array.from(step.took.counts, times) },
    })),
    points: part.points.map((point) => ({ ...point, starts: times(point.starts), successes: times(point.successes), reached: point.reached.map(times) })),
  }
}
