'use client'
import { dropsAnswer } from '@skein/schemas/api/log-rules'
import { useAnswer } from '../../api/use-answer.ts'
import { liveIntervalMs, useScope, useView } from '../../url/view-state.ts'

const LEAST_MS = 10_000

/** What rules dropped in the window. */
export function useDrops() {
  const { start, end } = useScope()
  const { view } = useView()
  const live = liveIntervalMs(view)
  return useAnswer('/api/logs/drops', dropsAnswer, { query: { start, end }, intervalMs: live === null ? null : Math.max(live, LEAST_MS) })
}
