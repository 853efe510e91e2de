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
  if (topology === undefined) {
    return (['rate', 'errors', 'p95', 'services'] as const).map((id) => <KeyFigure key={id} label={t(id)} figure={null} compare="–" />)
  }
  return (
    <>
      <TrafficFigures topology={topology} />
      <ServiceFigure topology={topology} />
    </>
  )
}

function TrafficFigures({ topology }: { topology: TopologyAnswer }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const { entries, calls, errors, slowest } = entryFigures(topology)
  const failing = isFailing({ calls, errors })
  return (
    <>
      <KeyFigure label={t('rate')} figure={format.rate(calls, windowSeconds(topology.window))} compare={t('rateSub', { count: entries })} />
      <KeyFigure
        label={t('errors')}
        figure={format.share(errors, calls)}
        compare={t('errorsSub', { count: format.text(format.count(errors)) })}
        {...(failing ? { health: 'bad' as const } : {})}
      />
      <KeyFigure label={t('p95')} figure={slowest === null ? null : format.duration(slowest.p95Ms)} compare={slowest?.name ?? '–'} />
    </>
  )
}

function ServiceFigure({ topology }: { topology: TopologyAnswer }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const services = topology.nodes.filter((node) => node.kind === 'service')
  const bad = services.filter((node) => node.health === 'bad').length
  const degraded = services.filter((node) => node.health === 'degraded').length
  const health = bad > 0 ? ('bad' as const) : ('degraded' as const)
  return (
    <KeyFigure
      label={t('services')}
      figure={{ value: format.integer(services.length), unit: '' }}
      compare={t('servicesSub', { count: bad + degraded })}
      {...(bad + degraded > 0 ? { health } : {})}
    />
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
