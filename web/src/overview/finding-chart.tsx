'use client'
import { edgeAnswer } from '@skein/schemas/api/topology'
import type { EdgeAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useAnswer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import type { ChartSeries } from '../ui/chart-options.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { useScope } from '../url/view-state.ts'

const INTERVAL_MS = 30_000
const HEIGHT_PX = 96

/** The edge over the window: failed calls where it fails, otherwise the time both sides see. */
export function FindingChart({ edgeId, failing }: { edgeId: string; failing: boolean }) {
  const { start, end } = useScope()
  const edge = useAnswer(`/api/topology/edges/${edgeId}`, edgeAnswer, { query: { start, end }, intervalMs: INTERVAL_MS })
  return (
    <div className="-mx-3 -mb-2 min-w-0">
      <AnswerGate answer={edge} skeleton={<Skeleton height={HEIGHT_PX} />}>
        {(answer) => (failing ? <Failures series={answer.series} /> : <Durations series={answer.series} />)}
      </AnswerGate>
    </div>
  )
}

type Series = EdgeAnswer['series']

function Failures({ series }: { series: Series }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const label = t('failedCalls')
  const { times, lines } = useMemo(() => {
    const values = series.map((point) => (point.calls > 0 ? (point.errors / point.calls) * 100 : null))
    return { times: timesOf(series), lines: [{ id: 'failed', label, values, color: 'bad', filled: true }] satisfies ChartSeries[] }
  }, [series, label])
  return <TimeSeriesChart label={label} times={times} series={lines} height={HEIGHT_PX} formatValue={(value) => format.text(format.share(value, 100))} />
}

function Durations({ series }: { series: Series }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const { times, lines } = useMemo(() => {
    const lines: ChartSeries[] = [
      { id: 'client', label: t('clientLine'), values: series.map((point) => point.clientP95Ms), color: 'degraded', filled: true },
      { id: 'server', label: t('serverLine'), values: series.map((point) => point.serverP95Ms), color: 'text-3' },
    ]
    return { times: timesOf(series), lines }
  }, [series, t])
  return <TimeSeriesChart label={t('durations')} times={times} series={lines} height={HEIGHT_PX} formatValue={(value) => format.text(format.duration(value))} />
}

function timesOf(series: Series): number[] {
  return series.map((point) => Date.parse(point.time))
}
