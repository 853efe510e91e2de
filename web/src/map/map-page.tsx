'use client'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { useTopology } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { Page } from '../frame/page.tsx'
import { AnswerGate, StaleChip } from '../ui/answer-gate.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { EdgePanel } from './edge-panel.tsx'
import { MapBar } from './map-bar.tsx'
import { MapStage } from './map-stage.tsx'
import { MapTable } from './map-table.tsx'
import { neighbourhood, type Topology } from './neighbourhood.ts'
import { NoEdges } from './no-edges.tsx'
import { NodePanel } from './node-panel.tsx'
import { buildScene } from './scene.ts'
import { isTopologyId, mapParsers, type MapState, selectEdge, selectNode, selectNothing, type SetMapState } from './url.ts'
import { useLayout } from './use-layout.ts'

export function MapPage() {
  const t = useTranslations('nav')
  const answer = useTopology()
  const [state, setState] = useQueryStates(mapParsers, { history: 'push' })
  const set: SetMapState = (next) => void setState(next)
  const shown = useMemo(() => shownPart(answer.data, state.node, state.focus), [answer.data, state.node, state.focus])
  return (
    <Page
      title={t('map')}
      canvas
      bar={
        <MapBar
          answer={answer.data}
          shown={shown}
          state={state}
          set={set}
          stale={answer.data !== undefined && answer.isError ? <StaleChip answer={answer} /> : null}
        />
      }
    >
      {answer.data === undefined || shown === undefined ? (
        <AnswerGate answer={answer} skeleton={<Skeleton rows={8} height={42} className="w-full" />}>
          {() => null}
        </AnswerGate>
      ) : (
        <MapBody answer={answer.data} shown={shown} state={state} set={set} />
      )}
    </Page>
  )
}

function shownPart(answer: TopologyAnswer | undefined, node: string, focus: number): Topology | undefined {
  if (answer === undefined || node === '' || focus < 1) return answer
  return neighbourhood(answer, node, focus)
}

interface MapBodyProps {
  answer: TopologyAnswer
  shown: Topology
  state: MapState
  set: SetMapState
}

function MapBody({ answer, shown, state, set }: MapBodyProps) {
  const seconds = (Date.parse(answer.window.end) - Date.parse(answer.window.start)) / 1000
  const selected = [state.edge, state.node].find(isTopologyId) ?? null
  if (answer.nodes.length === 0) return <EmptyState />
  return (
    <>
      <div className="relative flex min-w-0 flex-1 flex-col">
        {answer.edges.length === 0 && <NoEdges notes={answer.notes} nodes={answer.nodes.length} />}
        {state.view === 'table' ? (
          <MapTable
            topology={shown}
            list={state.list}
            seconds={seconds}
            selected={selected}
            onSelect={({ kind, id }) => set(kind === 'node' ? selectNode(id) : selectEdge(id))}
          />
        ) : (
          <Drawing answer={answer} shown={shown} selected={selected} set={set} />
        )}
      </div>
      <Selection answer={answer} seconds={seconds} state={state} set={set} />
    </>
  )
}

function Drawing({ answer, shown, selected, set }: Pick<MapBodyProps, 'answer' | 'shown' | 'set'> & { selected: string | null }) {
  const format = useFormat()
  const { layout, redraw } = useLayout(shown)
  const scene = useMemo(() => {
    const window = { startMs: Date.parse(answer.window.start), endMs: Date.parse(answer.window.end) }
    return layout === null ? null : buildScene({ topology: shown, layout, window, format })
  }, [answer.window, shown, layout, format])
  if (scene === null) return <Skeleton rows={8} height={42} />
  return (
    <MapStage
      scene={scene}
      selected={selected}
      onRedraw={redraw}
      onSelect={(target) => set(target === null ? selectNothing : target.kind === 'node' ? selectNode(target.id) : selectEdge(target.id))}
    />
  )
}

function Selection({ answer, seconds, state, set }: Omit<MapBodyProps, 'shown'> & { seconds: number }) {
  const close = () => set(selectNothing)
  const edge = answer.edges.find(({ id }) => id === state.edge)
  if (edge !== undefined) {
    const name = (id: string): string => answer.nodes.find((node) => node.id === id)?.name ?? id
    return <EdgePanel key={edge.id} edge={edge} source={name(edge.source)} target={name(edge.target)} seconds={seconds} onClose={close} />
  }
  const node = answer.nodes.find(({ id }) => id === state.node)
  if (node === undefined) return null
  return (
    <NodePanel
      key={node.id}
      node={node}
      topology={answer}
      seconds={seconds}
      onEdge={(id) => set(selectEdge(id))}
      onFocus={() => set({ focus: state.focus === 0 ? 1 : 0 })}
      onClose={close}
    />
  )
}
