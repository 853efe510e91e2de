'use client'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import type { TraceReading } from '../trace/reader-client.ts'
import { nsText } from '../trace/span-duration.ts'
import { Card } from '../ui/card.tsx'
import { Tag } from '../ui/chip.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { useHref } from '../url/view-state.ts'
import type { MergedNode, Side } from './merge-trees.ts'
import { CHANGE_TONES } from './tones.ts'

const INDENT_PX = 12
const MAX_INDENT = 12

export interface ChangeTableProps {
  a: TraceReading
  b: TraceReading
  merged: readonly MergedNode[]
  /** Also what is the same. */
  all: boolean
  colors: ReadonlyMap<string, string>
}

/** Both operation trees in one, each operation with its calls and times in either trace; a row opens the longest such span. */
export function ChangeTable({ a, b, merged, all, colors }: ChangeTableProps) {
  const t = useTranslations('compare')
  const router = useRouter()
  const href = useHref()
  const rows = useMemo(() => (all ? merged : withParents(merged)), [merged, all])
  const columns = useColumns(merged, colors)
  const open = ({ a: before, b: after }: MergedNode) => {
    const [id, side] = after === null ? [a.traceId, before] : [b.traceId, after]
    router.push(href('/trace', { id, span: side?.longest.key }))
  }
  return (
    <Card
      title={t('table')}
      sub={t('tableNote', { count: rows.length })}
      className="min-h-[260px] flex-1"
      end={<CsvButton name="trace-comparison" rows={rows} columns={columns} />}
    >
      {rows.length === 0 ? (
        <p className="p-3 text-t2">{t('noChange')}</p>
      ) : (
        <DataTable label={t('table')} rows={rows} columns={columns} rowId={(row) => String(row.id)} onOpen={open} className="flex-1" />
      )}
    </Card>
  )
}

/** What changed, with all above it. */
function withParents(merged: readonly MergedNode[]): MergedNode[] {
  const kept: MergedNode[] = []
  let depth = 0
  // from the end: a node above a kept one comes before it and less deep
  for (const node of merged.toReversed()) {
    const above = node.depth < depth
    if (node.change === 'same' && !above) continue
    kept.push(node)
    depth = node.depth
  }
  return kept.reverse()
}

function useColumns(merged: readonly MergedNode[], colors: ReadonlyMap<string, string>): readonly TableColumn<MergedNode>[] {
  const t = useTranslations('compare')
  const format = useFormat()
  return useMemo(() => {
    const most = Math.max(1, ...merged.map(({ selfDeltaNs }) => Math.abs(selfDeltaNs)))
    const count = (side: 'a' | 'b'): TableColumn<MergedNode> => ({
      id: `${side}Count`,
      header: t(`${side}Calls`),
      cell: (row) => <Count side={row[side]} text={format.integer(row[side]?.count ?? 0)} />,
      value: (row) => row[side]?.count ?? null,
      numeric: true,
    })
    const time = (side: 'a' | 'b'): TableColumn<MergedNode> => ({
      id: `${side}Time`,
      header: t(`${side}Time`),
      cell: (row) => (row[side] === null ? <span className="text-t3">–</span> : nsText(row[side].totalNs, format)),
      value: (row) => (row[side] === null ? null : row[side].totalNs / 1e6),
      numeric: true,
    })
    return [
      {
        id: 'operation',
        header: t('operation'),
        cell: (row) => <Operation row={row} color={colors.get(row.service) ?? 'var(--unknown)'} />,
        value: (row) => `${row.service} ${row.name}`,
        className: 'w-full !max-w-0',
      },
      { id: 'change', header: t('what'), cell: (row) => <ChangeTag row={row} word={t(`change.${row.change}`)} />, value: (row) => row.change },
      count('a'),
      count('b'),
      time('a'),
      time('b'),
      {
        id: 'delta',
        header: t('selfDelta'),
        cell: (row) => <DeltaBar ns={row.selfDeltaNs} most={most} text={signed(row.selfDeltaNs, (ns) => nsText(ns, format))} />,
        value: (row) => row.selfDeltaNs / 1e6,
        numeric: true,
      },
      {
        id: 'total',
        header: t('totalDelta'),
        cell: (row) => signed(row.totalDeltaNs, (ns) => nsText(ns, format)),
        value: (row) => row.totalDeltaNs / 1e6,
        numeric: true,
        secondary: true,
      },
    ]
  }, [t, format, merged, colors])
}

function Operation({ row, color }: { row: MergedNode; color: string }) {
  const t = useTranslations('compare')
  const text = row.service === '' && row.name === '' ? t('missing') : row.name
  return (
    <span className="flex items-center gap-1.5" style={{ paddingLeft: Math.min(row.depth, MAX_INDENT) * INDENT_PX }}>
      <i className="h-2 w-2 flex-none rounded-[2px]" style={{ background: color }} />
      <span className={`truncate ${row.change === 'gone' ? 'line-through' : ''}`} title={`${row.service} ${row.name}`}>
        <b className="font-medium">{row.service}</b> <span className="text-t2">{text}</span>
      </span>
    </span>
  )
}

function Count({ side, text }: { side: Side | null; text: string }) {
  const t = useTranslations('compare')
  const failed = side?.errors ?? 0
  return (
    <span className={side === null ? 'text-t3' : failed > 0 ? 'text-bad-text' : ''} title={failed > 0 ? t('failed', { count: failed }) : undefined}>
      {side === null ? '–' : text}
    </span>
  )
}

function ChangeTag({ row, word }: { row: MergedNode; word: string }) {
  return row.change === 'same' ? <span className="text-t3">{word}</span> : <Tag tone={CHANGE_TONES[row.change]}>{word}</Tag>
}

/** To the right of the middle is slower, to the left faster. */
function DeltaBar({ ns, most, text }: { ns: number; most: number; text: string }) {
  const share = (Math.abs(ns) / most) * 50
  return (
    <span className="inline-flex items-center gap-2">
      <span className="relative h-2 w-24 rounded-1 bg-sunken" aria-hidden="true">
        <i className="absolute inset-y-0 left-1/2 w-px bg-axis" />
        <i
          className="absolute inset-y-0"
          style={{ width: `${share}%`, left: ns >= 0 ? '50%' : `${50 - share}%`, background: ns >= 0 ? 'var(--div-5)' : 'var(--div-1)' }}
        />
      </span>
      <span className="w-20 text-right">{text}</span>
    </span>
  )
}

function signed(ns: number, text: (ns: number) => string): string {
  if (ns === 0) return '0'
  return `${ns > 0 ? '+' : '−'}${text(Math.abs(ns))}`
}
