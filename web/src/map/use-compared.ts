'use client'
import { type TopologyDiffAnswer, topologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { type TopologyFramesAnswer, topologyFramesAnswer } from '@skein/schemas/api/topology-frames'
import { type Answer, useAnswer } from '../api/use-answer.ts'
import { useBaseline } from '../url/use-baseline.ts'
import { useScope } from '../url/view-state.ts'

const INTERVAL_MS = 30_000
/** What got worse just now is wanted sooner. */
const RECENT_INTERVAL_MS = 15_000

/**
 * The difference to the window compared with; without one the server takes last week, or the window before. Where nothing older is stored, the
 * later part of the window stands against the earlier one.
 */
export function useTopologyDiff(enabled: boolean): Answer<TopologyDiffAnswer> {
  const scope = useScope()
  const baseline = useBaseline()
  const base = baseline === null ? {} : { baseStart: baseline.from, baseEnd: baseline.to }
  const wanted = useAnswer('/api/topology/diff', topologyDiffAnswer, { query: { ...scope, ...base }, enabled, intervalMs: INTERVAL_MS })
  const isBare = enabled && baseline === null && wanted.data?.notes.some(({ code }) => code === 'no_base') === true
  const recent = useRecentDiff(isBare)
  return isBare && recent.data !== undefined ? recent : wanted
}

/** The later part of the window against the earlier one, cut where it got worse. */
export function useRecentDiff(enabled: boolean): Answer<TopologyDiffAnswer> {
  return useAnswer('/api/topology/diff', topologyDiffAnswer, { query: { ...useScope(), within: 'true' }, enabled, intervalMs: RECENT_INTERVAL_MS })
}

/** The window minute by minute. */
export function useTopologyFrames(enabled: boolean): Answer<TopologyFramesAnswer> {
  return useAnswer('/api/topology/frames', topologyFramesAnswer, { query: useScope(), enabled, intervalMs: INTERVAL_MS })
}
