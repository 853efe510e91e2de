'use client'
import { type TopologyDiffAnswer, topologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { useMemo } from 'react'
import { useChangeEvents, useTopology } from '../api/questions.ts'
import { type Answer, useAnswer } from '../api/use-answer.ts'
import { useTopologyDiff } from '../map/use-compared.ts'
import { firstSeenMs } from '../services/rated-window.ts'
import { type LinkParameters, useScope } from '../url/view-state.ts'
import { type Change, changesOf, splitWindow } from './changes.ts'

const INTERVAL_MS = 30_000

export interface Changes {
  diff: Answer<TopologyDiffAnswer>
  all: readonly Change[]
  /** What a link to the map carries to show the same difference. */
  parameters: LinkParameters
}

/** Changes of the window with their effects: against what the page compares with, else last week, else the earlier part of the window itself. */
export function useChanges(): Changes {
  const events = useChangeEvents()
  const wanted = useTopologyDiff(true)
  const without = wanted.data?.notes.some(({ code }) => code === 'no_base') === true
  const split = useSplitDiff(without)
  const diff = without && split !== null ? split : wanted
  const parameters = diff === wanted ? { diff: 'true' } : parametersOf(diff.data)
  const all = useMemo(() => changesOf(events.data?.events ?? [], diff.data?.edges ?? []), [events.data, diff.data])
  return { diff, all, parameters }
}

/** The two parts of the window, as the address says them. */
function parametersOf(answer: TopologyDiffAnswer | undefined): LinkParameters {
  return answer === undefined ? { diff: 'true' } : { diff: 'true', from: answer.window.start, to: answer.window.end, vs: answer.base.start }
}

function useSplitDiff(enabled: boolean): Answer<TopologyDiffAnswer> | null {
  const topology = useTopology()
  const scope = useScope()
  const split = useMemo(() => (topology.data === undefined ? null : splitWindow(topology.data.window, firstSeenMs(topology.data))), [topology.data])
  const answer = useAnswer('/api/topology/diff', topologyDiffAnswer, {
    query: { ...scope, ...split },
    enabled: enabled && split !== null,
    intervalMs: INTERVAL_MS,
  })
  return enabled && split !== null ? answer : null
}
