'use client'
import { MAX_NAME_IN_PATH, seriesAnswer, type ServiceSummary } from '@skein/schemas/api/services'
import { useMemo } from 'react'
import { answeredAtMs } from '../api/answered-at.ts'
import { useAnswer } from '../api/use-answer.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { redSeries } from '../service/red-series.ts'
import { Sparkline } from '../ui/sparkline.tsx'
import { useScope } from '../url/view-state.ts'

/** The shape of a past that hardly changes is asked for no oftener than this. */
const INTERVAL_MS = 30_000
const COLORS: Partial<Record<ServiceSummary['health'], string>> = { bad: 'var(--bad)', degraded: 'var(--degraded)' }

/** The p95 of a service over the window as a small line, coloured where the service is not well. */
export function ServiceTrend({ service: { name, environment, cluster, namespace, health } }: { service: ServiceSummary }) {
  const { start, end } = useScope()
  const query = { start, end, environment, cluster, namespace }
  const series = useAnswer(`/api/services/${encodeURIComponent(name)}/series`, seriesAnswer, {
    query,
    intervalMs: INTERVAL_MS,
    enabled: name.length <= MAX_NAME_IN_PATH,
  })
  const nowMs = answeredAtMs(series, browserNowMs())
  const values = useMemo(() => (series.data === undefined ? [] : redSeries(series.data, nowMs).p95), [series.data, nowMs])
  return <Sparkline values={values} width={88} height={20} color={COLORS[health] ?? 'var(--text-3)'} />
}
