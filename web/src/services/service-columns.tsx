'use client'
import type { ServiceSummary } from '@skein/schemas/api/services'
import { HEALTH } from '@skein/schemas/api/window'
import type { WindowAnswer } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { Format } from '../format/format.ts'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { ViewLink } from '../ui/view-link.tsx'
import { sentBy, serviceLink } from './service-link.ts'
import { useRatedWindow } from './use-rated-window.ts'
import { durationColumn, durationText, errorsColumn, rateColumn, redColumnsWithTraces } from './red-columns.tsx'

/** Columns of the services table, most telling first. */
export function useServiceColumns(window: WindowAnswer): readonly TableColumn<ServiceSummary>[] {
  const t = useTranslations()
  const format = useFormat()
  const { seconds } = useRatedWindow(window)
  return useMemo(() => {
    const place = (id: 'environment' | 'cluster' | 'namespace'): TableColumn<ServiceSummary> => ({
      id,
      header: t(`column.${id}`),
      value: (row) => row[id],
      cell: (row) => <span className="text-t3">{row[id] === '' ? '–' : row[id]}</span>,
      secondary: id !== 'cluster',
    })
    return [
      {
        id: 'health',
        header: t('column.health'),
        value: (row) => HEALTH.indexOf(row.health),
        cell: (row) => <HealthMark health={row.health} />,
        mark: true,
      },
      {
        id: 'name',
        header: t('column.service'),
        value: (row) => row.name,
        cell: (row) => (
          <ViewLink {...serviceLink(row)} title={row.name} className="font-medium text-t1">
            {row.name}
          </ViewLink>
        ),
      },
      place('environment'),
      place('cluster'),
      place('namespace'),
      ...redColumnsWithTraces(
        [
          rateColumn<ServiceSummary>(t('column.rate'), format, seconds),
          errorsColumn<ServiceSummary>(t('column.errors'), format),
          durationColumn<ServiceSummary>('p50Ms', format),
          durationColumn<ServiceSummary>('p95Ms', format),
          durationColumn<ServiceSummary>('p99Ms', format),
        ],
        sentBy,
      ),
      weekAgoColumn(t('column.weekAgo'), format),
      {
        id: 'instances',
        header: t('column.instances'),
        numeric: true,
        secondary: true,
        value: (row) => row.instances,
        evidence: (row) => ({ ...serviceLink(row), hash: 'instances' }),
        cell: (row) => format.integer(row.instances),
      },
    ]
  }, [t, format, seconds])
}

/** What the p95 was; it leads to the service compared with then. */
function weekAgoColumn(header: string, format: Format): TableColumn<ServiceSummary> {
  return {
    id: 'weekAgo',
    header,
    numeric: true,
    secondary: true,
    value: (row) => row.weekAgoP95Ms,
    evidence: (row) => (row.weekAgoP95Ms === null ? null : { path: '/service', parameters: { ...serviceLink(row).parameters, vs: 'week' } }),
    cell: (row) => <span className="text-t3">{durationText(format, row.weekAgoP95Ms)}</span>,
  }
}
