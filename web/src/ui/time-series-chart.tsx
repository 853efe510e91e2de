'use client'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { absolute } from '../url/time-range.ts'
import { useView } from '../url/view-state.ts'
import { Button } from './button.tsx'
import type { ChartSeries } from './chart-options.ts'
import { ChartTable } from './chart-table.tsx'
import { lastKnown } from './unfinished.ts'
import { usePlot } from './use-plot.ts'

export interface TimeSeriesChartProps {
  label: string
  /** Unix ms, ascending. */
  times: readonly number[]
  series: readonly ChartSeries[]
  /** A value with its unit. */
  formatValue: (value: number) => string
  height?: number
}

/** Lines over time with a crosshair shared by the page, a drag that selects a range, and the same numbers as a table. */
export function TimeSeriesChart({ label, times, series, formatValue, height = 150 }: TimeSeriesChartProps) {
  const t = useTranslations('action')
  const format = useFormat()
  const { view, setView } = useView()
  const [asTable, setAsTable] = useState(false)
  const [index, setIndex] = useState<number | null>(null)
  const plot = usePlot({
    times,
    series,
    height,
    utc: view.tz === 'utc',
    formatValue,
    formatTime: (timeMs) => format.clock(timeMs),
    onCursor: setIndex,
    onFailed: () => setAsTable(true),
    onSelect: (startMs, endMs) => void setView(absolute(startMs, endMs)),
  })
  const shown = index ?? lastKnown(series.map((one) => one.values))
  return (
    <figure className="m-0 px-3 pb-2">
      <figcaption className="mb-1 flex min-h-6 items-start gap-2 text-11 leading-6 text-t2">
        <span className="flex min-w-0 flex-1 flex-wrap gap-x-2.5">
          {series.map((one) => (
            <span key={one.id} className="inline-flex items-center gap-[5px] whitespace-nowrap">
              <LegendLine color={one.color} dashed={one.dashed ?? false} />
              {one.label} <b className="font-medium text-t1">{shownValue(one.values[shown], formatValue)}</b>
            </span>
          ))}
        </span>
        <span className="text-t3">{times[shown] === undefined ? '' : format.clock(times[shown])}</span>
        <Button
          look="ghost"
          small
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
          aria-label={`${label}: ${asTable ? t('showChart') : t('showTable')}`}
        >
          {asTable ? t('showChart') : t('showTable')}
        </Button>
      </figcaption>
      {asTable && <ChartTable label={label} times={times} series={series} formatValue={formatValue} height={height} />}
      <div ref={plot} role="img" aria-label={label} hidden={asTable} style={{ height }} />
    </figure>
  )
}

function LegendLine({ color, dashed }: { color: string; dashed: boolean }) {
  return <i className={`inline-block h-0 w-3 border-t-[3px] ${dashed ? 'border-dotted' : ''}`} style={{ borderColor: `var(--${color})` }} />
}

function shownValue(value: number | null | undefined, formatValue: (value: number) => string): string {
  return value === null || value === undefined ? '–' : formatValue(value)
}
