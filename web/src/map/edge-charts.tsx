'use client'
import { type EdgeAnswer, edgeAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useBaseTopology } from '../api/questions.ts'
import { useAnswer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import type { ChartSeries } from '../ui/chart-options.ts'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { under } from '../url/baseline.ts'
import { useBaseline } from '../url/use-baseline.ts'
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

/** The points of the window compared with, under the times of the present one; null while there are none. */
function useBasePoints(id: string, times: readonly number[]): ((read: (point: Point) => number | null) => (number | null)[]) | null {
  const baseline = useBaseline()
  const query = { start: baseline?.from, end: baseline?.to }
  // an edge that was not there then has no numbers to ask for
  const was = useBaseTopology()?.edges.some((edge) => edge.id === id) === true
  const base = useAnswer(`/api/topology/edges/${id}`, edgeAnswer, { query, enabled: baseline !== null && was, intervalMs: BASE_INTERVAL_MS })
  const points = baseline === null || !was || base.isPlaceholderData ? undefined : base.data?.series
  const shiftMs = baseline?.shiftMs ?? 0
  return useMemo(() => {
    if (points === undefined) return null
    const baseTimes = points.map((point) => Date.parse(point.time))
    return (read) => under(times, baseTimes, points.map(read), shiftMs)
  }, [points, times, shiftMs])
}

const BASE_INTERVAL_MS = 30_000

type Measured = Exclude<keyof Point, 'time' | 'calls' | 'errors'>

const isMeasured = (points: readonly Point[], key: Measured): boolean => points.some((point) => point[key] !== null)

function useEdgeSeries(data: EdgeAnswer) {
  const t = useTranslations('map.panel')
  const times = useMemo(() => data.series.map((point) => Date.parse(point.time)), [data.series])
  const was = useBasePoints(data.edge.id, times)
  return useMemo(() => {
    const stepSeconds = times.length > 1 ? ((times[1] ?? 0) - (times[0] ?? 0)) / 1000 : 60
    const line = (key: Measured, label: string, color: string, dashed = false): ChartSeries => ({
      id: key,
      label,
      values: data.series.map((point) => point[key]),
      color,
      dashed,
    })
    const share = (point: Point): number | null => (point.calls > 0 ? (point.errors / point.calls) * 100 : null)
    const rate = (point: Point): number => point.calls / stepSeconds
    const withWas = (series: ChartSeries, read: (point: Point) => number | null): ChartSeries => (was === null ? series : { ...series, was: was(read) })
    return {
      times,
      series: {
        rate: [withWas({ id: 'rate', label: t('rate'), values: data.series.map(rate), color: 'cat-1', filled: true }, rate)],
        errors: [withWas({ id: 'errors', label: t('errors'), values: data.series.map(share), color: 'bad', filled: true }, share)],
        duration: [
          line('clientP99Ms', 'p99', 'text-2'),
          withWas(line('clientP95Ms', 'p95', 'cat-1'), (point) => point.clientP95Ms),
          line('clientP50Ms', 'p50', 'cat-1', true),
          line('serverP95Ms', t('serverP95'), 'text-3'),
        ],
        network: [line('networkP95Ms', 'p95', 'time-network'), line('networkP50Ms', 'p50', 'time-network', true)],
        queueWait: [line('queueWaitP95Ms', 'p95', 'time-queue'), line('queueWaitP50Ms', 'p50', 'time-queue', true)],
      },
    }
  }, [data.series, times, was, t])
}
