import type { LogPatternQuestions } from '@skein/store/contract-log-patterns'

const none = async (): Promise<never[]> => []
export const NO_LOG_PATTERNS: LogPatternQuestions = { totals: none, series: none, templates: none }

export function logPatternsAway(away: () => Promise<never>): LogPatternQuestions {
  return { totals: away, series: away, templates: away }
}
