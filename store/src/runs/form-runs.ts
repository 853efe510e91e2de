import { RUN_OUTCOMES, type StepFate } from '@skein/schemas/api/scenarios'
import type { ScenarioStepQuestion } from '../contract-scenarios.ts'
import { hasKey, type MatchColumns, sameKey, sortMatches } from './match-columns.ts'

/** What runs are formed by; times in ns after the origin of the matches. */
export interface RunRules {
  steps: readonly Pick<ScenarioStepQuestion, 'optional' | 'slowNs'>[]
  success: number
  within: number
  /** Runs that start in `from ≤ start < to` are told. */
  from: number
  to: number
  /** A run whose time is not over by then is open. */
  now: number
}

/** One run; the same object each time, changed before each call. */
export interface Run {
  /** Number of the match that is the start. */
  first: number
  start: number
  end: number
  /** Index into `RUN_OUTCOMES`. */
  outcome: number
  /** Number of the match by which each step was reached, −1 = not. */
  readonly hit: Int32Array
  /** Number of the first match with error before that, −1 = none. */
  readonly miss: Int32Array
  /** 1 where the required step before was reached. */
  readonly due: Uint8Array
  /** 1 where the step took longer than it may. */
  readonly slow: Uint8Array
}

const outcomeIndex = (outcome: (typeof RUN_OUTCOMES)[number]): number => RUN_OUTCOMES.indexOf(outcome)
const OK = outcomeIndex('ok')
const SLOW = outcomeIndex('slow')
const FAILED = outcomeIndex('failed')
const LOST = outcomeIndex('lost')
const OPEN = outcomeIndex('open')

/**
 * A match of the first step starts a run, unless the match before it, at most `within` ago, was one too: trying again is the same run. A run lasts
 * `within`, or until the next starts. A step is reached by its first match without error at or after the required step reached before it; a
 * required step that is not reached ends the run there. The same record twice changes nothing. Records without a key belong to no run.
 */
export function formRuns(matches: MatchColumns, rules: RunRules, visit: (run: Run) => void): void {
  const order = sortMatches(matches)
  const count = rules.steps.length
  const run: Run = {
    first: 0,
    start: 0,
    end: 0,
    outcome: 0,
    hit: new Int32Array(count),
    miss: new Int32Array(count),
    due: new Uint8Array(count),
    slow: new Uint8Array(count),
  }
  for (let from = 0, to = 0; from < order.length; from = to) {
    to = from + 1
    while (to < order.length && sameKey(matches, order[from]!, order[to]!)) to++
    if (hasKey(matches, order[from]!)) formRunsOfKey({ matches, rules, run, visit }, { order, from, to })
  }
}

interface Forming {
  matches: MatchColumns
  rules: RunRules
  run: Run
  visit: (run: Run) => void
}

/** A function of its own, since one that is called for each key is soon compiled well; a loop over all keys in one call never is. */
function formRunsOfKey({ matches, rules, run, visit }: Forming, { order, from, to }: Rest): void {
  for (let at = nextStart(matches, rules, order, { from, at: from, to }); at < to; ) {
    const next = nextStart(matches, rules, order, { from, at: at + 1, to })
    run.first = order[at]!
    run.start = matches.at[run.first]!
    run.end = Math.min(run.start + rules.within, next < to ? matches.at[order[next]!]! : Infinity)
    if (run.start >= rules.from && run.start < rules.to) {
      followSteps(matches, rules, { order, from: at, to }, run)
      judge(rules, run)
      visit(run)
    }
    at = next
  }
}

/** Place of the next start of a key, `to` when there is none. */
function nextStart(matches: MatchColumns, rules: RunRules, order: Uint32Array, range: { from: number; at: number; to: number }): number {
  for (let at = range.at; at < range.to; at++) {
    const match = order[at]!
    if (matches.code[match]! > 1) continue
    const before = at > range.from ? order[at - 1]! : -1
    if (before < 0 || matches.code[before]! > 1 || matches.at[match]! - matches.at[before]! > rules.within) return at
  }
  return range.to
}

/** Places of a key's matches from the start of a run on: not a view of them, since one for each run is much to clear away. */
interface Rest {
  order: Uint32Array
  from: number
  to: number
}

function followSteps(matches: MatchColumns, rules: RunRules, rest: Rest, run: Run): void {
  let due = run.start
  for (let step = 0; step < rules.steps.length; step++) {
    run.hit[step] = -1
    run.miss[step] = -1
    run.due[step] = due === Infinity ? 0 : 1
    if (due === Infinity) {
      run.slow[step] = 0
      continue
    }
    findStep(matches, rest, { run, step, due })
    const hit = run.hit[step]
    const { slowNs, optional } = rules.steps[step]!
    run.slow[step] = hit! >= 0 && slowNs !== null && matches.took[hit!]! > slowNs ? 1 : 0
    if (hit! >= 0) due = matches.at[hit!]!
    else if (!optional) due = Infinity
  }
}

function findStep(matches: MatchColumns, { order, from, to }: Rest, { run, step, due }: { run: Run; step: number; due: number }): void {
  for (let place = from; place < to; place++) {
    const match = order[place]!
    const at = matches.at[match]!
    if (at >= run.end) return
    const code = matches.code[match]!
    if (code >> 1 !== step || at < due) continue
    if ((code & 1) === 0) {
      run.hit[step] = match
      return
    }
    if (run.miss[step]! < 0) run.miss[step] = match
  }
}

/** Whether a run is one of those that are counted so at a step. */
export function metFate(run: Run, at: number, fate: StepFate): boolean {
  switch (fate) {
    case 'reached':
      return run.hit[at]! >= 0
    case 'erred':
      return run.miss[at]! >= 0
    case 'slow':
      return run.slow[at] === 1
    case 'dropped':
      return run.hit[at]! < 0 && run.due[at] === 1 && run.outcome !== OPEN
  }
}

function judge(rules: RunRules, run: Run): void {
  if (run.hit[rules.success]! >= 0) run.outcome = run.slow.includes(1) ? SLOW : OK
  else if (run.end > rules.now) run.outcome = OPEN
  else run.outcome = rules.steps.some((step, at) => !step.optional && run.hit[at]! < 0 && run.miss[at]! >= 0) ? FAILED : LOST
}
