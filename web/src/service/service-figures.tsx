'use client'
import type { ServiceSummary } from '@skein/schemas/api/services'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { isFailing } from '../services/red-columns.tsx'
import { KeyFigure } from '../ui/key-figure.tsx'
import { totalOf } from './total.ts'

/** Rate, errors and percentiles of the window; percentiles only where one place answers, because they do not add. */
export function ServiceFigures({ name, services, seconds }: { name: string; services: readonly ServiceSummary[]; seconds: number }) {
  const t = useTranslations()
  const format = useFormat()
  const total = totalOf(services)
  const duration = (ms: number | null) => (ms === null ? null : format.duration(ms))
  const traces = { path: '/traces', parameters: { service: name } }
  const failing = { path: '/traces', parameters: { service: name, error: 'true' } }
  const slow = { path: '/traces', parameters: { service: name, sort: 'longest' } }
  return (
    <section className="grid flex-none grid-cols-2 gap-y-2.5 rounded-3 border border-line bg-surface py-2.5 phone:grid-cols-3 min-[900px]:grid-cols-6 min-[900px]:[&>*]:border-line min-[900px]:[&>*+*]:border-l">
      <KeyFigure label={t('service.requests')} figure={format.rate(total.calls, seconds)} evidence={traces} />
      <KeyFigure
        label={t('column.errors')}
        figure={format.share(total.errors, total.calls)}
        evidence={failing}
        {...(isFailing(total) ? { health: 'bad' as const } : {})}
      />
      <KeyFigure label={t('service.p50')} figure={duration(total.p50Ms)} />
      <KeyFigure label={t('service.p95')} figure={duration(total.p95Ms)} evidence={slow} />
      <KeyFigure label={t('service.p99')} figure={duration(total.p99Ms)} evidence={slow} />
      <KeyFigure label={t('column.instances')} figure={{ value: format.integer(total.instances), unit: '' }} />
    </section>
  )
}
