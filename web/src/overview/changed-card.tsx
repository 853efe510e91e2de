'use client'
import type { TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { effectText } from '../map/diff-picture.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import type { LinkParameters } from '../url/view-state.ts'
import type { Change } from './changes.ts'
import type { Changes } from './use-changes.ts'

const SHOWN = 8

/** What changed, the largest effect first; each leads to the edge on which it shows. */
export function ChangedCard({ changes: { diff, all, parameters } }: { changes: Changes }) {
  const t = useTranslations('overview')
  const way = { path: '/map', parameters }
  const timed = all.slice(0, SHOWN).some(({ timeMs }) => timeMs !== null)
  return (
    <Card title={t('changed')} sub={t('changedSub')} busy={diff.isPlaceholderData} end={<ViewLink {...way}>{t('openDiff')}</ViewLink>}>
      <AnswerGate answer={diff}>
        {(answer) => (
          <>
            {all.length === 0 ? (
              <p className="border-t border-line px-3 py-3 text-t2">
                {t(answer.notes.some(({ code }) => code === 'no_base') ? 'nothingToCompare' : 'nothingChanged')}
              </p>
            ) : (
              <ul>
                {all.slice(0, SHOWN).map((change) => (
                  <ChangeRow key={change.id} change={change} parameters={parameters} timed={timed} />
                ))}
              </ul>
            )}
            <Compared answer={answer} more={all.length - SHOWN} />
          </>
        )}
      </AnswerGate>
    </Card>
  )
}

/** Which two windows were held against each other, so that nobody has to guess what "changed" means. */
function Compared({ answer: { window, base }, more }: { answer: TopologyDiffAnswer; more: number }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const span = ({ start, end }: { start: string; end: string }): string => `${format.clock(Date.parse(start))} – ${format.clock(Date.parse(end))}`
  const sameDay = format.day(Date.parse(window.start)) === format.day(Date.parse(base.start))
  return (
    <p className="border-t border-line px-3 py-2 text-11 text-t3">
      {t('compared', { now: span(window), base: sameDay ? span(base) : `${format.day(Date.parse(base.start))} ${span(base)}` })}
      {more > 0 && ` · ${t('more', { count: more })}`}
    </p>
  )
}

const ICONS: Readonly<Record<string, IconName>> = { deploy: 'upload', version: 'upload', config: 'link', image: 'download', cdn: 'refresh', other: 'clock' }

/** `timed`: some row has a time, so all leave room for one. */
function ChangeRow({ change, parameters, timed }: { change: Change; parameters: LinkParameters; timed: boolean }) {
  const format = useFormat()
  return (
    <li
      className={`grid items-start gap-x-2 border-t border-line px-3 py-[7px] ${timed ? 'grid-cols-[38px_16px_minmax(0,1fr)_auto]' : 'grid-cols-[16px_minmax(0,1fr)_auto]'}`}
    >
      {timed && <span className="text-t3">{change.timeMs === null ? '' : format.clock(change.timeMs)}</span>}
      <span className="pt-px text-marker">
        <Icon name={change.kind === 'edge' ? 'map' : (ICONS[change.event.kind] ?? 'clock')} size={14} />
      </span>
      <span className="min-w-0">
        <Subject change={change} way={wayOf(change, parameters)} />
        <Source change={change} />
      </span>
      <Effect change={change} />
    </li>
  )
}

/** Where the change shows: its edge, with the same two windows compared; without one the service it was done to. */
function wayOf(change: Change, parameters: LinkParameters): { path: string; parameters: LinkParameters } {
  if (change.edge !== null) return { path: '/map', parameters: { ...parameters, edge: change.edge.id } }
  const service = change.kind === 'event' ? change.event.service : ''
  return service === '' ? { path: '/map', parameters } : { path: '/service', parameters: { name: service } }
}

function Subject({ change, way }: { change: Change; way: ReturnType<typeof wayOf> }) {
  const name = change.kind === 'event' ? change.event.title : `${change.edge.source.name} → ${change.edge.target.name}`
  return (
    <ViewLink {...way} className="block truncate font-medium text-t1" title={name}>
      {name}
    </ViewLink>
  )
}

function Source({ change }: { change: Change }) {
  const t = useTranslations()
  const parts =
    change.kind === 'event'
      ? [
          t(`map.diff.cause.${change.event.kind}`),
          change.event.service,
          change.event.cluster,
          ...(change.edge === null ? [] : [`${change.edge.source.name} → ${change.edge.target.name}`]),
        ]
      : [t(`overview.edge.${change.tone}`), change.edge.source.cluster, change.edge.kind]
  return <span className="block truncate text-11 text-t3">{parts.filter((part) => part !== '').join(' · ')}</span>
}

function Effect({ change: { effect, edge } }: { change: Change }) {
  const t = useTranslations()
  const format = useFormat()
  if (edge === null) return <span className="text-t3">{t('overview.noEffect')}</span>
  if (effect === null) return <span className="font-medium text-marker">{t(`map.diff.${edge.change === 'vanished' ? 'vanished' : 'new'}`)}</span>
  return (
    <span className={`inline-flex items-center gap-1 font-medium whitespace-nowrap ${effect.worse ? 'text-bad-text' : 'text-t2'}`}>
      {effect.worse && <HealthMark health="bad" size={9} />}
      {t(`map.diff.measure.${effect.measure}`)} {effectText(effect, format)}
    </span>
  )
}
