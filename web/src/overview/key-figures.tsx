'use client'
import type { StatusAnswer } from '@skein/schemas/api/status'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import type { IntakeLines } from '../intake/intake-lines.ts'
import { KeyFigure } from '../ui/key-figure.tsx'
import { Sparkline } from '../ui/sparkline.tsx'
import type { Incident } from './incidents.ts'
import { TrafficFigures } from './traffic-figures.tsx'

export interface KeyFiguresProps {
  topology: TopologyAnswer | undefined
  incidents: readonly Incident[]
  status: StatusAnswer | undefined
  intake: IntakeLines | null
}

/** Six numbers that tell whether to look further, each with the way to its evidence. */
export function KeyFigures({ topology, incidents, status: told, intake }: KeyFiguresProps) {
  // Counts come out of the store; while it is away they are not known, which is not zero.
  const status = told?.store.ok === false ? undefined : told
  return (
    <section className="grid flex-none grid-cols-2 gap-y-2.5 rounded-3 border border-line bg-surface py-2.5 phone:grid-cols-3 min-[900px]:grid-cols-6 min-[900px]:[&>*+*]:border-l min-[900px]:[&>*]:border-line">
      <EntryFigures topology={topology} incidents={incidents} />
      <IntakeFigures status={status} intake={intake} />
    </section>
  )
}

function EntryFigures({ topology, incidents }: Pick<KeyFiguresProps, 'topology' | 'incidents'>) {
  const t = useTranslations('overview')
  if (topology === undefined) {
    return (['rate', 'errors', 'p95', 'services'] as const).map((id) => (
      <KeyFigure key={id} label={t(id)} figure={null} compare="–">
        <div className="h-6" />
      </KeyFigure>
    ))
  }
  return (
    <>
      <TrafficFigures topology={topology} />
      <ServiceFigure topology={topology} incidents={incidents} />
    </>
  )
}

/** Those of the page Services, so not what only others or an access log tell of. They may all be healthy while calls between them are not. */
function ServiceFigure({ topology, incidents }: { topology: TopologyAnswer; incidents: readonly Incident[] }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const services = topology.nodes.filter((node) => node.kind === 'service' && (node.instances > 0 || node.calls > 0))
  const bad = services.filter((node) => node.health === 'bad').length
  const degraded = services.filter((node) => node.health === 'degraded').length
  const wrongEdges = incidents.filter(({ worst }) => worst.kind === 'edge' && worst.better === null)
  const health = bad > 0 || wrongEdges.some(({ worst }) => worst.health === 'bad') ? ('bad' as const) : ('degraded' as const)
  return (
    <KeyFigure
      label={t('services')}
      figure={{ value: format.integer(services.length), unit: '' }}
      compare={bad + degraded === 0 && wrongEdges.length > 0 ? t('servicesEdges') : t('servicesSub', { count: bad + degraded })}
      evidence={{ path: '/services' }}
      {...(bad + degraded + wrongEdges.length > 0 ? { health } : {})}
    />
  )
}

function IntakeFigures({ status, intake }: { status: StatusAnswer | undefined; intake: IntakeLines | null }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const evidence = { path: '/intake' }
  if (status === undefined) {
    return (['spans', 'dropped'] as const).map((id) => <KeyFigure key={id} label={t(id)} figure={null} compare="–" evidence={evidence} />)
  }
  const spans = format.count(status.spansPerSecond)
  const { behindMs } = status
  return (
    <>
      <KeyFigure
        label={t('spans')}
        figure={{ value: spans.value, unit: `${spans.unit} ${t('unit.spans')}`.trim() }}
        compare={behindMs === null ? '–' : t('spansSub', { age: format.text(format.duration(Math.max(0, behindMs))) })}
        evidence={evidence}
      >
        {intake !== null && <Sparkline values={intake.spans} />}
      </KeyFigure>
      <KeyFigure
        label={t('dropped')}
        figure={format.count(status.droppedLastHour)}
        compare={t('droppedSub', { refused: format.text(format.count(status.refusedLastHour)) })}
        evidence={evidence}
        {...(status.droppedLastHour > 0 ? { health: 'degraded' as const } : {})}
      >
        {intake !== null && <Sparkline values={intake.dropped} />}
      </KeyFigure>
    </>
  )
}
