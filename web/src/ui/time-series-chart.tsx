'use client'
import { useTranslations } from 'next-intl'
import { useContext, useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { absolute } from '../url/time-range.ts'
import { useView } from '../url/view-state.ts'
import { Button } from './button.tsx'
import { type ChartMarker, markerNear, MarkersContext } from './chart-marker.ts'
import type { ChartSeries } from './chart-options.ts'
import { ChartTable } from './chart-table.tsx'
import { lastKnown } from './unfinished.ts'
import { usePlot } from './use-plot.ts'

export interface TimeSeriesChartProps {
  label: string
  /** Unix ms, ascending. */
  times: readonly number[]
  /** A series with `was` shows its baseline too. */
  series: readonly ChartSeries[]
  /** A value with its unit. */
  formatValue: (value: number) => string
  height?: number
  /** Counts that add up, as bars on each other, the first series at the foot. */
  bars?: boolean
  /** The page's own unless others are given; an empty list shows none. */
  markers?: readonly ChartMarker[]
  /** What a drag over the chart does with its two ends (Unix ms); the range of the page unless told. */
  onBrush?: (startMs: number, endMs: number) => void
}

/** Lines over time with a crosshair shared by the page, a drag that selects a range, markers of changes, and the same numbers as a table. */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { label, times, series, formatValue, height = 150 } = props
  const format = useFormat()
  const { view, setView } = useView()
  const [asTable, setAsTable] = useState(false)
  const [index, setIndex] = useState<number | null>(null)
  const ofPage = useContext(MarkersContext)
  const markers = props.markers ?? ofPage
  const plot = usePlot({
    times,
    series,
    height,
    markers,
    bars: props.bars ?? false,
    utc: view.tz === 'utc',
    formatValue,
    formatTime: (timeMs) => format.clock(timeMs),
    onCursor: setIndex,
    onFailed: () => setAsTable(true),
    onSelect: props.onBrush ?? ((startMs, endMs) => void setView(absolute(startMs, endMs))),
  })
  return (
    <figure className="m-0 px-3 pb-2">
      <Caption {...props} markers={markers} index={index} asTable={asTable} onToggle={() => setAsTable(!asTable)} />
      {asTable && <ChartTable label={label} times={times} series={series} formatValue={formatValue} height={height} markers={markers} />}
      <div ref={plot} role="img" aria-label={label} hidden={asTable} style={{ height }} />
    </figure>
  )
}

interface CaptionProps extends TimeSeriesChartProps {
  markers: readonly ChartMarker[]
  /** The step under the crosshair. */
  index: number | null
  asTable: boolean
  onToggle: () => void
}

/** Names and values at the crosshair, else the last known, of bars their sums; what was changed there. */
function Caption({ label, times, series, formatValue, markers, index, asTable, onToggle, bars = false }: CaptionProps) {
  const t = useTranslations('action')
  const whole = bars && index === null
  const shown = index ?? lastKnown(series.map((one) => one.values))
  const shownMs = times[shown]
  const stepMs = (times[1] ?? 60_000) - (times[0] ?? 0)
  const marker = index === null || shownMs === undefined ? null : markerNear(markers, shownMs, stepMs)
  return (
    <figcaption className="mb-1 flex min-h-6 items-start gap-2 text-11 leading-6 text-t2">
      <span className="flex min-w-0 flex-1 flex-wrap gap-x-2.5">
        {series.map((one) => (
          <span key={one.id} className="inline-flex items-center gap-[5px] whitespace-nowrap">
            <LegendLine color={one.color} dashed={one.dashed ?? false} />
            {one.label} <b className="font-medium text-t1">{shownValue(whole ? sumOf(one.values) : one.values[shown], formatValue)}</b>
            {one.was !== undefined && <span className="text-t3">{t('was', { value: shownValue(one.was[shown], formatValue) })}</span>}
          </span>
        ))}
        {marker !== null && <span className="truncate font-semibold text-marker">▼ {marker.label}</span>}
      </span>
      <ShownTime timeMs={whole ? undefined : shownMs} />
      <Button look="ghost" small aria-pressed={asTable} onClick={onToggle} aria-label={`${label}: ${asTable ? t('showChart') : t('showTable')}`}>
        {asTable ? t('showChart') : t('showTable')}
      </Button>
    </figcaption>
  )
}

function ShownTime({ timeMs }: { timeMs: number | undefined }) {
  const format = useFormat()
  return <span className="text-t3">{timeMs === undefined ? '' : format.clock(timeMs)}</span>
}

function LegendLine({ color, dashed }: { color: string; dashed: boolean }) {
  return <i className={`inline-block h-0 w-3 border-t-[3px] ${dashed ? 'border-dotted' : ''}`} style={{ borderColor: `var(--${color})` }} />
}

function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}

function shownValue(value: number | null | undefined, formatValue: (value: number) => string): string {
  return value === null || value === undefined ? '–' : formatValue(value)
}
