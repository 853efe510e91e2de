import { createLogRules, type LogRules } from '@skein/metadata/log-rules'
import type { LogMetricQuestions } from '@skein/store/contract-log-metrics'
import type { LogRuleQuestions } from '@skein/store/contract-log-rules'
import { memoryMetadata } from './fake-scenarios.ts'

/** Rules kept in memory. */
export function fakeLogRules(clock: () => number): LogRules {
  let made = 0
  return createLogRules({ metadata: memoryMetadata(), clock, randomBytes: (count) => new Uint8Array(count).fill(++made) })
}

const none = async (): Promise<never[]> => []
export const NO_LOG_RULES: LogRuleQuestions = { drops: none, dropSeries: none, sample: none, stored: none }

export function logRulesAway(away: () => Promise<never>): LogRuleQuestions {
  return { drops: away, dropSeries: away, sample: away, stored: away }
}

export const NO_LOG_METRICS: LogMetricQuestions = { totals: none, combinations: none, series: none, versions: none, readUntil: async () => null }

export function logMetricsAway(away: () => Promise<never>): LogMetricQuestions {
  return { totals: away, combinations: away, series: away, versions: away, readUntil: away }
}
