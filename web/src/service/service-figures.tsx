'use client'
import type { ServiceAnswer } from '@skein/schemas/api/services'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { type ServiceScope, useBaseService } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { perSecond, ratedWindow } from '../services/rated-window.ts'
import { RatesSince } from '../services/rates-since.tsx'
import { isFailing, tracesOf } from '../services/red-columns.tsx'
import { useRatedWindow } from '../services/use-rated-window.ts'
import { deltaOf, pointsOf } from '../ui/delta.ts'
import { KeyFigure } from '../ui/key-figure.tsx'
import { Was } from '../ui/was.tsx'
import { type ServiceTotal, totalOf } from './total.ts'

/** Rate, errors and percentiles of the window; percentiles only where one place answers, because they do not add. */
export function ServiceFigures({ scope, answer }: { scope: ServiceScope; answer: ServiceAnswer }) {
  const t = useTranslations()
  const format = useFormat()
  const rated = useRatedWindow(answer.window)
  const total = totalOf(answer.services)
  const was = useWas(scope, total, rated.seconds)
  const duration = (ms: number | null) => (ms === null ? null : format.duration(ms))
  const traced = { service: scope.name, namespace: scope.namespace }
  const slow = tracesOf(traced, 'slow')
  return (
    <section className="grid flex-none grid-cols-2 gap-y-2.5 rounded-3 border border-line bg-surface py-2.5 phone:grid-cols-3 min-[900px]:grid-cols-6 min-[900px]:[&>*]:border-line min-[900px]:[&>*+*]:border-l">
      <KeyFigure
        label={t('service.requests')}
        figure={format.rate(total.calls, rated.seconds)}
        evidence={tracesOf(traced, 'all')}
        compare={was?.rate ?? <RatesSince rated={rated} />}
      />
      <KeyFigure
        label={t('column.errors')}
        figure={format.share(total.errors, total.calls)}
        evidence={tracesOf(traced, 'failed')}
        compare={was?.errors}
        {...(isFailing(total) ? { health: 'bad' as const } : {})}
      />
      <KeyFigure label={t('service.p50')} figure={duration(total.p50Ms)} evidence={tracesOf(traced, 'all')} compare={was?.p50Ms} />
      <KeyFigure label={t('service.p95')} figure={duration(total.p95Ms)} evidence={slow} compare={was?.p95Ms} />
      <KeyFigure label={t('service.p99')} figure={duration(total.p99Ms)} evidence={slow} compare={was?.p99Ms} />
      <KeyFigure
        label={t('column.instances')}
        figure={{ value: format.integer(total.instances), unit: '' }}
        evidence={{ path: '/service', parameters: { ...scope }, hash: 'instances' }}
        compare={was?.instances}
      />
    </section>
  )
}

type WasOf = Record<'rate' | 'errors' | 'p50Ms' | 'p95Ms' | 'p99Ms' | 'instances', ReactNode>

/** The same figures in the window compared with; null while there is none. */
function useWas(scope: ServiceScope, now: ServiceTotal, seconds: number): WasOf | null {
  const format = useFormat()
  const base = useBaseService(scope)
  if (base === undefined) return null
  const before = totalOf(base.services)
  const beforeSeconds = ratedWindow(base.window, null, Number.POSITIVE_INFINITY).seconds
  const share = (total: ServiceTotal) => (total.calls === 0 ? 0 : total.errors / total.calls)
  const duration = (key: 'p50Ms' | 'p95Ms' | 'p99Ms') => (
    <Was value={before[key] === null ? '–' : format.text(format.duration(before[key]))} delta={deltaOf(now[key], before[key], format)} worse="up" />
  )
  return {
    rate: (
      <Was value={format.text(format.rate(before.calls, beforeSeconds))} delta={deltaOf(perSecond(now.calls, seconds), before.calls / beforeSeconds, format)} />
    ),
    errors: <Was value={format.text(format.share(before.errors, before.calls))} delta={pointsOf(share(now), share(before))} worse="up" />,
    p50Ms: duration('p50Ms'),
    p95Ms: duration('p95Ms'),
    p99Ms: duration('p99Ms'),
    instances: <Was value={format.integer(before.instances)} delta={null} />,
  }
}
