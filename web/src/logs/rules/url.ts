import { METRIC_FIGURES, type MetricFigure } from '@skein/schemas/api/log-metrics'
import { parseAsString, parseAsStringLiteral } from 'nuqs'

export const RULE_VIEWS = ['edit', 'versions', 'debug', 'metrics'] as const

/** What the tab of rules keeps in the address. */
export const rulesParsers = {
  /** Id of the rule that is open, `new` while one is written, '' for none. */
  rule: parseAsString.withDefault(''),
  view: parseAsStringLiteral(RULE_VIEWS).withDefault('edit'),
  /** A rule that is being written, as JSON; empty when it is the saved one. */
  draft: parseAsString.withDefault(''),
  /** The search that a new rule begins with. */
  match: parseAsString.withDefault(''),
  /** Name of the metric that is shown, '' for the first. */
  metric: parseAsString.withDefault(''),
  /** What it is told apart by, '' for nothing. */
  by: parseAsString.withDefault(''),
  /** Which of its figures; null: the one that says most. */
  figure: parseAsStringLiteral(METRIC_FIGURES),
}

export interface RulesState {
  rule: string
  view: (typeof RULE_VIEWS)[number]
  draft: string
  match: string
  metric: string
  by: string
  figure: MetricFigure | null
}
