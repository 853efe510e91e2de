import type { LogRuleQuestions } from '@skein/store/contract-log-rules'

const none = async (): Promise<never[]> => []
export const NO_LOG_RULES: LogRuleQuestions = { drops: none, dropSeries: none, sample: none, stored: none }

export function logRulesAway(away: () => Promise<never>): LogRuleQuestions {
  return { drops: away, dropSeries: away, sample: away, stored: away }
}
