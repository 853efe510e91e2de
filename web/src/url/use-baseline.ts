'use client'
import { useMemo } from 'react'
import { browserNowMs } from '../frame/browser-clock.ts'
import { type Baseline, baselineOf } from './baseline.ts'
import { scopeOf, useView } from './view-state.ts'

const MINUTE_MS = 60_000

/** The window that the page compares with; null while it compares with nothing. Stable within a minute. */
export function useBaseline(): Baseline | null {
  const { view } = useView()
  const { from, to, vs } = view
  const minuteMs = Math.floor(browserNowMs() / MINUTE_MS) * MINUTE_MS
  return useMemo(() => baselineOf({ from, to }, vs, minuteMs), [from, to, vs, minuteMs])
}

/** The scope of the present address in the window compared with, as the API's parameters; null while nothing is compared with. */
export function useBaseScope(): ReturnType<typeof scopeOf> | null {
  const { view } = useView()
  const baseline = useBaseline()
  const { env, cluster } = view
  return useMemo(() => (baseline === null ? null : scopeOf({ from: baseline.from, to: baseline.to, env, cluster })), [baseline, env, cluster])
}
