'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { answeredAtMs } from '../api/answered-at.ts'
import { useBaseSeries, useSeries } from '../api/questions.ts'
import type { ServiceScope } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import type { ChartSeries } from '../ui/chart-options.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { useBaseline } from '../url/use-baseline.ts'
import { redBaseline } from './red-baseline.ts'
import { type RedSeries, redSeries } from './red-series.ts'

/** Rate, errors and duration over the window, each over its baseline, with one crosshair. */
export function RedCharts({ scope }: { scope: ServiceScope }) {
  const t = useTranslations('service')
  const series = useSeries(scope)
  const base = useBaseSeries(scope)
  const shiftMs = useBaseline()?.shiftMs ?? 0
  const nowMs = answeredAtMs(series, browserNowMs())
  const skeleton = <Skeleton height={160} />
  const red = useMemo((): Red | null => {
    if (series.data === undefined) return null
    const now = redSeries(series.data, nowMs)
    return { now, was: redBaseline(now.times, base, shiftMs) }
  }, [series.data, base, shiftMs, nowMs])
  return (
    <div className="grid flex-none gap-3 min-[900px]:grid-cols-3">
      {CHARTS.map(({ id, Chart, sub }) => (
        <Card key={id} title={t(id)} sub={t(sub)} busy={series.isPlaceholderData}>
          <AnswerGate answer={series} skeleton={skeleton}>
            {() => red !== null && <Chart red={red} />}
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

interface Red {
  now: RedSeries
  was: ReturnType<typeof redBaseline>
}

/** A line with its baseline, where there is one. */
function withWas(line: ChartSeries, was: ChartSeries['was'] | undefined): ChartSeries {
  return was === undefined ? line : { ...line, was }
}

function RateChart({ red }: { red: Red }) {
  const t = useTranslations('service')
  const format = useFormat()
  const label = t('calls')
  const lines = useMemo(() => [withWas({ id: 'rate', label, values: red.now.rate, color: 'cat-1', filled: true }, red.was?.rate)], [red, label])
  return <TimeSeriesChart label={t('rateChart')} times={red.now.times} series={lines} formatValue={(value) => format.text(format.rate(value, 1))} />
}

function ErrorChart({ red }: { red: Red }) {
  const t = useTranslations('service')
  const format = useFormat()
  const label = t('failed')
  const lines = useMemo(() => [withWas({ id: 'errors', label, values: red.now.errors, color: 'bad', filled: true }, red.was?.errors)], [red, label])
  return <TimeSeriesChart label={t('errorChart')} times={red.now.times} series={lines} formatValue={(value) => format.text(format.share(value, 100))} />
}

function DurationChart({ red }: { red: Red }) {
  const t = useTranslations('service')
  const format = useFormat()
  const lines = useMemo(
    (): ChartSeries[] => [
      { id: 'p99', label: 'p99', values: red.now.p99, color: 'text-2' },
      withWas({ id: 'p95', label: 'p95', values: red.now.p95, color: 'cat-1' }, red.was?.p95),
      { id: 'p50', label: 'p50', values: red.now.p50, color: 'cat-1', dashed: true },
    ],
    [red],
  )
  return <TimeSeriesChart label={t('durationChart')} times={red.now.times} series={lines} formatValue={(value) => format.text(format.duration(value))} />
}
