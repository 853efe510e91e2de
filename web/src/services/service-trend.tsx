'use client'
import { MAX_NAME_IN_PATH, seriesAnswer, type ServiceSummary } from '@skein/schemas/api/services'
import { useMemo, useRef } from 'react'
import { answeredAtMs } from '../api/answered-at.ts'
import { useAnswer } from '../api/use-answer.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { redSeries } from '../service/red-series.ts'
import { Sparkline } from '../ui/sparkline.tsx'
import { useInSight } from '../ui/use-in-sight.ts'
import { useScope } from '../url/view-state.ts'

/** The shape of a past that hardly changes is asked for no oftener than this. */
const INTERVAL_MS = 30_000
const COLORS: Partial<Record<ServiceSummary['health'], string>> = { bad: 'var(--bad)', degraded: 'var(--degraded)' }
const PLAIN = 'var(--text-3)'

interface ServiceTrendProps {
  service: ServiceSummary
  /** Calls a second, or the p95, which is coloured where the service is not well. */
  of: 'rate' | 'p95'
}

/** A number of a service over the window as a small line. It is asked for while it is in sight: a table may have hundreds. */
export function ServiceTrend({ service: { name, environment, cluster, namespace, health }, of }: ServiceTrendProps) {
  const { start, end } = useScope()
  const place = useRef<HTMLSpanElement>(null)
  const isInSight = useInSight(place)
  const query = { start, end, environment, cluster, namespace }
  const series = useAnswer(`/api/services/${encodeURIComponent(name)}/series`, seriesAnswer, {
    query,
    intervalMs: INTERVAL_MS,
    enabled: isInSight && name.length <= MAX_NAME_IN_PATH,
  })
  const nowMs = answeredAtMs(series, browserNowMs())
  const values = useMemo(() => (series.data === undefined ? [] : redSeries(series.data, nowMs)[of]), [series.data, nowMs, of])
  return (
    <span ref={place} className="block">
      <Sparkline values={values} width={88} height={20} color={of === 'p95' ? (COLORS[health] ?? PLAIN) : PLAIN} />
    </span>
  )
}
