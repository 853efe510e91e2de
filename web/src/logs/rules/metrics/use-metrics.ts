'use client'
import { logMetricAnswer, logMetricsAnswer } from '@skein/schemas/api/log-metrics'
import { useAnswer } from '../../../api/use-answer.ts'
import { liveIntervalMs, useScope, useView } from '../../../url/view-state.ts'

const PATH = '/api/logs/metrics'
const LEAST_MS = 10_000

/** All metrics that rules make from log lines, with what they counted in the window. */
export function useMetrics() {
  const { start, end } = useScope()
  return useAnswer(PATH, logMetricsAnswer, { query: { start, end }, intervalMs: useInterval() })
}

/** One metric over the window; `by` '' tells nothing apart. */
export function useMetric(name: string, by: string) {
  const { start, end } = useScope()
  return useAnswer(`${PATH}/${name}`, logMetricAnswer, {
    query: { start, end, ...(by === '' ? {} : { by }) },
    intervalMs: useInterval(),
    enabled: name !== '',
  })
}

function useInterval(): number | null {
  const { view } = useView()
  const live = liveIntervalMs(view)
  return live === null ? null : Math.max(live, LEAST_MS)
}
