'use client'
import type { IntakeAnswer } from '@skein/schemas/api/intake'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Card } from '../ui/card.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import type { TableColumn } from '../ui/table-column.ts'

type Signal = IntakeAnswer['signals'][number]

/** The ledger by signal: each line adds up from what was accepted to what became of it. */
export function SignalsCard({ signals }: { signals: IntakeAnswer['signals'] }) {
  const t = useTranslations('intake')
  const format = useFormat()
  const columns = useMemo((): readonly TableColumn<Signal>[] => {
    const count = (id: 'accepted' | 'visible' | 'byRule' | 'repeats' | 'dead' | 'refused' | 'cut', header: string, secondary = false): TableColumn<Signal> => ({
      id,
      header,
      numeric: true,
      value: (row) => row[id],
      cell: (row) => format.integer(row[id]),
      secondary,
    })
    return [
      { id: 'signal', header: t('signal'), value: (row) => row.signal, cell: (row) => <span className="mono">{row.signal}</span> },
      count('accepted', t('accepted')),
      count('visible', t('visible')),
      count('byRule', t('byRule')),
      count('repeats', t('repeats'), true),
      count('dead', t('deadLetters'), true),
      count('refused', t('refused')),
      count('cut', t('cut'), true),
      { id: 'bytes', header: t('volume'), numeric: true, value: (row) => row.bytes, cell: (row) => format.text(format.bytes(row.bytes)) },
    ]
  }, [t, format])
  if (signals.length === 0) return null
  return (
    <Card title={t('signals')} sub={t('signalsSub')} className="flex-none" end={<CsvButton name="signals" rows={signals} columns={columns} />}>
      <DataTable label={t('signals')} rows={signals} columns={columns} rowId={(row) => row.signal} initialSort={{ id: 'accepted', desc: true }} />
    </Card>
  )
}
