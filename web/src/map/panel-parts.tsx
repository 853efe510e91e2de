'use client'
import type { EdgeExemplar, TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { Figure } from '../format/format.ts'
import { useFormat } from '../format/use-format.ts'
import { tracesOf } from '../services/red-columns.tsx'
import { Tag } from '../ui/chip.tsx'
import { FigureValue } from '../ui/figure-value.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import type { Evidence } from '../ui/table-column.ts'
import { ViewLink } from '../ui/view-link.tsx'
import type { LinkParameters } from '../url/view-state.ts'

/** A part of the side panel under a line, with a note at the right of its heading. */
export function PanelSection({ title, end, flush = false, children }: { title: string; end?: ReactNode; flush?: boolean; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t border-line pt-2.5 pb-2">
      <div className="mb-1 flex items-baseline justify-between gap-2 px-3">
        <h3>{title}</h3>
        {end !== undefined && <span className="truncate text-11 text-t3">{end}</span>}
      </div>
      <div className={flush ? '' : 'px-3'}>{children}</div>
    </section>
  )
}

/** What makes a node or an edge unhealthy; nothing while it is well. */
export function ReasonTag({ of }: { of: Pick<TopologyNode, 'health' | 'healthReason'> }) {
  const t = useTranslations('map.reason')
  if (of.healthReason === null) return null
  return <Tag tone={of.health === 'bad' ? 'bad' : 'degraded'}>{t(of.healthReason)}</Tag>
}

export interface PanelFigure {
  label: string
  figure: Figure | null
  tone?: 'bad' | 'degraded' | 'plain'
  /** What it was. */
  was?: string
  /** Where what is behind it is shown; null where the panel itself shows it. */
  evidence?: Evidence | null
}

const TONES = { bad: 'text-bad-text', degraded: 'text-degraded-text', plain: '' } as const

/** The few numbers that come first. */
export function PanelFigures({ figures }: { figures: readonly PanelFigure[] }) {
  return (
    <dl className="flex justify-between gap-3 px-3 pt-2 pb-2.5">
      {figures.map(({ label, figure, tone = 'plain', was, evidence = null }) => (
        <div key={label} className="min-w-0">
          <dt className="truncate text-11 text-t2">{label}</dt>
          <dd className={`text-16 leading-tight font-semibold whitespace-nowrap ${TONES[tone]}`}>
            <FigureValue figure={figure} label={label} evidence={evidence} />
          </dd>
          {was !== undefined && <dd className="truncate text-11 text-t3">{was}</dd>}
        </div>
      ))}
    </dl>
  )
}

interface PanelRow {
  key: string
  name: ReactNode
  rate: string
  last: string
  /** The search for the traces behind its numbers; null where there are none, or the row itself leads on. */
  traced?: LinkParameters | null
}

export interface PanelRowsProps {
  label: string
  heads: readonly [string, string, string]
  rows: readonly PanelRow[]
  /** How many are not listed, as a last row; null when all are. */
  more?: string | null
}

/** Name, rate, p95: two or three columns of a narrow list. */
export function PanelRows({ label, heads, rows, more = null }: PanelRowsProps) {
  return (
    <table className="w-full table-fixed border-collapse" aria-label={label}>
      <thead>
        <tr className="h-6 text-left text-11 text-t3">
          <th scope="col" className="pl-3 font-medium">
            {heads[0]}
          </th>
          <th scope="col" className="w-[76px] text-right font-medium">
            {heads[1]}
          </th>
          <th scope="col" className="w-[84px] pr-3 text-right font-medium">
            {heads[2]}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className="h-[25px] border-t border-line hover:bg-hover">
            <td className="truncate pl-3">{row.name}</td>
            <td className="text-right whitespace-nowrap text-t2">
              <TracedNumber text={row.rate} traced={row.traced} which="all" />
            </td>
            <td className="pr-3 text-right whitespace-nowrap">
              <TracedNumber text={row.last} traced={row.traced} which="slow" />
            </td>
          </tr>
        ))}
        {more !== null && (
          <tr className="h-[25px] border-t border-line text-t3">
            <td colSpan={3} className="truncate px-3">
              {more}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

export interface TracedNumberProps {
  text: string
  traced: LinkParameters | null | undefined
  which: 'all' | 'slow'
}

/** A number of a list; one that is known, of what is traced, leads to its traces. */
export function TracedNumber({ text, traced, which }: TracedNumberProps) {
  if (traced === null || traced === undefined || text === '–') return text
  return (
    <ViewLink {...tracesOf(traced, which)} className="text-inherit">
      {text}
    </ViewLink>
  )
}

/** Its call that was longest on the network or in the queue, where one is known. */
export function longestOnTheWay(exemplars: readonly EdgeExemplar[]): EdgeExemplar | undefined {
  return exemplars.filter(({ transitMs }) => transitMs !== null).toSorted((a, b) => (b.transitMs ?? 0) - (a.transitMs ?? 0))[0]
}

/** Traces that stand for the numbers: slowest, newest errors and longest on their way. */
export function Exemplars({ edge }: { edge: TopologyEdge }) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const noteOf = ({ transitMs, error }: EdgeExemplar): string => {
    const onTheWay = transitMs === null ? [] : [t(edge.queueWait === null ? 'onNetwork' : 'inQueue', { time: format.text(format.duration(transitMs)) })]
    return [...onTheWay, ...(error ? [t('withError')] : [])].join(' · ')
  }
  return (
    <ul>
      {edge.exemplars.map((exemplar) => (
        <li key={exemplar.spanId} className="flex h-[25px] items-center gap-3 border-t border-line px-3 hover:bg-hover">
          <HealthMark health={exemplar.error ? 'bad' : 'ok'} size={10} />
          <span className="w-16 text-right font-semibold whitespace-nowrap">{format.text(format.duration(exemplar.durationMs))}</span>
          <ViewLink path="/trace" parameters={{ id: exemplar.traceId, span: exemplar.spanId }} className="mono" title={exemplar.traceId}>
            {exemplar.traceId.slice(0, 4)}…{exemplar.traceId.slice(-4)}
          </ViewLink>
          <span className="ml-auto truncate text-t3">{noteOf(exemplar)}</span>
        </li>
      ))}
    </ul>
  )
}
