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

/** Names of the newest runs seen, newest first. */
export interface NewestRuns {
  see(run: Run): void
  names(): RunName[]
}

/** The newest runs after a position; keeps no more than a few pages of them at a time, and does not look twice at older ones than those. */
export function createNewestRuns(matches: MatchColumns, { limit, outcomes, step, after }: RunChoice): NewestRuns {
  let found: RunName[] = []
  let oldest = Number.NEGATIVE_INFINITY
  const trim = (): void => {
    found = found.sort(newestFirst).slice(0, limit)
    if (found.length === limit) oldest = found.at(-1)?.start ?? oldest
  }
  return {
    see(run) {
      if (run.start < oldest || !outcomes.has(run.outcome)) return
      if (step !== undefined && !metFate(run, step.at, step.fate)) return
      if (after !== undefined && run.start > after.start) return
      const name = { start: run.start, hash: hashOf(matches, run.first) }
      if (after !== undefined && newestFirst(name, after) <= 0) return
      found.push(name)
      if (found.length >= limit * 4 + 100) trim()
    },
    names() {
      trim()
      return found
    },
  }
}

export function newestRuns(matches: MatchColumns, rules: RunRules, choice: RunChoice): RunName[] {
  const newest = createNewestRuns(matches, choice)
  formRuns(matches, rules, newest.see)
  return newest.names()
}

function newestFirst(a: RunName, b: RunName): number {
  return b.start - a.start || (a.hash < b.hash ? 1 : a.hash > b.hash ? -1 : 0)
}

export function hashOf({ keys }: MatchColumns, match: number): string {
  return [keys[match * 2 + 1]!, keys[match * 2]!].map((half) => half.toString(16).padStart(8, '0')).join('')
}
