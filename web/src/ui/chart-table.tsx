'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { type ChartMarker, markerNear } from './chart-marker.ts'
import type { ChartSeries } from './chart-options.ts'

export interface ChartTableProps {
  label: string
  times: readonly number[]
  series: readonly ChartSeries[]
  formatValue: (value: number) => string
  height: number
  markers: readonly ChartMarker[]
}

/** The numbers of a chart, newest first, and what was changed when. */
export function ChartTable({ label, times, series, formatValue, height, markers }: ChartTableProps) {
  const t = useTranslations()
  const stepMs = (times[1] ?? 60_000) - (times[0] ?? 0)
  const text = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : formatValue(value))
  const format = useFormat()
  return (
    <div className="overflow-auto" style={{ height }} tabIndex={0} role="region" aria-label={label}>
      <table className="data-table" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('range.label')}</th>
            {series.map((one) => (
              <th key={one.id} scope="col" className="num">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times
            .map((timeMs, index) => (
              <tr key={timeMs}>
                <td>
                  {format.dateTime(timeMs)}
                  <span className="text-marker">{changeIn(markers, timeMs, stepMs)}</span>
                </td>
                {series.map((one) => (
                  <td key={one.id} className="num">
                    {text(one.values[index])}
                    {one.was !== undefined && <span className="ml-1.5 text-t3">{t('action.was', { value: text(one.was[index]) })}</span>}
                  </td>
                ))}
              </tr>
            ))
            .toReversed()}
        </tbody>
      </table>
    </div>
  )
}

/** What was changed within the step that begins here. */
function changeIn(markers: readonly ChartMarker[], timeMs: number, stepMs: number): string {
  const marker = markerNear(markers, timeMs + stepMs / 2, stepMs / 2)
  return marker === null ? '' : ` ▼ ${marker.label}`
}
