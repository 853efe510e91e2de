'use client'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { absolute } from '../url/time-range.ts'
import { useView } from '../url/view-state.ts'
import { Button } from './button.tsx'
import type { ChartSeries } from './chart-options.ts'
import { ChartTable } from './chart-table.tsx'
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
    onSelect: (startMs, endMs) => void setView(absolute(startMs, endMs)),
  })
  const shown = index ?? times.length - 1
  return (
    <figure className="m-0 px-3 pb-2">
      <figcaption className="mb-1 flex min-h-6 flex-wrap items-center gap-x-3 text-11 text-t2">
        {series.map((one) => (
          <span key={one.id} className="inline-flex items-center gap-[5px] whitespace-nowrap">
            <i className="inline-block h-[3px] w-3 rounded-[2px]" style={{ background: `var(--${one.color})` }} />
            {one.label} <b className="font-medium text-t1">{shownValue(one.values[shown], formatValue)}</b>
          </span>
        ))}
        <span className="ml-auto text-t3">{times[shown] === undefined ? '' : format.clock(times[shown])}</span>
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

function shownValue(value: number | null | undefined, formatValue: (value: number) => string): string {
  return value === null || value === undefined ? '–' : formatValue(value)
}
