import type { StepFate } from '@skein/schemas/api/scenarios'
import { formRuns, metFate, type Run, type RunRules } from './form-runs.ts'
import type { MatchColumns } from './match-columns.ts'

/** Names a run: where it starts and the hash of its key (16 hex digits). */
export interface RunName {
  start: number
  hash: string
}

export interface RunChoice {
  limit: number
  /** Indexes into `RUN_OUTCOMES`. */
  outcomes: ReadonlySet<number>
  step?: { at: number; fate: StepFate }
  after?: RunName
}

/** A run that stays as it is. */
export type FoundRun = Readonly<Pick<Run, 'first' | 'start' | 'end' | 'outcome' | 'hit' | 'miss'>>

/** The newest runs seen, newest first. */
export interface NewestRuns {
  see(run: Run): void
  runs(): FoundRun[]
}

/** The newest runs after a position; keeps no more than a few pages of them at a time, and does not look twice at older ones than those. */
export function createNewestRuns(matches: MatchColumns, { limit, outcomes, step, after }: RunChoice): NewestRuns {
  let found: FoundRun[] = []
  let oldest = Number.NEGATIVE_INFINITY
  const newestFirst = (a: FoundRun, b: FoundRun): number => b.start - a.start || (hashOf(matches, a.first) < hashOf(matches, b.first) ? 1 : -1)
  const trim = (): void => {
    found = found.sort(newestFirst).slice(0, limit)
    if (found.length === limit) oldest = found.at(-1)?.start ?? oldest
  }
  return {
    see(run) {
      if (run.start < oldest || !outcomes.has(run.outcome)) return
      if (step !== undefined && !metFate(run, step.at, step.fate)) return
      if (after !== undefined && (run.start > after.start || (run.start === after.start && hashOf(matches, run.first) >= after.hash))) return
      const { first, start, end, outcome, hit, miss } = run
      found.push({ first, start, end, outcome, hit: hit.slice(), miss: miss.slice() })
      if (found.length >= limit * 4 + 100) trim()
    },
    runs() {
      trim()
      return found
    },
  }
}

export function newestRuns(matches: MatchColumns, rules: RunRules, choice: RunChoice): FoundRun[] {
  const newest = createNewestRuns(matches, choice)
  formRuns(matches, rules, newest.see)
  return newest.runs()
}

export function hashOf({ keys }: MatchColumns, match: number): string {
  return [keys[match * 2 + 1]!, keys[match * 2]!].map((half) => half.toString(16).padStart(8, '0')).join('')
}
