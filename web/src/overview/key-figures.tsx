'use client'
import type { StatusAnswer } from '@skein/schemas/api/status'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { isFailing } from '../services/red-columns.tsx'
import { windowSeconds } from '../services/service-link.ts'
import { KeyFigure } from '../ui/key-figure.tsx'
import { entryFigures } from './findings.ts'

export interface KeyFiguresProps {
  topology: TopologyAnswer | undefined
  status: StatusAnswer | undefined
}

/** Six numbers that tell whether to look further. */
export function KeyFigures({ topology, status: told }: KeyFiguresProps) {
  // Counts come out of the store; while it is away they are not known, which is not zero.
  const status = told?.store.ok === false ? undefined : told
  return (
    <section className="grid grid-cols-2 gap-y-2.5 rounded-3 border border-line bg-surface py-2.5 phone:grid-cols-3 min-[900px]:grid-cols-6 min-[900px]:[&>*]:border-line min-[900px]:[&>*+*]:border-l">
      <EntryFigures topology={topology} />
      <IntakeFigures status={status} />
    </section>
  )
}

function EntryFigures({ topology }: { topology: TopologyAnswer | undefined }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const figures = topology === undefined ? null : entryFigures(topology)
  const seconds = topology === undefined ? 0 : windowSeconds(topology.window)
  const services = topology?.nodes.filter((node) => node.kind === 'service') ?? []
  const unwell = services.filter((node) => node.health === 'bad' || node.health === 'degraded')
  const worst = unwell.some((node) => node.health === 'bad') ? 'bad' : unwell.length > 0 ? 'degraded' : 'ok'
  return (
    <>
      <KeyFigure
        label={t('rate')}
        figure={figures === null ? null : format.rate(figures.calls, seconds)}
        compare={figures === null ? '–' : t('rateSub', { count: figures.entries })}
      />
      <KeyFigure
        label={t('errors')}
        figure={figures === null ? null : format.share(figures.errors, figures.calls)}
        compare={figures === null ? '–' : t('errorsSub', { count: format.text(format.count(figures.errors)) })}
        {...(figures !== null && isFailing(figures) ? { health: 'bad' as const } : {})}
      />
      <KeyFigure label={t('p95')} figure={figures?.slowest ? format.duration(figures.slowest.p95Ms) : null} compare={figures?.slowest?.name ?? '–'} />
      <KeyFigure
        label={t('services')}
        figure={topology === undefined ? null : { value: format.integer(services.length), unit: '' }}
        compare={topology === undefined ? '–' : t('servicesSub', { count: unwell.length })}
        {...(services.length > 0 && worst !== 'ok' ? { health: worst } : {})}
      />
    </>
  )
}

function IntakeFigures({ status }: { status: StatusAnswer | undefined }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const spans = status === undefined ? null : format.count(status.spansPerSecond)
  const behind = status?.behindMs ?? null
  return (
    <>
      <KeyFigure
        label={t('spans')}
        figure={spans === null ? null : { value: spans.value, unit: `${spans.unit} ${t('unit.spans')}`.trim() }}
        compare={behind === null ? '–' : t('spansSub', { age: format.text(format.duration(Math.max(0, behind))) })}
      />
      <KeyFigure
        label={t('dropped')}
        figure={status === undefined ? null : format.count(status.droppedLastHour)}
        compare={status === undefined ? '–' : t('droppedSub', { refused: format.text(format.count(status.refusedLastHour)) })}
        {...(status !== undefined && status.droppedLastHour > 0 ? { health: 'degraded' as const } : {})}
      />
    </>
  )
}
