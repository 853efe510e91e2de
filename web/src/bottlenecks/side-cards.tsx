'use client'
import type { BottleneckContributor, BottlenecksAnswer } from '@skein/schemas/api/bottlenecks'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Tag } from '../ui/chip.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { bandTitle } from './contributors-card.tsx'
import { nameOf } from './contributor-name.tsx'
import { type Band, madeUpOf } from './matrix.ts'
import { PART_ORDER, partStyle } from './part-look.ts'
import type { BottlenecksState, SetBottlenecks } from './url.ts'
import { gainsOf, percentToBaseline } from './what-if.ts'

/** What a mean trace of each band is made of. */
export function MadeUpCard({ answer }: { answer: BottlenecksAnswer }) {
  const t = useTranslations('bottlenecks.madeUp')
  const longestMs = Math.max(0.001, ...answer.bands.map(({ meanMs }) => meanMs), answer.baseline?.meanMs ?? 0)
  return (
    <Card title={t('title')} sub={t('sub')} className="flex-none">
      <div className="grid gap-1.5 px-3 pb-3">
        {answer.bands
          .filter(({ traces }) => traces > 0)
          .map((band) => (
            <MadeUpRow key={band.name} band={band} longestMs={longestMs} contributors={answer.contributors} />
          ))}
        {answer.baseline !== null && answer.baseline.meanMs !== null && answer.baseline.kind !== 'fast' && (
          <Row label={t('then')} ms={answer.baseline.meanMs} longestMs={longestMs}>
            <i className="h-full flex-1 bg-sunken" />
          </Row>
        )}
      </div>
    </Card>
  )
}

function MadeUpRow({ band, longestMs, contributors }: { band: Band; longestMs: number; contributors: readonly BottleneckContributor[] }) {
  const parts = madeUpOf(band, contributors)
  return (
    <Row label={bandTitle(band)} ms={band.meanMs} longestMs={longestMs}>
      {PART_ORDER.map((part) => parts[part] > 0 && <i key={part} className="h-full" style={{ flex: parts[part], ...partStyle(part) }} />)}
    </Row>
  )
}

function Row({ label, ms, longestMs, children }: { label: string; ms: number; longestMs: number; children: React.ReactNode }) {
  const format = useFormat()
  return (
    <div className="flex items-center gap-2">
      <span className="w-16 flex-none whitespace-nowrap text-t2">{label}</span>
      <span className="min-w-0 flex-1" aria-hidden="true">
        <span className="flex h-3 overflow-hidden rounded-[2px]" style={{ width: `${(ms / longestMs) * 100}%` }}>
          {children}
        </span>
      </span>
      <span className="w-16 flex-none text-right whitespace-nowrap">{format.text(format.duration(ms))}</span>
    </div>
  )
}

export interface WhatIfCardProps {
  answer: BottlenecksAnswer
  contributor: BottleneckContributor
  state: BottlenecksState
  set: SetBottlenecks
}

/** The most that each percentile gains when one contributor gets faster. */
export function WhatIfCard({ answer, contributor, state, set }: WhatIfCardProps) {
  const t = useTranslations('bottlenecks.whatIf')
  const part = useTranslations('bottlenecks.part')
  const format = useFormat()
  const { entry } = answer
  if (entry === null) return null
  const faster = Math.min(100, Math.max(0, state.faster))
  const asBefore = percentToBaseline(contributor)
  const presets = [
    ...[20, 50, 100].map((percent) => ({ percent, label: format.text(format.share(percent, 100)) })),
    ...(asBefore === null || answer.baseline === null ? [] : [{ percent: asBefore, label: t(`as.${answer.baseline.kind}`) }]),
  ]
  const percent = format.text(format.share(faster, 100))
  return (
    <Card title={t('title')} sub={t('sub')} className="flex-none">
      <div className="grid gap-2 px-3 pb-2">
        <p className="flex items-center gap-2">
          <span className="min-w-0 flex-1 truncate">
            {nameOf(contributor)} <b>{part(contributor.part)}</b> {t('faster')}
          </span>
          <b>{percent}</b>
        </p>
        <input
          type="range"
          min={0}
          max={100}
          step={1}
          value={faster}
          aria-label={t('slider', { name: `${nameOf(contributor)} ${part(contributor.part)}` })}
          aria-valuetext={percent}
          onChange={(event) => set({ faster: Number(event.target.value) })}
          className="h-4 w-full cursor-pointer accent-accent"
        />
        <p className="flex flex-wrap gap-1.5">
          {presets.map((preset) => (
            <Button key={preset.label} small aria-pressed={preset.percent === faster} onClick={() => set({ faster: preset.percent })}>
              {preset.label}
            </Button>
          ))}
        </p>
      </div>
      <table className="data-table" aria-label={t('title')}>
        <tbody>
          {gainsOf(entry, contributor, faster).map(({ name, beforeMs, afterMs, share }) => (
            <tr key={name}>
              <th scope="row" className="!text-left font-normal text-t2">
                {name}
              </th>
              <td className="num">{format.text(format.duration(beforeMs))}</td>
              <td className="num font-semibold">{format.text(format.duration(afterMs))}</td>
              <td className="num text-ok-text">{share < 0.0005 ? '0' : `−${format.text(format.share(share, 1))}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

/** Traces in which one contributor took most, the longest first, and the ways on from it. */
export function ExemplarsCard({ contributor }: { contributor: BottleneckContributor }) {
  const t = useTranslations('bottlenecks.exemplars')
  const format = useFormat()
  return (
    <Card
      title={t('title')}
      sub={nameOf(contributor)}
      className="flex-none"
      end={
        <span className="flex gap-3">
          {contributor.node.kind === 'service' && (
            <ViewLink path="/service" parameters={{ name: contributor.node.name }}>
              {t('service')}
            </ViewLink>
          )}
          <ViewLink path="/map" parameters={contributor.edge === null ? { node: contributor.node.id } : { edge: contributor.edge.id }}>
            {t(contributor.edge === null ? 'node' : 'edge')}
          </ViewLink>
        </span>
      }
    >
      <table className="data-table" aria-label={t('title')}>
        <tbody>
          {contributor.exemplars.map(({ traceId, spanId, durationMs, error }) => (
            <tr key={traceId}>
              <td className="font-semibold">{format.text(format.duration(durationMs))}</td>
              <td>{error && <Tag tone="bad">{t('error')}</Tag>}</td>
              <td className="num font-mono text-11">
                <ViewLink path="/trace" parameters={{ id: traceId, span: spanId, critical: 'true' }}>
                  {`${traceId.slice(0, 4)}…${traceId.slice(-4)}`}
                </ViewLink>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {contributor.exemplars.length === 0 && <p className="px-3 pb-3 text-t3">{t('none')}</p>}
    </Card>
  )
}
