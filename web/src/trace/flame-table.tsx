'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import { Meter } from '../ui/meter.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import type { OperationNode } from './operation-tree.ts'
import { nsText } from './span-duration.ts'

export interface FlameTableProps {
  nodes: readonly OperationNode[]
  totalNs: number
  colors: ReadonlyMap<string, string>
  onOpen: (place: number) => void
}

/** The flame picture in words. */
export function FlameTable({ nodes, totalNs, colors, onOpen }: FlameTableProps) {
  const t = useTranslations('trace.flame')
  const rows = useMemo(() => nodes.map((node, place) => ({ ...node, place })), [nodes])
  const columns = useColumns(totalNs, colors)
  return (
    <section aria-label={t('table')} className="flex min-h-0 flex-1 flex-col border-t border-line">
      <div className="flex flex-none items-center justify-between px-3 py-1">
        <h3>{t('table')}</h3>
        <CsvButton name="operations" rows={rows} columns={columns} />
      </div>
      <DataTable
        label={t('table')}
        rows={rows}
        columns={columns}
        rowId={(row) => row.key}
        initialSort={{ id: 'self', desc: true }}
        onOpen={(row) => onOpen(row.place)}
        className="flex-1"
      />
    </section>
  )
}

type Row = OperationNode & { place: number }

function useColumns(totalNs: number, colors: ReadonlyMap<string, string>): readonly TableColumn<Row>[] {
  const t = useTranslations('trace.flame')
  const format = useFormat()
  return useMemo(
    () => [
      {
        id: 'operation',
        header: t('operation'),
        cell: (row) => (
          <span className="inline-flex max-w-[420px] items-center gap-1.5">
            <i className="h-2 w-2 flex-none rounded-[2px]" style={{ background: colors.get(row.service) ?? 'var(--unknown)' }} />
            <span className="truncate" title={`${row.service} ${row.name}`}>
              <b className="font-medium">{row.service}</b> <span className="text-t2">{row.name}</span>
            </span>
          </span>
        ),
        value: (row) => `${row.service} ${row.name}`,
      },
      { id: 'count', header: t('count'), cell: (row) => format.integer(row.count), value: (row) => row.count, numeric: true },
      {
        id: 'self',
        header: t('selfTime'),
        cell: (row) => (
          <span className="inline-flex items-center gap-2">
            <span className="w-20">
              <Meter share={totalNs > 0 ? row.selfNs / totalNs : 0} color="cat-1" />
            </span>
            <span className="w-16 text-right">{nsText(row.selfNs, format)}</span>
          </span>
        ),
        value: (row) => row.selfNs / 1e6,
        numeric: true,
      },
      { id: 'total', header: t('totalTime'), cell: (row) => nsText(row.totalNs, format), value: (row) => row.totalNs / 1e6, numeric: true },
      { id: 'errors', header: t('errors'), cell: (row) => format.integer(row.errors), value: (row) => row.errors, numeric: true },
      { id: 'depth', header: t('depth'), cell: (row) => row.depth, value: (row) => row.depth, numeric: true, secondary: true },
    ],
    [t, format, colors, totalNs],
  )
}
