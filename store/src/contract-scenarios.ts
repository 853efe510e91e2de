import type { RunOutcome, StepFate } from '@skein/schemas/api/scenarios'
import type { Histogram } from '@skein/schemas/histogram'
import type { StepMatch } from '@skein/schemas/scenario'
import type { TenantWindow } from './contract-terms.ts'
import type { SpanRow } from './contract-traces.ts'

export interface ScenarioStepQuestion {
  match: StepMatch
  optional: boolean
  slowNs: number | null
}

/** A scenario asked about a window of starts. */
export interface ScenarioQuestion extends TenantWindow {
  steps: readonly ScenarioStepQuestion[]
  /** Index of the step that is success. */
  success: number
  /** Span attributes that are the key, the first there is; null = the trace. */
  keys: readonly string[] | null
  withinMs: number
  /** Stored spans, or the matches that ingest wrote for a version of a scenario. */
  from: 'spans' | { scenario: string; version: number }
  nowMs: number
  /** Only this key's runs. */
  key?: string
}

/** Counts of the keys looked at: one in `oneIn`. */
export interface ScenarioFunnel {
  oneIn: number
  /** One key has so many matches that not all were looked at. */
  cut: boolean
  /** Matches of all keys, and those of records without a key. A record that is two steps is two. */
  matches: number
  withoutKey: number
  outcomes: Record<RunOutcome, number>
  steps: { reached: number; dropped: number; errors: number; slow: number; took: Histogram }[]
  /** By start, only those with runs. */
  points: { timeMs: number; starts: number; successes: number; reached: number[] }[]
  sample: RunRow[]
}

/** A match that made or missed a step. */
export interface RunStep {
  /** Unix ns, decimal. */
  atNs: string
  durationNs: number
  traceId: string
  spanId: string
}

export interface RunRow {
  key: string
  startNs: string
  /** When its time is over. */
  endNs: string
  outcome: RunOutcome
  steps: { reached: RunStep | null; erred: RunStep | null }[]
  /** Its position, for the page after. */
  after: string
}

export interface RunPage {
  limit: number
  outcomes?: readonly RunOutcome[]
  /** `at` is the index of a step of the question. */
  step?: { at: number; fate: StepFate }
  after?: string
}

/** Runs are formed when asked, so late, repeated and reordered records change nothing but what they should. */
export interface ScenarioQuestions {
  /** Points of `stepSeconds` from the start of the window on; and the newest `sample` runs of each outcome. */
  funnel(question: ScenarioQuestion, options: { stepSeconds: number; sample: number }): Promise<ScenarioFunnel>
  /** Newest start first; of a sample when there are very many. With `step` those that the funnel counts so at that step. */
  runs(question: ScenarioQuestion, page: RunPage): Promise<RunRow[]>
  /** Spans of traces of a window, each trace's once and by start; with `spanIds` only those. At most `limit` in all. */
  spans(window: TenantWindow, wanted: { traceIds: readonly string[]; spanIds?: readonly string[]; limit: number }): Promise<Map<string, SpanRow[]>>
  /** What sessions did, in order: sequences of entries, the most frequent first. */
  entries(window: TenantWindow, sessions: number): Promise<{ sessions: number; entries: { service: string; operation: string }[] }[]>
}
