'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import type { TimeSeriesChartProps } from './time-series-chart.tsx'

/** The numbers of a chart, newest first. */
export function ChartTable({ label, times, series, formatValue, height }: TimeSeriesChartProps) {
  const t = useTranslations('range')
  const format = useFormat()
  return (
    <div className="overflow-auto" style={{ height }} tabIndex={0} role="region" aria-label={label}>
      <table className="data-table" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t('label')}</th>
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
                <td>{format.dateTime(timeMs)}</td>
                {series.map((one) => {
                  const value = one.values[index] ?? null
                  return (
                    <td key={one.id} className="num">
                      {value === null ? '–' : formatValue(value)}
                    </td>
                  )
                })}
              </tr>
            ))
            .toReversed()}
        </tbody>
      </table>
    </div>
  )
}
