'use client'
import type { LogMetric } from '@skein/schemas/api/log-metrics'
import { useTranslations } from 'next-intl'
import { AnswerGate } from '../../../ui/answer-gate.tsx'
import { Centered } from '../../../ui/empty-state.tsx'
import type { RulesState } from '../url.ts'
import { MetricPanel } from './metric-panel.tsx'
import { MetricTable } from './metric-table.tsx'
import { useMetrics } from './use-metrics.ts'

export interface MetricsViewProps {
  /** Id of the rule whose metrics are shown, '' for those of all rules. */
  rule: string
  state: RulesState
  set: (state: Partial<RulesState>) => void
}

/** Metrics that rules make from log lines, and one of them over time. */
export function MetricsView({ rule, state, set }: MetricsViewProps) {
  const answer = useMetrics()
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col gap-3 overflow-auto bg-canvas p-3">
      <AnswerGate answer={answer}>
        {({ metrics }) => <Metrics metrics={rule === '' ? metrics : metrics.filter((each) => each.rule?.id === rule)} state={state} set={set} />}
      </AnswerGate>
    </div>
  )
}

function Metrics({ metrics, state, set }: Pick<MetricsViewProps, 'state' | 'set'> & { metrics: readonly LogMetric[] }) {
  const t = useTranslations('logs.metrics')
  const chosen = metrics.find(({ name }) => name === state.metric) ?? metrics[0]
  if (chosen === undefined) {
    return (
      <Centered>
        <h2 className="text-16">{t('emptyTitle')}</h2>
        <p className="text-t2">{t('emptyBody')}</p>
      </Centered>
    )
  }
  return (
    <>
      <MetricPanel key={chosen.name} metric={chosen} by={state.by} figure={state.figure} set={set} />
      <MetricTable metrics={metrics} chosen={chosen.name} onChoose={(metric) => set({ metric, by: '', figure: null })} />
    </>
  )
}
