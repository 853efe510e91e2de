'use client'
import type { LogMetric, LogMetricAnswer, MetricFigure } from '@skein/schemas/api/log-metrics'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../../../format/use-format.ts'
import { AnswerGate } from '../../../ui/answer-gate.tsx'
import { Card } from '../../../ui/card.tsx'
import type { ChartSeries } from '../../../ui/chart-options.ts'
import { TimeSeriesChart } from '../../../ui/time-series-chart.tsx'
import type { RulesState } from '../url.ts'
import { figuresFor, valueText } from './metric-look.ts'
import { SeriesTable } from './series-table.tsx'
import { useMetric } from './use-metrics.ts'

export interface MetricPanelProps {
  metric: LogMetric
  by: string
  figure: MetricFigure | null
  set: (state: Partial<RulesState>) => void
}

/** One metric over time, told apart by what it has, and the way to the lines behind each of its values. */
export function MetricPanel({ metric, by, figure, set }: MetricPanelProps) {
  const t = useTranslations('logs.metrics')
  const groups = ['service', 'environment', ...metric.by]
  const chosen = groups.includes(by) ? by : ''
  const answer = useMetric(metric.name, chosen)
  const figures = figuresFor(metric.aggregation)
  const shown = figure !== null && figures.includes(figure) ? figure : (figures[0] ?? 'count')
  return (
    <Card
      title={metric.name}
      sub={metric.field === null ? t(`kind.${metric.aggregation}`) : t('ofField', { kind: t(`kind.${metric.aggregation}`), field: metric.field })}
      busy={answer.isPlaceholderData}
      className="flex-none"
      end={
        <>
          <Choice label={t('figure')} value={shown} options={figures.map((each) => [each, t(`figures.${each}`)])} onPick={(next) => set({ figure: next })} />
          <Choice
            label={t('by')}
            value={chosen}
            options={[['', t('byNothing')], ...groups.map((each) => [each, each === 'service' || each === 'environment' ? t(`group.${each}`) : each] as const)]}
            onPick={(next) => set({ by: next })}
          />
        </>
      }
    >
      <AnswerGate answer={answer}>{(found) => <Found answer={found} figure={shown} />}</AnswerGate>
    </Card>
  )
}

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  options: readonly (readonly [value: Value, label: string])[]
  onPick: (value: Value) => void
}

function Choice<Value extends string>({ label, value, options, onPick }: ChoiceProps<Value>) {
  return (
    <label className="flex items-center gap-1 text-11 text-t3">
      {label}
      <select
        value={value}
        className="h-6 max-w-52 truncate rounded-2 border border-ctl bg-surface pr-5 pl-1 text-t1"
        onChange={({ target }) => {
          const picked = options.find(([each]) => each === target.value)
          if (picked !== undefined) onPick(picked[0])
        }}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

/** More lines than this nobody tells apart; all are in the table. */
const DRAWN = 8

function Found({ answer, figure }: { answer: LogMetricAnswer; figure: MetricFigure }) {
  const t = useTranslations('logs.metrics')
  const format = useFormat()
  const formatValue = useMemo(() => valueText(format, figure, answer.unit), [format, figure, answer.unit])
  const { times, lines } = useMemo(() => {
    const drawn = answer.series.slice(0, DRAWN).map(
      ({ values, points }, at): ChartSeries => ({
        id: JSON.stringify(values),
        label: values.length === 0 ? t(`figures.${figure}`) : values.map((value) => (value === '' ? t('none') : value)).join(' · '),
        color: `cat-${at + 1}`,
        values: points[figure],
      }),
    )
    return { times: answer.times.map((time) => Date.parse(time)), lines: drawn }
  }, [answer, figure, t])
  return (
    <>
      {answer.notes.map(({ code, count }) => (
        <p key={code} className="mx-3 mb-1.5 rounded-2 bg-degraded-bg px-2.5 py-[5px] text-t2">
          {t(`note.${code}`, { count })}
        </p>
      ))}
      <TimeSeriesChart label={`${answer.name} · ${t(`figures.${figure}`)}`} times={times} series={lines} height={170} formatValue={formatValue} />
      {answer.series.length > DRAWN && <p className="px-3 pb-2 text-11 text-t3">{t('drawn', { drawn: DRAWN, all: answer.series.length })}</p>}
      <SeriesTable answer={answer} />
    </>
  )
}
