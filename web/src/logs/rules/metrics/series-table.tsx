'use client'
import type { LogMetricAnswer } from '@skein/schemas/api/log-metrics'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../../../format/use-format.ts'
import { DataTable } from '../../../ui/data-table.tsx'
import type { TableColumn } from '../../../ui/table-column.ts'
import { ViewLink } from '../../../ui/view-link.tsx'
import { figuresFor, linesSearch, valueText } from './metric-look.ts'

type Series = LogMetricAnswer['series'][number]

/** What each series adds up to in the window; its name leads to the lines that made it. */
export function SeriesTable({ answer }: { answer: LogMetricAnswer }) {
  const t = useTranslations('logs.metrics')
  const columns = useColumns(answer)
  return (
    <DataTable
      label={t('series')}
      rows={answer.series}
      columns={columns}
      rowId={({ values }) => JSON.stringify(values)}
      className="max-h-60 border-t border-line"
    />
  )
}

function useColumns({ aggregation, unit, rule, groupBy }: LogMetricAnswer): readonly TableColumn<Series>[] {
  const t = useTranslations('logs.metrics')
  const format = useFormat()
  return useMemo(() => {
    const figures = figuresFor(aggregation).map((figure): TableColumn<Series> => {
      const text = valueText(format, figure, unit)
      const value = ({ total }: Series): number | null => total[figure]
      const cell = (series: Series): string => (value(series) === null ? '–' : text(value(series) ?? 0))
      return { id: figure, header: t(`figures.${figure}`), numeric: true, value, cell }
    })
    const nameOf = ({ values }: Series): string => (values.length === 0 ? t('allLines') : values.map((each) => (each === '' ? t('none') : each)).join(' · '))
    return [
      {
        id: 'series',
        header: groupBy.length === 0 ? t('lines') : groupBy.join(' · '),
        value: nameOf,
        cell: (series) =>
          rule === null ? (
            nameOf(series)
          ) : (
            <ViewLink path="/logs" parameters={{ tab: 'search', q: linesSearch(rule.match, { groupBy, ...series }) }} title={t('toLines')}>
              {nameOf(series)}
            </ViewLink>
          ),
      },
      ...figures,
    ]
  }, [t, format, aggregation, unit, rule, groupBy])
}
