import type { DebugAnswer, DebugRequest, DebugStep } from '@skein/schemas/api/log-rules'
import type { PipelineDefinition, RuleDefinition, TenantRules } from '@skein/schemas/log-rule'
import { createCounters } from '@skein/schemas/rules/counters'
import { createSwitches, judge, type Judging, type Step } from '@skein/schemas/rules/judge'
import { type ReadyRule, readyRule } from '@skein/schemas/rules/ready'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import type { TimeLimits } from '@skein/schemas/rules/run'
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

/** Takes one line through all rules at once, as ingest does: they share what a line may cost. Rules count from nothing, as at the beginning of a minute. */
export function debugRules(rules: TenantRules | null, request: DebugRequest, { line, times }: { line: RuleLine; times: TimeLimits }): DebugAnswer {
  const before = lineStateOf(line)
  const standing = standingRules(rules, request).map((each) => ({ ...each, ready: readyOf(each), steps: [] as DebugStep[] }))
  const tell = ({ rule, action, type, outcome, message, line: now }: Step): void => {
    const of = standing.find(({ ready }) => ready === rule)
    of?.steps.push({ ...stepOf(of), action, type, outcome, message, after: outcome === 'changed' ? lineStateOf(now) : null })
  }
  const inForce = standing.flatMap(({ ready }) => (typeof ready === 'string' ? [] : [ready]))
  const verdict = judge(inForce, line, { ...judgingOf(rules?.order.salt ?? '0'.repeat(32), times), tell })
  const outcome = verdict.outcome === 'dead' ? 'dead_letter' : verdict.outcome
  const steps = standing.flatMap((each) => (each.steps.length > 0 ? each.steps : [skippedStep(each, typeof each.ready === 'string' ? each.ready : GONE)]))
  return { before, steps, outcome, after: outcome === 'kept' ? lineStateOf(line) : null, notes: [] }
}

const GONE = 'the line is gone by then'

function judgingOf(salt: string, times: TimeLimits): Judging {
  const nothing = (): void => undefined
  return { counters: createCounters(), times, switches: createSwitches(), salt, call: nothing, change: nothing, metric: nothing, broke: nothing }
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

/** A rule made ready, or why it has nothing to say. The definition that is tried counts as on. */
function readyOf({ id, version, definition, pipeline }: Standing): ReadyRule | string {
  if (!pipeline.enabled) return 'its pipeline is off'
  if (!definition.enabled && version !== null) return 'is off'
  const ready = readyRule({ ...definition, enabled: true }, { id, version: version ?? 0, pipeline: pipeline.id, pipelineMatch: pipeline.match })
  return ready ?? 'cannot be read'
}

function stepOf({ id, version, definition, pipeline }: Standing): Pick<DebugStep, 'pipeline' | 'rule' | 'name' | 'version'> {
  return { pipeline: pipeline.name, rule: id, name: definition.name, version }
}

function skippedStep(standing: Standing, message: string): DebugStep {
  return { ...stepOf(standing), action: null, type: 'match', outcome: 'skipped', message, after: null }
}
