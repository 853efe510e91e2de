'use client'
import type { EdgeAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import type { ChartSeries } from '../ui/chart-options.ts'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { PanelSection } from './panel-parts.tsx'

type Point = EdgeAnswer['series'][number]

/** Rate, errors and duration of an edge; network and queue wait where they were measured. */
export function EdgeCharts({ data }: { data: EdgeAnswer }) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const { times, series } = useEdgeSeries(data)
  const ms = (value: number): string => format.text(format.duration(value))
  return (
    <>
      <PanelSection flush title={t('rate')} end={t('perSecond')}>
        <TimeSeriesChart label={t('rate')} times={times} series={series.rate} formatValue={(value) => format.text(format.rate(value, 1))} height={84} />
      </PanelSection>
      <PanelSection flush title={t('errors')} end={t('ofCalls')}>
        <TimeSeriesChart label={t('errors')} times={times} series={series.errors} formatValue={(value) => format.text(format.share(value, 100))} height={84} />
      </PanelSection>
      <PanelSection flush title={t('duration')} end={t('clientSide')}>
        <TimeSeriesChart label={t('duration')} times={times} series={series.duration} formatValue={ms} height={130} />
      </PanelSection>
      {isMeasured(data.series, 'networkP95Ms') && (
        <PanelSection flush title={t('network')} end={t('perCall')}>
          <TimeSeriesChart label={t('network')} times={times} series={series.network} formatValue={ms} height={84} />
        </PanelSection>
      )}
      {isMeasured(data.series, 'queueWaitP95Ms') && (
        <PanelSection flush title={t('queueWait')} end={t('queueSide')}>
          <TimeSeriesChart label={t('queueWait')} times={times} series={series.queueWait} formatValue={ms} height={84} />
        </PanelSection>
      )}
    </>
  )
}

type Measured = Exclude<keyof Point, 'time' | 'calls' | 'errors'>

const isMeasured = (points: readonly Point[], key: Measured): boolean => points.some((point) => point[key] !== null)

function useEdgeSeries(data: EdgeAnswer) {
  const t = useTranslations('map.panel')
  return useMemo(() => {
    const times = data.series.map((point) => Date.parse(point.time))
    const stepSeconds = times.length > 1 ? ((times[1] ?? 0) - (times[0] ?? 0)) / 1000 : 60
    const line = (key: Measured, label: string, color: string, dashed = false): ChartSeries => ({
      id: key,
      label,
      values: data.series.map((point) => point[key]),
      color,
      dashed,
    })
    const errors = data.series.map((point) => (point.calls > 0 ? (point.errors / point.calls) * 100 : null))
    return {
      times,
      series: {
        rate: [{ id: 'rate', label: t('rate'), values: data.series.map((point) => point.calls / stepSeconds), color: 'cat-1', filled: true }],
        errors: [{ id: 'errors', label: t('errors'), values: errors, color: 'bad', filled: true }],
        duration: [
          line('clientP99Ms', 'p99', 'text-2'),
          line('clientP95Ms', 'p95', 'cat-1'),
          line('clientP50Ms', 'p50', 'cat-1', true),
          line('serverP95Ms', t('serverP95'), 'text-3'),
        ],
        network: [line('networkP95Ms', 'p95', 'time-network'), line('networkP50Ms', 'p50', 'time-network', true)],
        queueWait: [line('queueWaitP95Ms', 'p95', 'time-queue'), line('queueWaitP50Ms', 'p50', 'time-queue', true)],
      },
    }
  }, [data.series, t])
}
