'use client'
import type { ReplayFrame, RunReplay } from '@skein/schemas/api/replay'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { DataTable } from '../ui/data-table.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import type { TableColumn } from '../ui/table-column.ts'

interface Row extends ReplayFrame {
  at: number
  from: string
  to: string
}

const HEALTH = { ok: 'ok', slow: 'degraded', error: 'bad' } as const

/** All frames as a table: what the picture shows, and what it cannot. */
export function FramesTable({ replay, at, onFrame }: { replay: RunReplay; at: number; onFrame: (at: number) => void }) {
  const t = useTranslations('replay')
  const format = useFormat()
  const rows = useMemo(() => rowsOf(replay), [replay])
  const columns = useMemo((): readonly TableColumn<Row>[] => {
    const duration = (ms: number | null) => (ms === null ? '–' : format.text(format.duration(ms)))
    return [
      { id: 'state', header: t('column.state'), mark: true, value: (row) => row.state, cell: (row) => <HealthMark health={HEALTH[row.state]} size={10} /> },
      { id: 'number', header: t('column.number'), numeric: true, value: (row) => row.at + 1, cell: (row) => row.at + 1 },
      { id: 'offset', header: t('column.offset'), numeric: true, value: (row) => row.offsetMs, cell: (row) => duration(row.offsetMs) },
      { id: 'from', header: t('column.from'), value: (row) => row.from, cell: (row) => row.from },
      { id: 'to', header: t('column.to'), value: (row) => row.to, cell: (row) => <b className="font-medium">{row.to}</b> },
      { id: 'operation', header: t('column.operation'), value: (row) => row.operation, cell: (row) => row.operation },
      { id: 'latency', header: t('column.latency'), numeric: true, value: (row) => row.latencyMs, cell: (row) => duration(row.latencyMs) },
      { id: 'p50', header: t('column.p50'), numeric: true, value: (row) => row.cohortP50Ms, cell: (row) => duration(row.cohortP50Ms) },
    ]
  }, [t, format])
  return (
    <DataTable
      label={t('frames')}
      className="h-full bg-surface"
      rows={rows}
      columns={columns}
      rowId={(row) => String(row.at)}
      selectedId={String(at)}
      onOpen={(row) => onFrame(row.at)}
    />
  )
}

function rowsOf({ nodes, edges, frames }: RunReplay): Row[] {
  const names = new Map(nodes.map((node) => [node.id, node.name]))
  const ends = new Map(edges.map((edge) => [edge.id, { from: names.get(edge.source) ?? '', to: names.get(edge.target) ?? '' }]))
  return frames.map((frame, at) => ({ ...frame, at, ...(ends.get(frame.edge) ?? { from: '', to: '' }) }))
}
