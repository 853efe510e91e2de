'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { tracesOfEdge } from '../map/traces-behind.ts'
import { durationText, errorsColumn, rateColumn, tracesBehind, type Which } from '../services/red-columns.tsx'
import { DataTable } from '../ui/data-table.tsx'
import type { Evidence, TableColumn } from '../ui/table-column.ts'
import { ViewLink } from '../ui/view-link.tsx'
import type { LinkParameters } from '../url/view-state.ts'
import type { EdgeFinding } from './findings.ts'

export interface CallersTableProps {
  callers: readonly EdgeFinding[]
  seconds: number
  /** What a link to the map carries to show how edges differ. */
  parameters: LinkParameters
}

/** For whom a target is wrong, worst first: each caller leads to its edge, each of its numbers to the traces behind it. */
export function CallersTable({ callers, seconds, parameters }: CallersTableProps) {
  const t = useTranslations('overview')
  const format = useFormat()
  const columns = useMemo((): TableColumn<EdgeFinding>[] => {
    const name: TableColumn<EdgeFinding> = {
      id: 'caller',
      header: t('callers'),
      cell: (caller) => (
        <ViewLink
          path="/map"
          parameters={{ ...parameters, edge: caller.id }}
          title={`${caller.source.name} → ${caller.target.name}`}
          className="inline-flex min-h-6 items-center"
        >
          {caller.source.name}
        </ViewLink>
      ),
      value: ({ source }) => source.name,
    }
    const p95: TableColumn<EdgeFinding> = {
      id: 'p95',
      header: t('clientLine'),
      numeric: true,
      value: ({ edge }) => edge.client?.p95Ms ?? null,
      cell: ({ edge }) => durationText(format, edge.client?.p95Ms ?? null),
      evidence: evidenceOf('slow'),
    }
    const rate = { ...ofEdge(rateColumn<EdgeFinding['edge']>(t('rate'), format, seconds)), evidence: evidenceOf('all') }
    const errors = { ...ofEdge(errorsColumn<EdgeFinding['edge']>(t('errors'), format)), evidence: evidenceOf('failed') }
    return [name, rate, errors, p95]
  }, [t, format, seconds, parameters])
  return <DataTable label={t('callers')} rows={callers} columns={columns} rowId={({ id }) => id} className="-mx-3 max-h-52 min-[760px]:col-span-2" />
}

function ofEdge({ id, header, numeric = false, cell, value }: TableColumn<EdgeFinding['edge']>): TableColumn<EdgeFinding> {
  return { id, header, numeric, cell: ({ edge }) => cell(edge), ...(value === undefined ? {} : { value: ({ edge }) => value(edge) }) }
}

function evidenceOf(which: Which): (caller: EdgeFinding) => Evidence | null {
  return ({ edge, source, target }) => {
    const traced = tracesOfEdge(edge, [source, target], null)
    return traced === null ? null : tracesBehind(edge, traced, which)
  }
}
