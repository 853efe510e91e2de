'use client'
import type { WindowAnswer } from '@skein/schemas/api/window'
import { useMemo } from 'react'
import { answeredAtMs } from '../api/answered-at.ts'
import { useTopology } from '../api/questions.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { firstSeenMs, ratedWindow, type RatedWindow } from './rated-window.ts'

const UNKNOWN: RatedWindow = { seconds: 0, sinceMs: null }

/** What rates of an answer about the page's window are divided by: the part of it in which anything was seen. */
export function useRatedWindow(window: WindowAnswer | undefined): RatedWindow {
  const topology = useTopology()
  const dataSinceMs = useMemo(() => (topology.data === undefined ? null : firstSeenMs(topology.data)), [topology.data])
  const nowMs = answeredAtMs(topology, browserNowMs())
  // since when there is data is the topology's to say: a rate of the whole window would be wrong, and jump when it has
  const isKnown = window !== undefined && (topology.data !== undefined || topology.isError)
  return isKnown ? ratedWindow(window, dataSinceMs, nowMs) : UNKNOWN
}
