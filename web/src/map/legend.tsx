'use client'
import type { TopologyEdge } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { STROKE_TOKENS } from './edge-look.ts'
import { type Overlay, overlayScale, overlayText, overlayValue, type RampStep, rampStroke } from './overlay.ts'
import type { LivedMap } from './scenario-picture.ts'

export interface LegendProps {
  edges: readonly TopologyEdge[]
  /** What the colours say; null for the difference of two windows. */
  overlay: Overlay | null
  seconds: number
  /** Runs of a scenario, whose colours go before those of the overlay. */
  lived: LivedMap | null
}

/** What width, colour and dashes of an edge mean. */
export function Legend({ edges, overlay, seconds, lived }: LegendProps) {
  const t = useTranslations('map.legend')
  const crosses = edges.some((edge) => edge.crossCluster)
  return (
    <LegendBox>
      <Line label={t('rate')}>
        <path d="M0 3h30" stroke="var(--text-3)" strokeWidth={1} />
        <path d="M0 7.5h30" stroke="var(--text-3)" strokeWidth={4} />
      </Line>
      {lived !== null && <LivedLines lived={lived} />}
      {lived === null && overlay === 'rate' && <HealthLines />}
      {overlay === null && <DiffLines />}
      {lived === null && overlay !== null && overlay !== 'rate' && <Ramp edges={edges} overlay={overlay} seconds={seconds} />}
      <Line label={t('callerOnly')}>
        <path d="M0 5h30" stroke="var(--text-3)" strokeWidth={2} strokeDasharray="9 3" />
      </Line>
      {overlay !== null && (
        <Line label={t('silent')}>
          <path d="M0 5h30" stroke="var(--text-3)" strokeWidth={2} strokeDasharray="2 5" />
        </Line>
      )}
      {crosses && (
        <Line label={t('crossCluster')}>
          <path d="M0 5h12M18 5h12" stroke="var(--text-3)" strokeWidth={2} />
          <path d="M13.5 1v8M16.5 1v8" stroke="var(--text-3)" strokeWidth={1.4} />
        </Line>
      )}
    </LegendBox>
  )
}

/** Open where there is room; below 1180 px a word that opens it, so that it hides no card. */
function LegendBox({ children }: { children: ReactNode }) {
  const t = useTranslations('map.legend')
  const [open, setOpen] = useState(false)
  return (
    <div className="pointer-events-none absolute bottom-3 left-3 hidden rounded-2 border border-line bg-surface text-11 text-t2 phone:block">
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="pointer-events-auto h-6 px-2.5 wide:hidden">
        {t('label')}
      </button>
      <div className={`gap-1 px-2.5 py-2 wide:grid ${open ? 'grid' : 'hidden'}`}>{children}</div>
    </div>
  )
}

function HealthLines() {
  const t = useTranslations('map.legend')
  return (['bad', 'degraded'] as const).map((health) => (
    <Line key={health} label={t(health)}>
      <path d="M0 5h30" stroke={`var(${STROKE_TOKENS[health]})`} strokeWidth={3} />
    </Line>
  ))
}

function DiffLines() {
  const t = useTranslations('map.diff')
  return (['worse', 'better', 'changed', 'vanished'] as const).map((tone) => (
    <Line key={tone} label={tone === 'changed' ? `${t('changed')}, ${t('new')}` : t(tone)}>
      <path d="M0 5h30" stroke={`var(${STROKE_TOKENS[tone]})`} strokeWidth={3} strokeDasharray={tone === 'vanished' ? '3 4' : undefined} />
    </Line>
  ))
}

function LivedLines({ lived: { name, total } }: { lived: LivedMap }) {
  const t = useTranslations('map.scenario')
  if (total === 0) return <div className="max-w-56 text-t3">{t('none', { name })}</div>
  const lines = [
    ['seq4', t('legendPassed', { count: total })],
    ['bad', t('legendFailed')],
    ['degraded', t('legendSlow')],
  ] as const
  return (
    <>
      <b className="max-w-56 truncate font-medium text-t1">{name}</b>
      {lines.map(([stroke, label]) => (
        <Line key={stroke} label={label}>
          <path d="M0 5h30" stroke={`var(${STROKE_TOKENS[stroke]})`} strokeWidth={3} />
        </Line>
      ))}
    </>
  )
}

const STEPS: readonly RampStep[] = [0, 1, 2, 3, 4]

function Ramp({ edges, overlay, seconds }: Pick<LegendProps, 'edges' | 'seconds'> & { overlay: Overlay }) {
  const t = useTranslations('map')
  const format = useFormat()
  const scale = overlayScale(edges.map((edge) => overlayValue(edge, overlay, seconds)))
  if (scale === null) return <div className="text-t3">{t('overlay.none', { name: t(`overlay.${overlay}`) })}</div>
  return (
    <div className="grid gap-0.5">
      <span>{t(`overlay.${overlay}`)}</span>
      <span className="flex gap-px">
        {STEPS.map((step) => {
          const stroke = rampStroke(step, overlay)
          return <i key={step} className="h-1.5 w-6" style={{ background: `var(${stroke === 'plain' ? '--text-3' : STROKE_TOKENS[stroke]})` }} />
        })}
      </span>
      <span className="flex justify-between text-10 text-t3">
        <span>{overlayText(scale.least, overlay, format)}</span>
        <span>{overlayText(scale.most, overlay, format)}</span>
      </span>
    </div>
  )
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-2 whitespace-nowrap">
      <svg width={30} height={10} viewBox="0 0 30 10" className="flex-none" aria-hidden="true">
        {children}
      </svg>
      {label}
    </div>
  )
}
