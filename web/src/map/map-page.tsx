'use client'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Page } from '../frame/page.tsx'
import { AnswerGate, StaleChip } from '../ui/answer-gate.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { groupOfNodeId } from './collapse.ts'
import { DiffTable } from './diff-table.tsx'
import type { HitTarget } from './hit.ts'
import { MapBar } from './map-bar.tsx'
import { MapStage } from './map-stage.tsx'
import { MapTable } from './map-table.tsx'
import { NoEdges } from './no-edges.tsx'
import { buildScene, type Scene } from './scene.ts'
import { Selection } from './selection.tsx'
import { TimeStrip } from './time-strip.tsx'
import { isSelectable, mapParsers, type MapState, selectEdge, selectNode, selectNothing, type SetMapState, toggleGroup } from './url.ts'
import { useLayout } from './use-layout.ts'
import { type MapAnswers, type MapView, useMapView } from './use-map-view.ts'

/** Where? */
export function MapPage() {
  const t = useTranslations('nav')
  const [state, setState] = useQueryStates(mapParsers, { history: 'push' })
  const set: SetMapState = ({ closed, ...next }, history = 'push') => void setState(closed === undefined ? next : { ...next, closed: [...closed] }, { history })
  const answers = useMapView(state)
  const { topology, view } = answers
  const scene = useScene(view, state)
  const stale = topology.data !== undefined && topology.isError ? <StaleChip answer={topology} /> : null
  return (
    <Page title={t('map')} canvas bar={<MapBar answers={answers} scene={scene.scene} state={state} set={set} stale={stale} />}>
      {view === null ? (
        <div className="min-w-0 flex-1">
          <AnswerGate answer={topology} skeleton={<Skeleton rows={8} height={42} />}>
            {() => null}
          </AnswerGate>
        </div>
      ) : (
        <MapBody view={view} answers={answers} scene={scene} state={state} set={set} />
      )}
    </Page>
  )
}

interface SceneControl {
  scene: Scene | null
  redraw: () => void
}

/** The picture of what is shown; null until the first layout is there. */
function useScene(view: MapView | null, { group }: MapState): SceneControl {
  const t = useTranslations('map')
  const format = useFormat()
  const { layout, redraw } = useLayout(view?.shown, group)
  const scene = useMemo(() => {
    if (layout === null || view === null) return null
    const { shown, picture, rated, answer } = view
    const window = { startMs: Date.parse(answer.window.start), endMs: Date.parse(answer.window.end) }
    const closed = new Map([...shown.closed].map(([id, members]) => [id, t('groupNodes', { count: members.length })]))
    return buildScene({ topology: shown, layout, window, format, seconds: rated.seconds, picture, closed })
  }, [view, layout, format, t])
  return { scene, redraw }
}

interface MapBodyProps {
  view: MapView
  answers: MapAnswers
  scene: SceneControl
  state: MapState
  set: SetMapState
}

function MapBody({ view, answers, scene, state, set }: MapBodyProps) {
  const { answer } = view
  if (answer.nodes.length === 0) return <EmptyState />
  return (
    <>
      <div className="relative flex min-w-0 flex-1 flex-col">
        {answer.edges.length === 0 && <NoEdges notes={answer.notes} nodes={answer.nodes.length} />}
        <Shown view={view} scene={scene} state={state} set={set} />
        {!state.diff && answer.edges.length > 0 && <TimeStrip view={view} frames={answers.frames} state={state} set={set} />}
      </div>
      <Selection view={view} diff={answers.diff} state={state} set={set} />
    </>
  )
}

function Shown({ view, scene: { scene, redraw }, state, set }: Omit<MapBodyProps, 'answers'>) {
  const selected = [state.edge, state.node].find(isSelectable) ?? null
  const toggle = (name: string) => set({ closed: toggleGroup(state.closed, name) })
  const select = (target: HitTarget | null) => {
    const group = target === null ? null : groupOfNodeId(target.id)
    if (target === null) set(selectNothing)
    else if (group !== null) toggle(group)
    else set(target.kind === 'node' ? selectNode(target.id) : selectEdge(target.id))
  }
  if (state.view === 'table' && view.diff !== null) return <DiffTable view={view} selected={selected} onSelect={(id) => set(selectEdge(id))} />
  if (state.view === 'table') return <MapTable view={view} list={state.list} selected={selected} onSelect={select} />
  if (scene === null) return <Skeleton rows={8} height={42} />
  const legend = { overlay: view.diff === null ? state.overlay : null, seconds: view.rated.seconds, lived: view.lived }
  return (
    <MapStage scene={scene} selected={selected} onRedraw={redraw} onSelect={select} onGroup={state.group === 'layer' ? undefined : toggle} legend={legend} />
  )
}
