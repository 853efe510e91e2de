'use client'
import { type TopologyDiffAnswer, topologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { type TopologyFramesAnswer, topologyFramesAnswer } from '@skein/schemas/api/topology-frames'
import { type Answer, useAnswer } from '../api/use-answer.ts'
import { useBaseline } from '../url/use-baseline.ts'
import { useScope } from '../url/view-state.ts'

const INTERVAL_MS = 30_000
/** What got worse just now is wanted sooner. */
const RECENT_INTERVAL_MS = 15_000

/** The difference to the window compared with; without one the server takes last week, or the window before. */
export function useTopologyDiff(enabled: boolean): Answer<TopologyDiffAnswer> {
  const scope = useScope()
  const baseline = useBaseline()
  const base = baseline === null ? {} : { baseStart: baseline.from, baseEnd: baseline.to }
  return useAnswer('/api/topology/diff', topologyDiffAnswer, { query: { ...scope, ...base }, enabled, intervalMs: INTERVAL_MS })
}

/** The later part of the window against the earlier one, cut where it got worse. */
export function useRecentDiff(): Answer<TopologyDiffAnswer> {
  return useAnswer('/api/topology/diff', topologyDiffAnswer, { query: { ...useScope(), within: 'true' }, intervalMs: RECENT_INTERVAL_MS })
}

/** The window minute by minute. */
export function useTopologyFrames(enabled: boolean): Answer<TopologyFramesAnswer> {
  return useAnswer('/api/topology/frames', topologyFramesAnswer, { query: useScope(), enabled, intervalMs: INTERVAL_MS })
}
