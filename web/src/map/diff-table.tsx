'use client'
import type { EdgeDiff, EdgeStats } from '@skein/schemas/api/topology-diff'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { DataTable } from '../ui/data-table.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { tracesBehind, type Which } from '../services/red-columns.tsx'
import { ChangeTag, measureText } from './difference.tsx'
import { diffTracer } from './traces-behind.ts'
import type { MapView } from './use-map-view.ts'

export interface DiffTableProps {
  view: MapView
  selected: string | null
  onSelect: (id: string) => void
}

const NONE: readonly EdgeDiff[] = []

/** The difference as rows: every changed edge with what it was and what it is, which leads to its traces. */
export function DiffTable({ view, selected, onSelect }: DiffTableProps) {
  const t = useTranslations('map.diff')
  const columns = useDiffColumns(view)
  return (
    <DataTable
      label={t('title')}
      rows={view.diff?.edges ?? NONE}
      columns={columns}
      rowId={(row) => row.id}
      initialSort={{ id: 'score', desc: true }}
      selectedId={selected}
      onOpen={({ id }) => onSelect(id)}
      className="flex-1 bg-surface"
    />
  )
}

/** What is measured, and which traces show it best. */
const MEASURES = [
  ['rate', 'callsPerMinute', 'all'],
  ['errorRate', 'errorRate', 'failed'],
  ['p95', 'p95Ms', 'slow'],
  ['network', 'networkP95Ms', null],
  ['queueWait', 'queueWaitP95Ms', null],
  ['selfTime', 'selfTimeMs', null],
] as const satisfies readonly (readonly [string, keyof EdgeStats, Which | null])[]

export function useDiffColumns({ answer: { edges }, diff }: Pick<MapView, 'answer' | 'diff'>): readonly TableColumn<EdgeDiff>[] {
  const t = useTranslations('map')
  const format = useFormat()
  return useMemo(() => {
    const traced = diff === null ? () => null : diffTracer({ window: diff.window, edges })
    const evidence = (which: Which) => (edge: EdgeDiff) => {
      const of = traced(edge)
      return of === null || edge.now === null ? null : tracesBehind(edge.now, of, which)
    }
    const text = (measure: (typeof MEASURES)[number][0], value: number | null | undefined): string =>
      value === null || value === undefined ? '–' : measureText(measure, value, format)
    return [
      { id: 'source', header: t('table.source'), cell: (edge) => <b className="font-medium">{edge.source.name}</b>, value: (edge) => edge.source.name },
      { id: 'target', header: t('table.target'), cell: (edge) => <b className="font-medium">{edge.target.name}</b>, value: (edge) => edge.target.name },
      { id: 'kind', header: t('table.kind'), cell: (edge) => <span className="text-t3">{edge.kind}</span>, value: (edge) => edge.kind, secondary: true },
      { id: 'change', header: t('diff.change'), cell: (edge) => <ChangeTag edge={edge} />, value: (edge) => edge.change },
      ...MEASURES.map(
        ([measure, key, which]): TableColumn<EdgeDiff> => ({
          id: measure,
          header: t(`diff.measure.${measure}`),
          numeric: true,
          secondary: measure === 'network' || measure === 'queueWait' || measure === 'selfTime',
          value: (edge) => edge.now?.[key] ?? null,
          ...(which === null ? {} : { evidence: evidence(which) }),
          cell: (edge) => (
            <>
              {text(measure, edge.now?.[key])} <span className="text-t3">{t('diff.was', { value: text(measure, edge.base?.[key]) })}</span>
            </>
          ),
        }),
      ),
      { id: 'cause', header: t('diff.causes'), cell: (edge) => edge.causes[0]?.title ?? '–', value: (edge) => edge.causes[0]?.title ?? null, secondary: true },
      { id: 'score', header: t('diff.score'), numeric: true, cell: (edge) => format.text(format.count(edge.score)), value: (edge) => edge.score },
    ]
  }, [t, format, diff, edges])
}
