import type { DryRunAnswer } from '@skein/schemas/api/log-rules'
import type { RuleDefinition } from '@skein/schemas/log-rule'
import { metricsOf } from '@skein/schemas/rules/metric-names'
import type { FoundMetric } from '@skein/schemas/rules/run'

/** What a definition would count, from the lines that were looked at. */
export interface MetricTrial {
  add(found: FoundMetric): void
  /** Counts of lines times a factor. */
  answer(times: number): DryRunAnswer['metrics']
}

interface Tried {
  lines: number
  missing: number
  noNumber: number
  least: number
  most: number
  combinations: Set<string>
}

export function createMetricTrial(definition: RuleDefinition): MetricTrial {
  const tried = new Map(metricsOf(definition).map(({ metric }) => [metric.name, nothing()]))
  return {
    add({ metric, value, by }) {
      const sum = tried.get(metric.name)
      if (sum === undefined) return
      sum.lines++
      sum.combinations.add(JSON.stringify(by))
      if (value === 'missing') sum.missing++
      else if (value === 'no_number') sum.noNumber++
      else if (value !== 'none') {
        sum.least = Math.min(sum.least, value)
        sum.most = Math.max(sum.most, value)
      }
    },
    answer(times) {
      const scaled = (count: number): number => Math.round(count * times)
      const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
      return [...tried].map(([name, { lines, missing, noNumber, least, most, combinations }]) => ({
        name,
        lines: scaled(lines),
        missing: scaled(missing),
        noNumber: scaled(noNumber),
        least: finite(least),
        most: finite(most),
        combinations: combinations.size,
      }))
    },
  }
}

function nothing(): Tried {
  return { lines: 0, missing: 0, noNumber: 0, least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY, combinations: new Set() }
}
