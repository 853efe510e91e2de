import type { RuleAction, RuleDefinition } from '../log-rule.ts'
import { createCounters } from './counters.ts'
import { createSwitches, judge, type Judging, type Step, type Verdict } from './judge.ts'
import { readyRule, type ReadyRule } from './ready.ts'
import type { RuleLine } from './rule-line.ts'
import type { FoundCall, FoundChange, FoundMetric, TimeLimits } from './run.ts'

export function ruleOf(match: string, actions: RuleAction[], change: Partial<RuleDefinition> & { id?: string; pipelineMatch?: string } = {}): ReadyRule {
  const { id = 'r1', pipelineMatch = '', ...rest } = change
  const rule = readyRule({ name: 'rule', enabled: true, match, actions, ...rest }, { id, version: 1, pipeline: 'main', pipelineMatch })
  if (rule === null) throw new Error('this rule means nothing')
  return rule
}

export const TIMES: TimeLimits = { pastDays: 7, futureMinutes: 10 }

export interface Told {
  calls: FoundCall[]
  changes: FoundChange[]
  metrics: FoundMetric[]
  brokeIds: string[]
  steps: Step[]
}

export function judgingOf(): Judging & Told {
  const told: Told = { calls: [], changes: [], metrics: [], brokeIds: [], steps: [] }
  return {
    ...told,
    counters: createCounters(),
    times: TIMES,
    switches: createSwitches(),
    salt: '00112233445566778899aabbccddeeff',
    call: (call) => told.calls.push(call),
    change: (change) => told.changes.push(change),
    metric: (found) => told.metrics.push(found),
    broke: (rule) => told.brokeIds.push(rule.id),
    tell: (step) => told.steps.push(step),
  }
}

export function judged(rules: ReadyRule[], line: RuleLine, judging: Judging = judgingOf()): Verdict {
  return judge(rules, line, judging)
}

export const tag = (value: string): RuleAction => ({ type: 'set', field: 'tag', value })
