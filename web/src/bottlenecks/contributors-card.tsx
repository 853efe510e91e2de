'use client'
import type { BottleneckContributor, BottlenecksAnswer } from '@skein/schemas/api/bottlenecks'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Card } from '../ui/card.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { ContributorName, nameOf, PartSwatch } from './contributor-name.tsx'
import { type Band, FEW_TRACES, isAlarming, rampOf, restMs } from './matrix.ts'
import { PART_ORDER, partStyle } from './part-look.ts'

export interface ContributorsCardProps {
  answer: BottlenecksAnswer
  busy: boolean
  selected: BottleneckContributor
  onSelect: (contributor: BottleneckContributor) => void
}

/** Contributors in the table; what the others take is said below it, and the file has them all. */
const SHOWN = 20

/** Where the time goes: who, in which band, what share, and how it was. */
export function ContributorsCard({ answer, busy, selected, onSelect }: ContributorsCardProps) {
  const t = useTranslations('bottlenecks.where')
  const part = useTranslations('bottlenecks.part')
  const columns = useColumns(answer)
  const shown = answer.contributors.slice(0, SHOWN)
  return (
    <Card
      title={t('title')}
      sub={t('sub')}
      busy={busy}
      className="min-h-[300px] flex-1"
      end={
        <>
          <span className="hidden items-center gap-3 text-11 text-t2 wide:flex">
            {PART_ORDER.map((each) => (
              <span key={each} className="flex items-center gap-1">
                <PartSwatch part={each} />
                {part(each)}
              </span>
            ))}
          </span>
          <CsvButton name="bottlenecks" rows={answer.contributors} columns={columns} />
        </>
      }
    >
      <DataTable label={t('title')} rows={shown} columns={columns} rowId={({ id }) => id} selectedId={selected.id} onOpen={onSelect} className="flex-1" />
      <Foot bands={answer.bands} shown={shown} />
    </Card>
  )
}

function useColumns(answer: BottlenecksAnswer): readonly TableColumn<BottleneckContributor>[] {
  const t = useTranslations('bottlenecks.where')
  const part = useTranslations('bottlenecks.part')
  const format = useFormat()
  return useMemo(() => {
    const ms = (value: number): string => format.text(format.duration(value))
    const meanMs = answer.contributors.reduce((sum, { selfMs }) => sum + selfMs, 0)
    return [
      {
        id: 'name',
        header: t('contributor'),
        cell: (row) => <ContributorName contributor={row} />,
        value: (row) => `${nameOf(row)} ${row.operation} ${part(row.part)}`,
        className: 'max-w-[320px] wide:max-w-[18vw]',
      },
      ...answer.bands.map(
        (band, at): TableColumn<BottleneckContributor> => ({
          id: band.name,
          header: bandTitle(band),
          numeric: true,
          secondary: at === 1 || at === 2,
          value: (row) => band.selfMs[row.id] ?? 0,
          cell: (row) => <BandCell band={band} ms={band.selfMs[row.id] ?? 0} text={ms(band.selfMs[row.id] ?? 0)} />,
        }),
      ),
      {
        id: 'share',
        header: t('share'),
        numeric: true,
        value: (row) => row.share,
        cell: (row) => <Share row={row} text={format.text(format.share(row.share, 1))} />,
      },
      {
        id: 'was',
        header: t(answer.baseline?.kind ?? 'fast'),
        numeric: true,
        secondary: true,
        value: (row) => row.baselineMs,
        cell: (row) => <span className="text-t3">{row.baselineMs === null ? '–' : ms(row.baselineMs)}</span>,
      },
      { id: 'change', header: t('change'), numeric: true, value: (row) => row.changeMs, cell: (row) => <Change row={row} meanMs={meanMs} ms={ms} /> },
    ]
  }, [answer, t, part, format])
}

/** `p99+` of the wire as it is read: `p0 – 50`. */
export function bandTitle({ name }: Pick<Band, 'name'>): string {
  return name.replace('-', ' – ')
}

function BandCell({ band, ms, text }: { band: Band; ms: number; text: string }) {
  const t = useTranslations('bottlenecks.where')
  if (band.traces === 0) return <span className="text-t3">–</span>
  const step = rampOf(ms)
  const color = `var(--seq-${step})`
  const few = band.traces < FEW_TRACES
  return (
    <span
      title={few ? t('few', { count: band.traces }) : undefined}
      className="inline-block min-w-[56px] rounded-1 px-1 py-0.5 text-right"
      style={{
        background: few ? `repeating-linear-gradient(135deg, ${color} 0 5px, color-mix(in srgb, ${color} 70%, var(--surface)) 5px 8px)` : color,
        color: `var(--seq-${step}-text)`,
      }}
    >
      {text}
    </span>
  )
}

function Share({ row, text }: { row: BottleneckContributor; text: string }) {
  return (
    <span className="inline-flex w-full items-center justify-end gap-1.5">
      <span aria-hidden="true" className="hidden h-2 w-9 overflow-hidden rounded-[3px] bg-sunken wide:block">
        <i className="block h-full" style={{ width: `${Math.min(100, row.share * 100)}%`, ...partStyle(row.part) }} />
      </span>
      <span className="min-w-[42px]">{text}</span>
    </span>
  )
}

function Change({ row, meanMs, ms }: { row: BottleneckContributor; meanMs: number; ms: (value: number) => string }) {
  const { changeMs } = row
  if (changeMs === null) return <span className="text-t3">–</span>
  const alarming = isAlarming(row, meanMs)
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${alarming ? 'font-semibold text-bad-text' : ''}`}>
      {alarming && <HealthMark health="bad" size={9} />}
      {changeMs > 0 ? '+' : changeMs < 0 ? '−' : ''}
      {ms(Math.abs(changeMs))}
    </span>
  )
}

function Foot({ bands, shown }: { bands: readonly Band[]; shown: readonly BottleneckContributor[] }) {
  const t = useTranslations('bottlenecks.where')
  const format = useFormat()
  const slowest = bands.at(-1)
  const more = slowest === undefined ? 0 : restMs(slowest, shown)
  return (
    <p className="flex-none border-t border-line px-3 py-2 text-t3">
      {more > 0.05 && `${t('rest', { ms: format.text(format.duration(more)) })} `}
      {t('foot')}
    </p>
  )
}
