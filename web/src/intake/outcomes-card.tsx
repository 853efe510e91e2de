'use client'
import type { IntakeAnswer } from '@skein/schemas/api/intake'
import type { OutcomeKind } from '@skein/schemas/outcomes'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Card } from '../ui/card.tsx'
import { Tag } from '../ui/chip.tsx'
import type { TagTone } from '../ui/chip.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import type { TableColumn } from '../ui/table-column.ts'

type Outcome = IntakeAnswer['outcomes'][number]
const TONES: Readonly<Record<OutcomeKind, TagTone>> = { refused: 'degraded', cut: 'plain', repeat: 'plain', dead: 'bad' }

/** Everything that was not taken as it was sent, by reason and key. */
export function OutcomesCard({ outcomes }: { outcomes: IntakeAnswer['outcomes'] }) {
  const t = useTranslations('intake')
  const columns = useOutcomeColumns()
  return (
    <Card
      id="outcomes"
      title={t('outcomes')}
      sub={t('outcomesSub')}
      className="flex-none"
      end={<CsvButton name="outcomes" rows={outcomes} columns={columns} />}
    >
      {outcomes.length === 0 ? (
        <p className="flex items-center gap-2 border-t border-line px-3 py-3 text-t2">
          <HealthMark health="ok" />
          {t('nothing')}
        </p>
      ) : (
        <DataTable
          label={t('outcomes')}
          rows={outcomes}
          columns={columns}
          rowId={(row) => `${row.signal} ${row.keyId} ${row.kind} ${row.reason}`}
          initialSort={{ id: 'records', desc: true }}
        />
      )}
    </Card>
  )
}

function useOutcomeColumns(): readonly TableColumn<Outcome>[] {
  const t = useTranslations()
  const format = useFormat()
  return useMemo(() => {
    const count = (id: 'requests' | 'records'): TableColumn<Outcome> => ({
      id,
      header: t(`intake.${id}`),
      numeric: true,
      value: (row) => row[id],
      evidence: ({ reason }) => ({ path: '/intake', hash: `reason-${reason}` }),
      cell: (row) => format.integer(row[id]),
    })
    return [
      {
        id: 'reason',
        header: t('intake.reason'),
        value: (row) => row.reason,
        cell: (row) => (
          <a href={`#reason-${row.reason}`} className="mono text-t1">
            {row.reason}
          </a>
        ),
      },
      { id: 'kind', header: t('column.kind'), value: (row) => row.kind, cell: (row) => <Tag tone={TONES[row.kind]}>{t(`intake.kind.${row.kind}`)}</Tag> },
      { id: 'signal', header: t('intake.signal'), value: (row) => row.signal, cell: (row) => <span className="text-t3">{row.signal}</span>, secondary: true },
      {
        id: 'key',
        header: t('intake.key'),
        value: (row) => row.keyId,
        cell: (row) => <span className="mono text-t3">{row.keyId === '' ? '–' : row.keyId}</span>,
        secondary: true,
      },
      count('requests'),
      count('records'),
      { id: 'bytes', header: t('intake.volume'), numeric: true, value: (row) => row.bytes, cell: (row) => format.text(format.bytes(row.bytes)) },
      {
        id: 'lastSeen',
        header: t('column.lastSeen'),
        numeric: true,
        value: (row) => row.lastSeen,
        cell: (row) => format.clockSeconds(Date.parse(row.lastSeen)),
      },
    ]
  }, [t, format])
}
