'use client'
import type { TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { useTranslations } from 'next-intl'
import type { Answer } from '../api/use-answer.ts'
import { useRangeText } from '../frame/use-range-text.ts'
import { NothingMatches } from '../ui/empty-state.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { absolute, type TimeRange } from '../url/time-range.ts'
import { groupOfNodeId } from './collapse.ts'
import { DiffPanel } from './diff-panel.tsx'
import { EdgePanel } from './edge-panel.tsx'
import { JoinedPanel } from './joined-panel.tsx'
import { NodePanel } from './node-panel.tsx'
import { tracesOfEdge, tracesOfNode } from './traces-behind.ts'
import { isTopologyId, type MapState, selectEdge, selectNothing, type SetMapState } from './url.ts'
import type { MapView } from './use-map-view.ts'

export interface SelectionProps {
  view: MapView
  diff: Answer<TopologyDiffAnswer>
  state: MapState
  set: SetMapState
}

/** The panel beside the map: of the selected edge or node, else the list of differences while they are shown. */
export function Selection(props: SelectionProps) {
  const { view, diff, state, set } = props
  const found = edgePanel(props) ?? nodePanel(props)
  if (found !== null) return found
  if (isSought(state, view)) return <GonePanel kind={state.edge === '' ? 'node' : 'edge'} onClose={() => set(selectNothing)} />
  return state.diff ? <DiffPanel diff={diff} onEdge={(id) => set(selectEdge(id))} onClose={() => set({ diff: false })} /> : null
}

/** What vanished has the numbers of the window compared with. */
function withinOf(view: MapView, change: string | undefined): TimeRange | null {
  return change === 'vanished' && view.diff !== null ? rangeOf(view.diff.base) : view.step
}

function edgePanel({ view, state, set }: SelectionProps) {
  const { whole, shown, rated } = view
  const onClose = () => set(selectNothing)
  const nodeOf = (id: string) => shown.nodes.find((each) => each.id === id) ?? whole.nodes.find((each) => each.id === id)
  const nameOf = (id: string): string => nodeOf(id)?.name ?? id
  const common = { seconds: rated.seconds, onClose }
  const joined = shown.joined.get(state.edge)
  const bundle = shown.edges.find(({ id }) => id === state.edge)
  if (joined !== undefined && bundle !== undefined) {
    const title = `${nameOf(bundle.source)} → ${nameOf(bundle.target)}`
    const onEdge = (id: string) => set(selectEdge(id))
    return <JoinedPanel {...common} title={title} bundle={bundle} edges={joined} nodes={whole.nodes} within={view.step} onEdge={onEdge} />
  }
  const edge = whole.edges.find(({ id }) => id === state.edge)
  if (edge === undefined) return null
  const difference = view.diff?.edges.find(({ id }) => id === edge.id)
  return (
    <EdgePanel
      {...common}
      key={edge.id}
      edge={edge}
      source={nameOf(edge.source)}
      target={nameOf(edge.target)}
      traced={tracesOfEdge(edge, [nodeOf(edge.source), nodeOf(edge.target)], withinOf(view, difference?.change))}
      {...(difference === undefined || view.diff === null ? {} : { difference, base: view.diff.base })}
    />
  )
}

function nodePanel({ view, state, set }: SelectionProps) {
  const { whole, rated } = view
  const node = whole.nodes.find(({ id }) => id === state.node)
  if (node === undefined) return null
  const within = withinOf(view, view.diff?.nodes.find((each) => each.node.id === node.id)?.change)
  return (
    <NodePanel
      key={node.id}
      node={node}
      traced={tracesOfNode(node, whole.edges, within)}
      within={within}
      topology={whole}
      seconds={rated.seconds}
      onEdge={(id) => set(selectEdge(id))}
      onFocus={() => set({ focus: state.focus === 0 ? 1 : 0 })}
      onClose={() => set(selectNothing)}
    />
  )
}

/** Whether something is named that could be known by now: a joined edge goes when its groups open, and what a difference has is not before it is there. */
function isSought({ edge, node, diff }: MapState, view: MapView): boolean {
  return (isTopologyId(edge) || (node !== '' && groupOfNodeId(node) === null)) && (!diff || view.diff !== null)
}

/** The address names what this window, or this scope, does not have. */
function GonePanel({ kind, onClose }: { kind: 'node' | 'edge'; onClose: () => void }) {
  const t = useTranslations('map.panel')
  const range = useRangeText()
  return (
    <SidePanel label={t(kind)} title={<h2 className="truncate text-14">{t('gone')}</h2>} onClose={onClose}>
      <NothingMatches filters={[]} quiet={t(kind === 'edge' ? 'goneEdge' : 'goneNode', { range })} body={t('goneHint')} />
    </SidePanel>
  )
}

function rangeOf({ start, end }: TopologyDiffAnswer['base']): TimeRange {
  return absolute(Date.parse(start), Date.parse(end))
}
