import type { ActionType } from '../log-rule.ts'
import type { DropReason } from '../api/log-rules.ts'
import type { ReadyRule } from './ready.ts'
import { OverrunError, type Work } from './regex.ts'
import { copyLine, type RuleLine } from './rule-line.ts'
import type { ActionResult, FoundCall, FoundChange, FoundMetric, RuleRun } from './run.ts'

/** What a line may cost, in units of about 5 ns: 5 ms. */
const LINE_UNITS = 1_000_000
/** Of redaction, which is never passed over: what a line of the greatest length may cost. */
const REDACT_UNITS = 64_000_000

/** Rules that failed are off for what remains of a minute of the log's time, so that which are off does not depend on when looking began. */
export interface Switches {
  isOff(rule: ReadyRule, logTimeMs: number): boolean
  turnOff(rule: ReadyRule, logTimeMs: number): void
}

/** What lines tell of is told once they were judged, with the line as it was at the action, and never of a rule that broke or a line that could not be redacted. */
export interface Judging extends Omit<RuleRun, 'work' | 'call' | 'change' | 'metric'> {
  switches: Switches
  call: (call: FoundCall, line: RuleLine) => void
  change: (change: FoundChange, line: RuleLine) => void
  metric: (found: FoundMetric, line: RuleLine, rule: ReadyRule) => void
  /** Whether a rule cannot want this line as it came, known more cheaply; asked while no rule has changed it. */
  cannotWant?: (rule: number) => boolean
  /** A rule is off for this line, or took so long that others could not judge it. */
  broke: (rule: ReadyRule, line: RuleLine) => void
  /** Told of every step, for people who look. `action` null: the match. */
  tell?: (step: Step) => void
}

export interface Step {
  rule: ReadyRule
  action: number | null
  type: ActionType | 'match'
  outcome: 'skipped' | 'unmatched' | ActionResult['outcome'] | 'failed'
  message: string
  line: RuleLine
}

/** `dead`: a redaction failed, and the line must not be stored as it is. */
export type Verdict = { outcome: 'kept'; changed: boolean } | { outcome: 'dropped'; rule: ReadyRule; reason: DropReason } | { outcome: 'dead'; rule: ReadyRule }

/** Of one line on its way. */
interface Way {
  work: Work
  /** The rule that took most of it so far. */
  most: { rule: ReadyRule; units: number } | null
  /** What to tell once it is judged. */
  told: (() => void)[]
}

/** Takes a line through rules in their order, changing it; one that is not kept is left as it came to the rule that ended it. The same line, rules and counts give the same verdict. */
export function judge(rules: readonly ReadyRule[], line: RuleLine, judging: Judging): Verdict {
  const way: Way = { work: { left: LINE_UNITS }, most: null, told: [] }
  const verdict = verdictOf(rules, line, judging, way)
  if (verdict.outcome !== 'dead') for (const tell of way.told) tell()
  return verdict
}

function verdictOf(rules: readonly ReadyRule[], line: RuleLine, judging: Judging, way: Way): Verdict {
  let changed = false
  for (const [at, rule] of rules.entries()) {
    if (!changed && judging.cannotWant?.(at) === true) continue
    const result = applied(rule, line, judging, way)
    if (result === 'changed') changed = true
    else if (typeof result === 'object') return result
  }
  return { outcome: 'kept', changed }
}

function applied(rule: ReadyRule, line: RuleLine, judging: Judging, way: Way): 'kept' | 'changed' | Verdict {
  if (!rule.mayWant(line)) return unwanted(rule, line, judging)
  if (!rule.redacts && judging.switches.isOff(rule, line.logTimeMs)) return off(rule, line, judging)
  const work = rule.redacts ? { left: REDACT_UNITS } : way.work
  const left = work.left
  const told = way.told.length
  let before: RuleLine | null = null
  try {
    const wanted = !rule.hasExpressions || rule.matches(line, work)
    remember(way, rule, left - work.left)
    if (!wanted) return unwanted(rule, line, judging)
    tellMatch(judging, { rule, outcome: 'kept', message: 'wants this line', line })
    if (rule.changes) before = copyLine(line)
    const result = followed(rule, line, judging, { work, told: way.told })
    remember(way, rule, left - work.left)
    if (typeof result === 'object' && before !== null) Object.assign(line, before)
    return result
  } catch (error) {
    if (before !== null) Object.assign(line, before)
    way.told.length = told
    return failed(rule, line, judging, { way, error })
  }
}

function remember(way: Way, rule: ReadyRule, units: number): void {
  // A redaction has work of its own, and is never passed over.
  if (!rule.redacts && units > (way.most?.units ?? 0)) way.most = { rule, units }
}

/** Whoever took most of the time of the line is off, not who came last. */
function failed(rule: ReadyRule, line: RuleLine, judging: Judging, { way, error }: { way: Way; error: unknown }): 'kept' | Verdict {
  const why = error instanceof Error ? error.message : String(error)
  const own = LINE_UNITS / 2
  const blamed = !rule.redacts && error instanceof OverrunError && way.most !== null && way.most.units > own ? way.most.rule : rule
  const message = blamed === rule ? why : `${why}: rule ${blamed.name} took most of it, and is off until the next minute`
  tellMatch(judging, { rule, outcome: 'failed', message, line })
  if (rule.redacts) return { outcome: 'dead', rule }
  judging.switches.turnOff(blamed, line.logTimeMs)
  judging.broke(blamed, line)
  return 'kept'
}

function unwanted(rule: ReadyRule, line: RuleLine, judging: Judging): 'kept' {
  tellMatch(judging, { rule, outcome: 'unmatched', message: 'does not want this line', line })
  return 'kept'
}

function off(rule: ReadyRule, line: RuleLine, judging: Judging): 'kept' {
  tellMatch(judging, { rule, outcome: 'skipped', message: 'is off until the next minute, since it failed', line })
  judging.broke(rule, line)
  return 'kept'
}

function tellMatch({ tell }: Judging, step: Omit<Step, 'action' | 'type'>): void {
  tell?.({ ...step, action: null, type: 'match' })
}

function followed(rule: ReadyRule, line: RuleLine, judging: Judging, { work, told }: Pick<Way, 'work' | 'told'>): 'kept' | 'changed' | Verdict {
  const { tell } = judging
  const later =
    <Found>(tellOf: (found: Found, line: RuleLine, rule: ReadyRule) => void) =>
    (found: Found): void => {
      const then = copyLine(line)
      told.push(() => tellOf(found, then, rule))
    }
  const { counters, times, salt, call, change, metric } = judging
  const run: RuleRun = { work, counters, times, salt, call: later(call), change: later(change), metric: later(metric) }
  let changed = false
  for (const [action, { type, act }] of rule.acts.entries()) {
    const result = act(line, run)
    tell?.({ rule, action, type, outcome: result.outcome, message: result.message, line })
    if (result.outcome === 'dropped') return { outcome: 'dropped', rule, reason: result.reason }
    if (result.outcome === 'changed') changed = true
  }
  return changed ? 'changed' : 'kept'
}

export function createSwitches(): Switches {
  const offUntilMs = new Map<string, number>()
  const keyOf = (rule: ReadyRule): string => `${rule.id} ${rule.version}`
  return {
    isOff: (rule, logTimeMs) => logTimeMs < (offUntilMs.get(keyOf(rule)) ?? 0),
    turnOff: (rule, logTimeMs) => void offUntilMs.set(keyOf(rule), (Math.floor(logTimeMs / MINUTE_MS) + 1) * MINUTE_MS),
  }
}

const MINUTE_MS = 60_000
