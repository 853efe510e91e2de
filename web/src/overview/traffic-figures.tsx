'use client'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { type ReactNode, useMemo } from 'react'
import { useBaseTopology } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { perSecond, type RatedWindow, ratedWindow } from '../services/rated-window.ts'
import { RatesSince } from '../services/rates-since.tsx'
import { isFailing } from '../services/red-columns.tsx'
import { useRatedWindow } from '../services/use-rated-window.ts'
import { deltaOf, pointsOf } from '../ui/delta.ts'
import { KeyFigure } from '../ui/key-figure.tsx'
import { Sparkline } from '../ui/sparkline.tsx'
import { Was } from '../ui/was.tsx'
import { entryFigures, type EntryFigures } from './findings.ts'
import { useEntryLines } from './use-entry-lines.ts'

/** What comes in from outside: how much, how much of it fails, how long the slowest entry takes; beside each, what it was. */
export function TrafficFigures({ topology }: { topology: TopologyAnswer }) {
  const figures = useMemo(() => entryFigures(topology), [topology])
  const rated = useRatedWindow(topology.window)
  const was = useWas(figures, rated.seconds)
  const lines = useEntryLines(figures.slowest, figures.entries === 1)
  return (
    <>
      <RateFigure figures={figures} rated={rated} was={was?.rate} line={lines.rate} />
      <ErrorFigure figures={figures} was={was?.errors} line={lines.errors} />
      <SlowFigure figures={figures} was={was?.p95} line={lines.p95} />
    </>
  )
}

interface FigureProps {
  figures: EntryFigures
  was: ReactNode
  line: readonly (number | null)[] | null
}

function RateFigure({ figures, rated, was, line }: FigureProps & { rated: RatedWindow }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const compare = was ?? <Entries count={figures.entries} rated={rated} />
  return (
    <KeyFigure label={t('rate')} figure={format.rate(figures.calls, rated.seconds)} compare={compare} evidence={{ path: '/map' }}>
      {line !== null && <Sparkline values={line} />}
    </KeyFigure>
  )
}

function ErrorFigure({ figures: { calls, errors }, was, line }: FigureProps) {
  const t = useTranslations('overview')
  const format = useFormat()
  const failing = isFailing({ calls, errors })
  return (
    <KeyFigure
      label={t('errors')}
      figure={format.share(errors, calls)}
      compare={was ?? t('errorsSub', { of: errors, count: format.text(format.count(errors)) })}
      evidence={{ path: '/traces', parameters: { error: 'true' } }}
      {...(failing ? { health: 'bad' as const } : {})}
    >
      {line !== null && <Sparkline values={line} color={failing ? 'var(--bad)' : 'var(--text-3)'} />}
    </KeyFigure>
  )
}

function SlowFigure({ figures: { slowest }, was, line }: FigureProps) {
  const t = useTranslations('overview')
  const format = useFormat()
  return (
    <KeyFigure
      label={t('p95')}
      figure={slowest === null ? null : format.duration(slowest.p95Ms)}
      compare={was ?? slowest?.name ?? '–'}
      evidence={{ path: '/traces', parameters: { service: slowest?.name, sort: 'longest' } }}
    >
      {line !== null && <Sparkline values={line} />}
    </KeyFigure>
  )
}

function Entries({ count, rated }: { count: number; rated: RatedWindow }) {
  const t = useTranslations('overview')
  return (
    <span className="flex gap-1.5">
      {t('rateSub', { count })} <RatesSince rated={rated} />
    </span>
  )
}

/** The same figures in the window compared with; the slowest entry of now, not the slowest of then. */
function useWas({ calls, errors, slowest }: EntryFigures, seconds: number): Record<'rate' | 'errors' | 'p95', ReactNode> | null {
  const format = useFormat()
  const base = useBaseTopology()
  const before = useMemo(() => (base === undefined ? null : entryFigures(base)), [base])
  if (base === undefined || before === null) return null
  const beforeSeconds = ratedWindow(base.window, null, Number.POSITIVE_INFINITY).seconds
  const then = base.nodes.find((node) => node.kind === 'service' && node.name === slowest?.name && node.cluster === slowest.cluster)?.p95Ms ?? null
  const share = (figures: { calls: number; errors: number }) => (figures.calls === 0 ? 0 : figures.errors / figures.calls)
  return {
    rate: (
      <Was value={format.text(format.rate(before.calls, beforeSeconds))} delta={deltaOf(perSecond(calls, seconds), before.calls / beforeSeconds, format)} />
    ),
    errors: <Was value={format.text(format.share(before.errors, before.calls))} delta={pointsOf(share({ calls, errors }), share(before))} worse="up" />,
    p95: <Was value={then === null ? '–' : format.text(format.duration(then))} delta={deltaOf(slowest?.p95Ms ?? null, then, format)} worse="up" />,
  }
}
