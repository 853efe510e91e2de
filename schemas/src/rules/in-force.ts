import type { RuleRecord, TenantRules } from '../log-rule.ts'
import { type ReadyRule, readyRule } from './ready.ts'

/** Rules of a tenant that judge what was received from one time until another, in their order. */
export interface RulesInForce {
  fromMs: number
  /** Exclusive. */
  untilMs: number
  rules: readonly ReadyRule[]
}

/** All spans of time in which one set of versions holds, oldest first; together they reach from the beginning of time to its end. */
export function rulesInForce({ order, rules }: Pick<TenantRules, 'order' | 'rules'>): RulesInForce[] {
  const starts = [...order.versions, ...rules.flatMap(({ versions }) => versions)].map(({ effectiveFromMs }) => effectiveFromMs)
  const bounds = [Number.NEGATIVE_INFINITY, ...[...new Set(starts)].toSorted((a, b) => a - b)]
  return bounds.map((fromMs, at) => ({ fromMs, untilMs: bounds[at + 1] ?? Number.POSITIVE_INFINITY, rules: rulesAt({ order, rules }, fromMs) }))
}

function rulesAt({ order, rules }: Pick<TenantRules, 'order' | 'rules'>, atMs: number): ReadyRule[] {
  const [oldest] = order.versions
  const before = oldest !== undefined && oldest.version > 1 ? oldest.pipelines : []
  const pipelines = order.versions.findLast(({ effectiveFromMs }) => effectiveFromMs <= atMs)?.pipelines ?? before
  return pipelines.flatMap((pipeline) =>
    pipeline.enabled
      ? pipeline.rules.flatMap(
          (id) =>
            ready(
              rules.find((rule) => rule.id === id),
              { pipeline: pipeline.id, pipelineMatch: pipeline.match, atMs },
            ) ?? [],
        )
      : [],
  )
}

/** Of a rule (and of the order, likewise) whose first versions are not kept any more, the oldest holds before it: rather redacted too much than too little. */
function ready(record: RuleRecord | undefined, { pipeline, pipelineMatch, atMs }: { pipeline: string; pipelineMatch: string; atMs: number }): ReadyRule | null {
  const held = record?.versions.findLast(({ effectiveFromMs }) => effectiveFromMs <= atMs) ?? record?.versions[0]
  if (record === undefined || held === undefined || !held.definition.enabled) return null
  return readyRule(held.definition, { id: record.id, version: held.version, pipeline, pipelineMatch })
}
