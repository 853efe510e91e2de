'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import type { ServiceLane } from './service-lanes.ts'
import { nsText } from './span-duration.ts'
import type { TraceModel } from './trace-model.ts'

interface Row extends ServiceLane {
  selfNs: number
  share: number
  pathShare: number
}

export interface ServiceTableProps {
  model: TraceModel
  lanes: readonly ServiceLane[]
  onOpen: (key: string) => void
}

/** The lanes in words. */
export function ServiceTable({ model, lanes, onOpen }: ServiceTableProps) {
  const t = useTranslations('trace.lanes')
  const rows = useMemo(() => {
    const times = new Map(model.services.map((service) => [service.service, service]))
    return lanes.map((lane): Row => {
      const time = times.get(lane.service)
      return { ...lane, selfNs: time?.selfNs ?? 0, share: time?.share ?? 0, pathShare: model.path.shares.get(lane.service) ?? 0 }
    })
  }, [model, lanes])
  const columns = useColumns()
  return (
    <section aria-label={t('table')} className="flex min-h-0 flex-1 flex-col border-t border-line">
      <div className="flex flex-none items-center justify-between px-3 py-1">
        <h3>{t('table')}</h3>
        <CsvButton name="services" rows={rows} columns={columns} />
      </div>
      <DataTable label={t('table')} rows={rows} columns={columns} rowId={(row) => row.service} onOpen={(row) => onOpen(row.firstKey)} className="flex-1" />
    </section>
  )
}

function useColumns(): readonly TableColumn<Row>[] {
  const t = useTranslations('trace.lanes')
  const format = useFormat()
  return useMemo(
    () => [
      { id: 'service', header: t('service'), cell: (row) => row.service, value: (row) => row.service },
      { id: 'spans', header: t('spanCount'), cell: (row) => format.integer(row.spans), value: (row) => row.spans, numeric: true },
      { id: 'errors', header: t('errors'), cell: (row) => format.integer(row.failures.length), value: (row) => row.failures.length, numeric: true },
      { id: 'busy', header: t('busyTime'), cell: (row) => nsText(row.busyNs, format), value: (row) => row.busyNs / 1e6, numeric: true },
      { id: 'self', header: t('selfTime'), cell: (row) => nsText(row.selfNs, format), value: (row) => row.selfNs / 1e6, numeric: true },
      { id: 'share', header: t('share'), cell: (row) => format.text(format.share(row.share, 1)), value: (row) => row.share, numeric: true },
      { id: 'path', header: t('pathShare'), cell: (row) => format.text(format.share(row.pathShare, 1)), value: (row) => row.pathShare, numeric: true },
      { id: 'most', header: t('atOnce'), cell: (row) => format.integer(row.most), value: (row) => row.most, numeric: true, secondary: true },
    ],
    [t, format],
  )
}
