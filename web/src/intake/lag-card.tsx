'use client'
import type { IntakeAnswer } from '@skein/schemas/api/intake'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import type { TableColumn } from '../ui/table-column.ts'

type Lag = NonNullable<IntakeAnswer['lag']>[number]

/** How far processing is behind the log, partition by partition. */
export function LagCard({ lag }: { lag: IntakeAnswer['lag'] }) {
  const t = useTranslations('intake')
  const format = useFormat()
  const columns = useMemo((): readonly TableColumn<Lag>[] => {
    const count = (id: 'committed' | 'end' | 'lag', header: string): TableColumn<Lag> => ({
      id,
      header,
      numeric: true,
      value: (row) => row[id],
      cell: (row) => (row[id] === null ? '–' : format.integer(row[id])),
    })
    return [
      { id: 'topic', header: t('topic'), value: (row) => row.topic, cell: (row) => <span className="mono">{row.topic}</span> },
      { id: 'partition', header: t('partition'), numeric: true, value: (row) => row.partition, cell: (row) => row.partition },
      { ...count('committed', t('committed')), secondary: true },
      { ...count('end', t('end')), secondary: true },
      count('lag', t('behind')),
    ]
  }, [t, format])
  return (
    <Card title={t('lag')} sub={t('lagSub')}>
      {lag === null ? (
        <p className="border-t border-line px-3 py-3 text-t2">{t('noLag')}</p>
      ) : (
        <DataTable
          className="max-h-[218px]"
          label={t('lag')}
          rows={lag}
          columns={columns}
          rowId={(row) => `${row.topic}/${row.partition}`}
          initialSort={{ id: 'lag', desc: true }}
        />
      )}
    </Card>
  )
}
