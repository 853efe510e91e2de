import type { DebugAnswer, DebugRequest, DebugStep } from '@skein/schemas/api/log-rules'
import type { PipelineDefinition, RuleDefinition, TenantRules } from '@skein/schemas/log-rule'
import { createCounters } from '@skein/schemas/rules/counters'
import { createSwitches, judge, type Judging, type Step } from '@skein/schemas/rules/judge'
import { readyRule } from '@skein/schemas/rules/ready'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import { lineStateOf } from './line-of-row.ts'
import { lastVersion, pipelinesOf } from './rule-views.ts'

/** A rule as it would stand in line. `version` null: the definition that is tried. */
interface Standing {
  id: string
  version: number | null
  definition: RuleDefinition
  pipeline: Omit<PipelineDefinition, 'rules'>
}

const NOWHERE = { id: '', name: '', enabled: true, match: '' }

/** Takes one line through the rules, and tells of each step. Rules count from nothing, as at the beginning of a minute. */
export function debugRules(rules: TenantRules | null, request: DebugRequest, line: RuleLine): DebugAnswer {
  const before = lineStateOf(line)
  const steps: DebugStep[] = []
  let outcome: DebugAnswer['outcome'] = 'kept'
  const judging = judgingOf(rules?.order.salt ?? '0'.repeat(32))
  for (const standing of standingRules(rules, request)) {
    const why = skippedWhy(standing, outcome)
    if (why === null) outcome = follow(standing, line, judging, steps)
    else steps.push(skippedStep(standing, why))
  }
  return { before, steps, outcome, after: outcome === 'kept' ? lineStateOf(line) : null, notes: [] }
}

function judgingOf(salt: string): Judging {
  const nothing = (): void => undefined
  return { counters: createCounters(), switches: createSwitches(), salt, call: nothing, change: nothing, metric: nothing, broke: nothing }
}

function standingRules(rules: TenantRules | null, { definition, rule: replaced, alone = false }: DebugRequest): Standing[] {
  const standing = pipelinesOf(rules).flatMap((pipeline): Standing[] =>
    pipeline.rules.flatMap((id): Standing[] => {
      const record = rules?.rules.find((each) => each.id === id)
      if (record === undefined) return []
      if (definition !== undefined && id === replaced) return [{ id, version: null, definition, pipeline }]
      const { version, definition: held } = lastVersion(record)
      return [{ id, version, definition: held, pipeline }]
    }),
  )
  const tried = standing.find(({ version }) => version === null)
  if (definition !== undefined && tried === undefined) {
    const added = { id: '', version: null, definition, pipeline: NOWHERE }
    return alone ? [added] : [...standing, added]
  }
  return alone && tried !== undefined ? [tried] : standing
}

function skippedWhy({ definition, pipeline, version }: Standing, outcome: DebugAnswer['outcome']): string | null {
  if (outcome !== 'kept') return 'the line is gone by then'
  if (!pipeline.enabled) return 'its pipeline is off'
  return definition.enabled || version === null ? null : 'is off'
}

function skippedStep({ id, version, definition, pipeline }: Standing, message: string): DebugStep {
  return { pipeline: pipeline.name, rule: id, name: definition.name, version, action: null, type: 'match', outcome: 'skipped', message, after: null }
}

function follow(standing: Standing, line: RuleLine, judging: Judging, steps: DebugStep[]): DebugAnswer['outcome'] {
  const { id, version, definition, pipeline } = standing
  const ready = readyRule({ ...definition, enabled: true }, { id, version: version ?? 0, pipeline: pipeline.id, pipelineMatch: pipeline.match })
  if (ready === null) {
    steps.push(skippedStep(standing, 'cannot be read'))
    return 'kept'
  }
  const tell = ({ action, type, outcome, message, line: now }: Step): void => {
    const after = outcome === 'changed' ? lineStateOf(now) : null
    steps.push({ pipeline: pipeline.name, rule: id, name: definition.name, version, action, type, outcome, message, after })
  }
  const verdict = judge([ready], line, { ...judging, tell })
  return verdict.outcome === 'dead' ? 'dead_letter' : verdict.outcome
}
