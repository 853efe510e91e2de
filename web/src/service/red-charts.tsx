'use client'
import type { SeriesAnswer } from '@skein/schemas/api/services'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { answeredAtMs } from '../api/answered-at.ts'
import { useSeries } from '../api/questions.ts'
import type { ServiceScope } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import type { ChartSeries } from '../ui/chart-options.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { redSeries } from './red-series.ts'

/** Rate, errors and duration over the window, with one crosshair. */
export function RedCharts({ scope }: { scope: ServiceScope }) {
  const t = useTranslations('service')
  const series = useSeries(scope)
  const busy = series.isPlaceholderData
  const nowMs = answeredAtMs(series, browserNowMs())
  const skeleton = <Skeleton height={160} />
  return (
    <div className="grid flex-none gap-3 min-[900px]:grid-cols-3">
      {CHARTS.map(({ id, Chart, sub }) => (
        <Card key={id} title={t(id)} sub={t(sub)} busy={busy}>
          <AnswerGate answer={series} skeleton={skeleton}>
            {(answer) => <Chart answer={answer} nowMs={nowMs} />}
          </AnswerGate>
        </Card>
      ))}
    </div>
  )
}

const CHARTS = [
  { id: 'rateChart', sub: 'perSecond', Chart: RateChart },
  { id: 'errorChart', sub: 'ofCalls', Chart: ErrorChart },
  { id: 'durationChart', sub: 'percentiles', Chart: DurationChart },
] as const

interface ChartProps {
  answer: SeriesAnswer
  /** When the answer came. */
  nowMs: number
}

function RateChart({ answer, nowMs }: ChartProps) {
  const t = useTranslations('service')
  const format = useFormat()
  const label = t('calls')
  const { times, lines } = useMemo(() => {
    const { times, rate } = redSeries(answer, nowMs)
    return { times, lines: [{ id: 'rate', label, values: rate, color: 'cat-1', filled: true }] satisfies ChartSeries[] }
  }, [answer, nowMs, label])
  return <TimeSeriesChart label={t('rateChart')} times={times} series={lines} formatValue={(value) => format.text(format.rate(value, 1))} />
}

function ErrorChart({ answer, nowMs }: ChartProps) {
  const t = useTranslations('service')
  const format = useFormat()
  const label = t('failed')
  const { times, lines } = useMemo(() => {
    const { times, errors } = redSeries(answer, nowMs)
    return { times, lines: [{ id: 'errors', label, values: errors, color: 'bad', filled: true }] satisfies ChartSeries[] }
  }, [answer, nowMs, label])
  return <TimeSeriesChart label={t('errorChart')} times={times} series={lines} formatValue={(value) => format.text(format.share(value, 100))} />
}

function DurationChart({ answer, nowMs }: ChartProps) {
  const t = useTranslations('service')
  const format = useFormat()
  const { times, lines } = useMemo(() => {
    const { times, p50, p95, p99 } = redSeries(answer, nowMs)
    const lines: ChartSeries[] = [
      { id: 'p99', label: 'p99', values: p99, color: 'text-3' },
      { id: 'p95', label: 'p95', values: p95, color: 'cat-1' },
      { id: 'p50', label: 'p50', values: p50, color: 'cat-1', dashed: true },
    ]
    return { times, lines }
  }, [answer, nowMs])
  return <TimeSeriesChart label={t('durationChart')} times={times} series={lines} formatValue={(value) => format.text(format.duration(value))} />
}
