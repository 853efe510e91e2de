'use client'
import type { EdgeDiff, TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { useMemo } from 'react'
import { useChangeEvents } from '../api/questions.ts'
import type { Answer } from '../api/use-answer.ts'
import { useRecentDiff, useTopologyDiff } from '../map/use-compared.ts'
import type { LinkParameters } from '../url/view-state.ts'
import { type Change, changesOf } from './changes.ts'

export interface Changes {
  diff: Answer<TopologyDiffAnswer>
  all: readonly Change[]
  /** What a link to the map carries to show the same difference. */
  parameters: LinkParameters
  /** What is different since it got worse in this window. */
  recent: Recent
}

export interface Recent {
  edges: readonly EdgeDiff[]
  parameters: LinkParameters
}

/** Changes of the window with their effects: against what the page compares with, else last week, else the earlier part of the window itself. */
export function useChanges(): Changes {
  const events = useChangeEvents()
  const wanted = useTopologyDiff(true)
  const within = useRecentDiff(true)
  const diff = wanted.data?.base.choice === 'before' && within.data !== undefined ? within : wanted
  const all = useMemo(() => changesOf(events.data?.events ?? [], diff.data?.edges ?? []), [events.data, diff.data])
  return { diff, all, parameters: parametersOf(diff.data), recent: recentOf(within.data) }
}

function recentOf(answer: TopologyDiffAnswer | undefined): Recent {
  return { edges: answer?.base.choice === 'within' ? answer.edges : [], parameters: parametersOf(answer) }
}

/** The two parts of a window that was cut, as the address says them: the base is as long as what is compared with it. */
function parametersOf(answer: TopologyDiffAnswer | undefined): LinkParameters {
  if (answer?.base.choice !== 'within') return { diff: 'true' }
  const { start, end } = answer.window
  return { diff: 'true', from: start, to: end, vs: new Date(2 * Date.parse(start) - Date.parse(end)).toISOString() }
}
