import type { LogMetricAnswer } from '@skein/schemas/api/log-metrics'
import type { MetricAction, PipelineDefinition, RuleRecord, TenantRules } from '@skein/schemas/log-rule'
import { metricsOf } from '@skein/schemas/rules/metric-names'
import { lastVersion, pipelinesOf } from '../log-rules/rule-views.ts'

/** A metric that a rule makes, or would if it were on. */
export interface DefinedMetric {
  metric: MetricAction
  rule: NonNullable<LogMetricAnswer['rule']>
  /** Unix ms: since when it is made without a break, as far as versions are kept; null: it is not made now. */
  sinceMs: number | null
}

export function definedMetrics(rules: TenantRules | null): DefinedMetric[] {
  return pipelinesOf(rules).flatMap((pipeline) =>
    pipeline.rules.flatMap((id) => {
      const record = rules?.rules.find((each) => each.id === id)
      return rules === null || record === undefined ? [] : metricsOfRecord(rules, pipeline, record)
    }),
  )
}

function metricsOfRecord(rules: TenantRules, pipeline: PipelineDefinition, record: RuleRecord): DefinedMetric[] {
  const { definition, version } = lastVersion(record)
  return metricsOf(definition).map(({ metric }) => ({
    metric,
    rule: {
      id: record.id,
      name: definition.name,
      version,
      match: bothOf(pipeline.match, definition.match),
      enabled: definition.enabled && pipeline.enabled,
    },
    sinceMs: sinceOf(rules, record, metric.name),
  }))
}

/** A search for what both want. */
function bothOf(outer: string, inner: string): string {
  if (outer.trim() === '' || inner.trim() === '') return `${outer}${inner}`.trim()
  return `(${outer}) (${inner})`
}

/** Rule and order change on their own: it is made since the later of the two makes it. */
function sinceOf({ order }: TenantRules, record: RuleRecord, name: string): number | null {
  const makes = ({ definition }: RuleRecord['versions'][number]): boolean =>
    definition.enabled && metricsOf(definition).some(({ metric }) => metric.name === name)
  const stands = ({ pipelines }: TenantRules['order']['versions'][number]): boolean =>
    pipelines.some(({ enabled, rules }) => enabled && rules.includes(record.id))
  const sinceRule = unbrokenSince(record.versions, makes)
  const sinceOrder = unbrokenSince(order.versions, stands)
  return sinceRule === null || sinceOrder === null ? null : Math.max(sinceRule, sinceOrder)
}

function unbrokenSince<Version extends { effectiveFromMs: number }>(versions: readonly Version[], holds: (version: Version) => boolean): number | null {
  const broken = versions.findLastIndex((version) => !holds(version))
  return versions[broken + 1]?.effectiveFromMs ?? null
}
