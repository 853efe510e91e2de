'use client'
import type { NetworkProbesAnswer, NetworkWay } from '@skein/schemas/api/network-probes'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { MEASURES, measureText } from './measures.ts'
import { type SetNetwork, wayId } from './url.ts'

/** All ways of the window, medians, and what failed. */
export function WaysTable({ answer, busy, set }: { answer: NetworkProbesAnswer; busy: boolean; set: SetNetwork }) {
  const t = useTranslations('network')
  const columns = useColumns(set)
  return (
    <Card title={t('all')} sub={t('allSub')} busy={busy} className="flex-none" end={<CsvButton name="network" rows={answer.ways} columns={columns} />}>
      <DataTable label={t('all')} rows={answer.ways} columns={columns} rowId={wayId} />
    </Card>
  )
}

function useColumns(set: SetNetwork): readonly TableColumn<NetworkWay>[] {
  const t = useTranslations('network')
  const format = useFormat()
  return useMemo(
    () => [
      { id: 'from', header: t('from'), value: (way) => way.from, cell: (way) => way.from || '–' },
      { id: 'to', header: t('to'), value: (way) => way.to, cell: (way) => way.to || '–' },
      ...MEASURES.map(
        (measure): TableColumn<NetworkWay> => ({
          id: measure,
          header: t(`measures.${measure}`),
          numeric: true,
          value: (way) => way[measure]?.median ?? null,
          cell: (way) => (way[measure] === null ? '–' : measureText(measure, way[measure].median, format)),
          secondary: measure === 'httpP95Ms' || measure === 'upBytesPerSecond',
        }),
      ),
      { id: 'probes', header: t('probes'), numeric: true, value: (way) => way.probes, cell: (way) => format.integer(way.probes), secondary: true },
      {
        id: 'failed',
        header: t('failed'),
        numeric: true,
        value: (way) => way.failed,
        cell: (way) => (
          <span className={way.failed > 0 ? 'text-bad-text' : ''} title={way.error ?? ''}>
            {format.integer(way.failed)}
          </span>
        ),
      },
      {
        id: 'choose',
        header: t('chooseHeader'),
        cell: (way) => (
          <span className="flex gap-1">
            <Button small onClick={() => set({ left: wayId(way) })} aria-label={t('chooseFirst', { way: wayId(way) })}>
              1
            </Button>
            <Button small onClick={() => set({ right: wayId(way) })} aria-label={t('chooseSecond', { way: wayId(way) })}>
              2
            </Button>
          </span>
        ),
      },
    ],
    [t, format, set],
  )
}
