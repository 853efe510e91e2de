'use client'
import type { IntakeAnswer } from '@skein/schemas/api/intake'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Card } from '../ui/card.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import type { Evidence, TableColumn } from '../ui/table-column.ts'

type Signal = IntakeAnswer['signals'][number]
type Count = 'accepted' | 'visible' | 'byRule' | 'repeats' | 'dead' | 'refused' | 'cut'

/** The ledger by signal: each line adds up from what was accepted to what became of it. */
export function SignalsCard({ signals }: { signals: IntakeAnswer['signals'] }) {
  const t = useTranslations('intake')
  const format = useFormat()
  const columns = useMemo((): readonly TableColumn<Signal>[] => {
    const count = (id: Count, header: string, secondary = false): TableColumn<Signal> => ({
      id,
      header,
      numeric: true,
      value: (row) => row[id],
      evidence: (row) => (row[id] === 0 ? null : behind(row.signal, id)),
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
    <Card id="signals" title={t('signals')} sub={t('signalsSub')} className="flex-none" end={<CsvButton name="signals" rows={signals} columns={columns} />}>
      <DataTable label={t('signals')} rows={signals} columns={columns} rowId={(row) => row.signal} initialSort={{ id: 'accepted', desc: true }} />
    </Card>
  )
}

/** What can be seen is what was searched for; what rules took away has a page; the rest is told by reason. */
function behind(signal: Signal['signal'], count: Count): Evidence | null {
  if (count === 'byRule') return { path: '/logs', parameters: { tab: 'dropped' } }
  if (count !== 'accepted' && count !== 'visible') return { path: '/intake', hash: 'outcomes' }
  return signal === 'traces' ? { path: '/traces' } : signal === 'logs' ? { path: '/logs' } : null
}
