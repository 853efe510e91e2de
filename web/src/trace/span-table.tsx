'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import type { TraceReading } from './reader-client.ts'
import { selfTimes } from './self-time.ts'
import { nsText } from './span-duration.ts'
import type { SpanRow } from './span-row.ts'

export interface SpanTableProps {
  reading: TraceReading
  rows: readonly SpanRow[]
  found: ReadonlySet<string> | null
  selected: string
  onSelect: (key: string) => void
}

/** The waterfall in words: every span with its numbers, sortable, as a file too. */
export function SpanTable({ reading, rows, found, selected, onSelect }: SpanTableProps) {
  const t = useTranslations('trace.table')
  const { model } = reading
  const self = useMemo(() => {
    const all = selfTimes(model.rows)
    return new Map(model.rows.map((row, index) => [row.key, all[index] ?? 0]))
  }, [model.rows])
  const shown = useMemo(() => (found === null ? rows : rows.filter((row) => found.has(row.key))), [rows, found])
  const columns = useColumns(reading, self)
  return (
    <section aria-label={t('label')} className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-none items-center gap-2.5 border-b border-line px-3 py-1.5">
        <h2 className="text-12">{t('label')}</h2>
        <span className="flex-1 text-11 text-t2">{t('count', { count: shown.length })}</span>
        <CsvButton name={`trace-${reading.traceId}`} rows={shown} columns={columns} />
      </div>
      <DataTable
        label={t('label')}
        rows={shown}
        columns={columns}
        rowId={(row) => row.key}
        selectedId={selected}
        onOpen={(row) => onSelect(row.key)}
        className="flex-1"
      />
    </section>
  )
}

function useColumns({ model }: TraceReading, self: ReadonlyMap<string, number>): readonly TableColumn<SpanRow>[] {
  const t = useTranslations('trace.table')
  const words = useTranslations('trace')
  const format = useFormat()
  return useMemo(() => {
    const time = (id: string, header: string, ns: (row: SpanRow) => number, secondary = false): TableColumn<SpanRow> => ({
      id,
      header,
      cell: (row) => nsText(ns(row), format),
      value: (row) => ns(row) / 1e6,
      numeric: true,
      secondary,
    })
    return [
      {
        id: 'service',
        header: t('service'),
        cell: (row) => (row.span === null ? <i className="text-t3">{words('missing')}</i> : row.span.service),
        value: (row) => row.span?.service ?? '',
      },
      { id: 'operation', header: t('operation'), cell: (row) => row.span?.name ?? row.missingId, value: (row) => row.span?.name ?? row.missingId },
      { id: 'kind', header: t('kind'), cell: (row) => row.span?.kind ?? '', value: (row) => row.span?.kind ?? '', secondary: true },
      time('start', t('start'), (row) => row.startNs),
      time('duration', t('duration'), (row) => row.durationNs),
      time('self', t('selfTime'), (row) => self.get(row.key) ?? 0),
      time('path', t('onPath'), (row) => model.path.rows.get(row.key)?.ownNs ?? 0),
      time('wait', t('wait'), (row) => (row.wait === null ? 0 : row.wait.beforeNs + row.wait.afterNs), true),
      {
        id: 'status',
        header: t('status'),
        cell: (row) =>
          row.span?.status.code === 'error' ? (
            <span className="inline-flex items-center gap-1.5">
              <HealthMark health="bad" size={10} />
              {row.span.status.code}
            </span>
          ) : (
            (row.span?.status.code ?? '')
          ),
        value: (row) => row.span?.status.code ?? '',
      },
      { id: 'id', header: t('id'), cell: (row) => <span className="mono">{row.span?.spanId ?? row.missingId}</span>, value: (row) => row.key, secondary: true },
    ]
  }, [t, words, format, self, model])
}
