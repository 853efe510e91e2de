import type { DryRunAnswer } from '@skein/schemas/api/log-rules'
import type { TenantRules } from '@skein/schemas/log-rule'
import { readyRule, type ReadyRule } from '@skein/schemas/rules/ready'
import { metricsOf } from '@skein/schemas/rules/metric-names'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import { lastVersion, pipelinesOf } from './rule-views.ts'

/** Who would see fewer lines. */
export interface Losers {
  /** A line that is dropped (null) or changed. */
  add(before: RuleLine, after: RuleLine | null): void
  answer(times: number): DryRunAnswer['losers']
}

const WORK = { left: Number.POSITIVE_INFINITY }
const TELLING = new Set(['edge', 'event', 'metric'])

/** Rules after it that tell of calls and changes and count for metrics are asked whether they want the lines; traces lose lines that are dropped. */
export function createLosers(rules: TenantRules | null, candidate: ReadyRule): Losers {
  const telling = rulesAfter(rules, candidate).filter((rule) => rule.acts.some(({ type }) => TELLING.has(type)))
  const lost = new Map<ReadyRule, number>()
  const traces = new Set<string>()
  let linesOfTraces = 0
  return {
    add(before, after) {
      if (after === null && before.traceId !== '') {
        linesOfTraces++
        traces.add(before.traceId)
      }
      for (const rule of telling) {
        if (!rule.matches(before, WORK) || (after !== null && rule.matches(after, WORK))) continue
        lost.set(rule, (lost.get(rule) ?? 0) + 1)
      }
    },
    answer(times) {
      const scaled = (count: number): number => Math.round(count * times)
      const answers = [...lost].flatMap(([rule, lines]) => losersOf(rules, rule, scaled(lines)))
      if (linesOfTraces > 0)
        answers.push({
          kind: 'trace',
          id: '',
          name: '',
          lines: scaled(linesOfTraces),
          message: `Lines of at least ${traces.size} traces would not be shown with them any more.`,
        })
      return answers
    },
  }
}

/** What a rule makes of lines that it would not see: edges and markers together, and each metric by its name. */
function losersOf(rules: TenantRules | null, { id, name, acts }: ReadyRule, lines: number): DryRunAnswer['losers'] {
  const makes = (['edge', 'event'] as const).flatMap((wanted) => (acts.some(({ type }) => type === wanted) ? [MADE[wanted]] : []))
  const record = rules?.rules.find((each) => each.id === id)
  const metrics = record === undefined ? [] : metricsOf(lastVersion(record).definition).map(({ metric }) => metric)
  return [
    ...(makes.length === 0 ? [] : [{ kind: 'rule' as const, id, name, lines, message: `Rule ${name} makes ${makes.join(' and ')} of such lines.` }]),
    ...metrics.map((metric) => ({
      kind: 'metric' as const,
      id: metric.name,
      name: metric.name,
      lines,
      message: `Rule ${name} counts such lines for it: move it before this rule, or leave them to it.`,
    })),
  ]
}

const MADE = { edge: 'edges of the map', event: 'change markers' }

/** Those in force that lines come to after a rule, a new one standing at the end of its pipeline. */
export function rulesAfter(rules: TenantRules | null, candidate: ReadyRule): ReadyRule[] {
  const order = orderWith(rules, candidate)
  const later = new Set(order.slice(order.indexOf(candidate.id) + 1))
  return readyRules(rules).filter((rule) => later.has(rule.id))
}

/** Those in force that take values of lines elsewhere before a rule redacts them, and the rule itself where one of its actions does. */
export function tellingBefore(rules: TenantRules | null, candidate: ReadyRule): ReadyRule[] {
  const order = orderWith(rules, candidate)
  const earlier = new Set(order.slice(0, order.indexOf(candidate.id)))
  const tells = (acts: ReadyRule['acts']): boolean => acts.some(({ type }) => TELLING.has(type))
  const ownBefore = candidate.acts.slice(
    0,
    candidate.acts.findLastIndex(({ type }) => type === 'redact'),
  )
  return [...readyRules(rules).filter(({ id, acts }) => earlier.has(id) && tells(acts)), ...(tells(ownBefore) ? [candidate] : [])]
}

function orderWith(rules: TenantRules | null, { id, pipeline }: ReadyRule): string[] {
  return pipelinesOf(rules).flatMap((each) => (each.id !== pipeline || each.rules.includes(id) ? each.rules : [...each.rules, id]))
}

/** Those in force, in the order they apply. */
function readyRules(rules: TenantRules | null): ReadyRule[] {
  return pipelinesOf(rules)
    .filter(({ enabled }) => enabled)
    .flatMap((pipeline) =>
      pipeline.rules.flatMap((id) => {
        const record = rules?.rules.find((each) => each.id === id)
        if (record === undefined) return []
        const { definition, version } = lastVersion(record)
        const ready = definition.enabled ? readyRule(definition, { id, version, pipeline: pipeline.id, pipelineMatch: pipeline.match }) : null
        return ready === null ? [] : [ready]
      }),
    )
}
