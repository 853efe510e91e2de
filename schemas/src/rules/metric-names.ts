import { type Fault, faultOf } from '../fault.ts'
import { MAX_METRICS, type MetricAction, type RuleAction, type RuleDefinition } from '../log-rule.ts'

export interface NamedRule {
  id: string
  definition: RuleDefinition
}

/** A name that another rule has, or one more than there can be. */
export interface MetricRefusal extends Fault {
  /** Place of the action in the definition. */
  action: number
}

/** The metrics a definition makes, by the places of their actions. */
export function metricsOf({ actions }: { actions: readonly RuleAction[] }): { at: number; metric: MetricAction }[] {
  return actions.flatMap((action, at) => (action.type === 'metric' ? [{ at, metric: action }] : []))
}

/** Why a definition cannot stand beside others: one rule makes a metric, whether it is on or off, so that a metric means one thing. Null when it can. */
export function metricRefusal(definition: RuleDefinition, others: readonly NamedRule[]): MetricRefusal | null {
  const made = new Map(others.flatMap((rule) => metricsOf(rule.definition).map(({ metric }) => [metric.name, rule] as const)))
  const own = metricsOf(definition)
  for (const { at, metric } of own) {
    const owner = made.get(metric.name)
    if (owner !== undefined) return { action: at, ...faultOf('metric_taken', { name: metric.name, rule: owner.definition.name, id: owner.id }) }
  }
  const [first] = own
  if (first === undefined || made.size + own.length <= MAX_METRICS) return null
  return { action: first.at, ...faultOf('metrics_full', { most: MAX_METRICS }) }
}
