import type { RuleDiffAnswer, RuleNote, RulesAnswer, RuleView } from '@skein/schemas/api/log-rules'
import { type PipelineDefinition, ruleId, type RuleRecord, type RuleVersion, type TenantRules } from '@skein/schemas/log-rule'
import type { ReadRules } from '@skein/metadata/rule-records'
import { isoTime } from '../window.ts'

type Json = RuleDiffAnswer['changes'][number]['before']

export function lastVersion(record: RuleRecord): RuleVersion {
  const last = record.versions.at(-1)
  if (last === undefined) throw new Error(`rule ${record.id} has no version`)
  return last
}

export function ruleViewOf(record: RuleRecord, pipeline: string): RuleView {
  const last = lastVersion(record)
  return {
    id: record.id,
    version: last.version,
    pipeline,
    definition: last.definition,
    createdAt: isoTime(record.createdAtMs),
    updatedAt: isoTime(record.updatedAtMs),
    effectiveFrom: isoTime(last.effectiveFromMs),
  }
}

/** Pipelines as they are now; none when there are no rules. */
export function pipelinesOf(rules: TenantRules | null): readonly PipelineDefinition[] {
  return rules?.order.versions.at(-1)?.pipelines ?? []
}

export function rulesAnswerOf({ rules, unreadable, unreadableRules }: ReadRules): RulesAnswer {
  const notes: RuleNote[] = unreadable.map((key) => ({
    code: 'unreadable_rule',
    message: `${key} cannot be read, so that it does nothing. Mend it where it is written, or remove it.`,
    count: 1,
    values: { key },
  }))
  return {
    version: rules?.order.versions.at(-1)?.version ?? 0,
    pipelines: pipelinesOf(rules).map((pipeline) => ({
      ...pipeline,
      rules: pipeline.rules.flatMap((id) => {
        const record = rules?.rules.find((each) => each.id === id)
        return record === undefined ? [] : [ruleViewOf(record, pipeline.id)]
      }),
    })),
    unreadable: unreadableRules.filter((id) => ruleId.safeParse(id).success),
    notes,
  }
}

/** A rule that is in force or waits to be; undefined for one that is gone. */
export function findRule(rules: TenantRules | null, id: string): { record: RuleRecord; pipeline: PipelineDefinition } | undefined {
  const pipeline = pipelinesOf(rules).find((each) => each.rules.includes(id))
  const record = rules?.rules.find((each) => each.id === id)
  return pipeline === undefined || record === undefined ? undefined : { record, pipeline }
}

/** What is other in one value than in another, place by place; lists are compared by position. */
export function differences(before: Json | undefined, after: Json | undefined, path = ''): RuleDiffAnswer['changes'] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return names.flatMap((name) => differences(own(before, name), own(after, name), path === '' ? name : `${path}.${name}`))
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before: before ?? null, after: after ?? null }]
}

function isObject(value: Json | undefined): value is Json & object {
  return typeof value === 'object' && value !== null
}

function own(value: object, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? (value as Record<string, Json>)[name] : undefined
}
