import type { RuleRecord, TenantRules } from '../log-rule.ts'
import { type ReadyRule, readyRule } from './ready.ts'

type Versions = Pick<TenantRules, 'order' | 'rules'>

/** Rules of a tenant that judge what was received from one time until another, in their order. */
export interface RulesInForce {
  fromMs: number
  /** Exclusive. */
  untilMs: number
  rules: readonly ReadyRule[]
}

/** The rules that hold at a time, and how long before and after it they are the same. */
export function rulesInForce({ order, rules }: Versions, atMs: number): RulesInForce {
  let fromMs = Number.NEGATIVE_INFINITY
  let untilMs = Number.POSITIVE_INFINITY
  for (const { versions } of [order, ...rules]) {
    for (const { effectiveFromMs } of versions) {
      if (effectiveFromMs <= atMs) fromMs = Math.max(fromMs, effectiveFromMs)
      else untilMs = Math.min(untilMs, effectiveFromMs)
    }
  }
  return { fromMs, untilMs, rules: rulesAt({ order, rules }, atMs) }
}

/** Of an order whose first versions are not kept any more, the oldest holds before it. */
function rulesAt({ order, rules }: Versions, atMs: number): ReadyRule[] {
  const [oldest] = order.versions
  const before = oldest !== undefined && oldest.version > 1 ? oldest.pipelines : []
  const pipelines = order.versions.findLast(({ effectiveFromMs }) => effectiveFromMs <= atMs)?.pipelines ?? before
  const records = new Map(rules.map((rule) => [rule.id, rule]))
  return pipelines.flatMap((pipeline) =>
    pipeline.enabled ? pipeline.rules.flatMap((id) => ready(records.get(id), { pipeline: pipeline.id, pipelineMatch: pipeline.match, atMs }) ?? []) : [],
  )
}

/** Of a rule whose first versions are not kept any more, the oldest holds before it: rather redacted too much than too little. */
function ready(record: RuleRecord | undefined, { pipeline, pipelineMatch, atMs }: { pipeline: string; pipelineMatch: string; atMs: number }): ReadyRule | null {
  const held = record?.versions.findLast(({ effectiveFromMs }) => effectiveFromMs <= atMs) ?? record?.versions[0]
  if (record === undefined || held === undefined || !held.definition.enabled) return null
  return readyRule(held.definition, { id: record.id, version: held.version, pipeline, pipelineMatch })
}
