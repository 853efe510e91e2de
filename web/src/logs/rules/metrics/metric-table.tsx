'use client'
import type { LogMetric } from '@skein/schemas/api/log-metrics'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../../../format/use-format.ts'
import { Card } from '../../../ui/card.tsx'
import { Tag } from '../../../ui/chip.tsx'
import { DataTable } from '../../../ui/data-table.tsx'
import type { TableColumn } from '../../../ui/table-column.ts'
import { ViewLink } from '../../../ui/view-link.tsx'

export interface MetricTableProps {
  metrics: readonly LogMetric[]
  chosen: string
  onChoose: (name: string) => void
}

/** All metrics: who makes them, what they counted in the window, and when the newest line came. */
export function MetricTable({ metrics, chosen, onChoose }: MetricTableProps) {
  const t = useTranslations('logs.metrics')
  const columns = useColumns(onChoose)
  return (
    <Card title={t('title')} sub={t('sub')} className="flex-none">
      <DataTable label={t('title')} rows={metrics} columns={columns} rowId={({ name }) => name} selectedId={chosen} onOpen={({ name }) => onChoose(name)} />
    </Card>
  )
}

function useColumns(onChoose: (name: string) => void): readonly TableColumn<LogMetric>[] {
  const t = useTranslations('logs.metrics')
  const format = useFormat()
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('name'),
        value: ({ name }) => name,
        cell: ({ name }) => (
          <button type="button" className="mono font-medium text-accent-text" onClick={() => onChoose(name)}>
            {name}
          </button>
        ),
      },
      { id: 'aggregation', header: t('aggregation'), value: ({ aggregation }) => aggregation, cell: ({ aggregation }) => t(`kind.${aggregation}`) },
      { id: 'unit', header: t('unit'), value: ({ unit }) => unit, cell: ({ unit }) => unit ?? '–', secondary: true },
      { id: 'rule', header: t('rule'), value: ({ rule }) => rule?.name ?? null, cell: ({ rule }) => <MadeBy rule={rule} /> },
      { id: 'lines', header: t('lines'), numeric: true, value: ({ lines }) => lines, cell: ({ lines }) => format.integer(lines) },
      {
        id: 'without',
        header: t('without'),
        numeric: true,
        value: ({ missing, noNumber }) => missing + noNumber,
        cell: ({ missing, noNumber }) => (missing + noNumber === 0 ? '0' : <Tag tone="degraded">{format.integer(missing + noNumber)}</Tag>),
      },
      {
        id: 'last',
        header: t('last'),
        numeric: true,
        value: ({ lastAt }) => (lastAt === null ? null : Date.parse(lastAt)),
        cell: ({ lastAt }) => (lastAt === null ? '–' : format.dateTime(Date.parse(lastAt))),
      },
    ],
    [t, format, onChoose],
  )
}

function MadeBy({ rule }: Pick<LogMetric, 'rule'>) {
  const t = useTranslations('logs.metrics')
  if (rule === null) return <span className="text-t3">{t('noRule')}</span>
  return (
    <>
      <ViewLink path="/logs" parameters={{ tab: 'rules', rule: rule.id }}>
        {rule.name}
      </ViewLink>
      {!rule.enabled && <Tag tone="degraded">{t('off')}</Tag>}
    </>
  )
}
