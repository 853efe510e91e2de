import type { DryRunAnswer } from '@skein/schemas/api/log-rules'
import type { TenantRules } from '@skein/schemas/log-rule'
import { readyRule, type ReadyRule } from '@skein/schemas/rules/ready'
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

/** Rules that tell of calls and changes are asked whether they want the lines; traces lose lines that are dropped. */
export function createLosers(rules: TenantRules | null, candidate: ReadyRule): Losers {
  const telling = readyRules(rules).filter((rule) => rule.id !== candidate.id && rule.acts.some(({ type }) => TELLING.has(type)))
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
      const answers: DryRunAnswer['losers'] = [...lost].map(([rule, lines]) => {
        const what = rule.acts.some(({ type }) => type === 'edge') ? 'edges of the map' : 'change markers'
        return { kind: 'rule', id: rule.id, name: rule.name, lines: scaled(lines), message: `Rule ${rule.name} makes ${what} of such lines.` }
      })
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

/** Those in force, in the order they apply. */
export function readyRules(rules: TenantRules | null): ReadyRule[] {
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
