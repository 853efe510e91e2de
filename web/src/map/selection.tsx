'use client'
import type { TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import type { Answer } from '../api/use-answer.ts'
import { absolute, type TimeRange } from '../url/time-range.ts'
import { DiffPanel } from './diff-panel.tsx'
import { EdgePanel } from './edge-panel.tsx'
import { JoinedPanel } from './joined-panel.tsx'
import { NodePanel } from './node-panel.tsx'
import { tracesOfEdge, tracesOfNode } from './traces-behind.ts'
import { type MapState, selectEdge, selectNothing, type SetMapState } from './url.ts'
import type { MapView } from './use-map-view.ts'

export interface SelectionProps {
  view: MapView
  diff: Answer<TopologyDiffAnswer>
  state: MapState
  set: SetMapState
}

/** The panel beside the map: of the selected edge or node, else the list of differences while they are shown. */
export function Selection({ view, diff, state, set }: SelectionProps) {
  const { whole, shown, rated } = view
  const { seconds } = rated
  const close = () => set(selectNothing)
  const onEdge = (id: string) => set(selectEdge(id))
  const nodeOf = (id: string) => shown.nodes.find((each) => each.id === id) ?? whole.nodes.find((each) => each.id === id)
  const nameOf = (id: string): string => nodeOf(id)?.name ?? id
  // what vanished has the numbers of the window compared with
  const withinOf = (change: string | undefined) => (change === 'vanished' && view.diff !== null ? rangeOf(view.diff.base) : view.step)
  const joined = shown.joined.get(state.edge)
  const bundle = shown.edges.find(({ id }) => id === state.edge)
  if (joined !== undefined && bundle !== undefined) {
    const title = `${nameOf(bundle.source)} → ${nameOf(bundle.target)}`
    return <JoinedPanel title={title} bundle={bundle} edges={joined} nodes={whole.nodes} within={view.step} seconds={seconds} onEdge={onEdge} onClose={close} />
  }
  const edge = whole.edges.find(({ id }) => id === state.edge)
  if (edge !== undefined) {
    const difference = view.diff?.edges.find(({ id }) => id === edge.id)
    return (
      <EdgePanel
        key={edge.id}
        edge={edge}
        source={nameOf(edge.source)}
        target={nameOf(edge.target)}
        traced={tracesOfEdge(edge, [nodeOf(edge.source), nodeOf(edge.target)], withinOf(difference?.change))}
        seconds={seconds}
        onClose={close}
        {...(difference === undefined || view.diff === null ? {} : { difference, base: view.diff.base })}
      />
    )
  }
  const node = whole.nodes.find(({ id }) => id === state.node)
  if (node !== undefined) {
    const focus = () => set({ focus: state.focus === 0 ? 1 : 0 })
    const within = withinOf(view.diff?.nodes.find((each) => each.node.id === node.id)?.change)
    const traced = tracesOfNode(node, whole.edges, within)
    return (
      <NodePanel key={node.id} node={node} traced={traced} within={within} topology={whole} seconds={seconds} onEdge={onEdge} onFocus={focus} onClose={close} />
    )
  }
  return state.diff ? <DiffPanel diff={diff} onEdge={onEdge} onClose={() => set({ diff: false })} /> : null
}

function rangeOf({ start, end }: TopologyDiffAnswer['base']): TimeRange {
  return absolute(Date.parse(start), Date.parse(end))
}
