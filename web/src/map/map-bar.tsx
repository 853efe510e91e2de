'use client'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useScenarios } from '../scenarios/questions.ts'
import { RatesSince } from '../services/rates-since.tsx'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { CsvButton } from '../ui/data-table.tsx'
import { Icon } from '../ui/icon.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useView } from '../url/view-state.ts'
import { useDiffColumns } from './diff-table.tsx'
import { ExportMenu } from './export-menu.tsx'
import { GroupMenu } from './group-menu.tsx'
import { useEdgeColumns, useNodeColumns } from './map-table.tsx'
import { MapSearch } from './map-search.tsx'
import { NoteChips } from './note-chips.tsx'
import { OVERLAYS } from './overlay.ts'
import type { Scene } from './scene.ts'
import { ScenarioState } from './scenario-state.tsx'
import { type MapState, MAX_HOPS, selectNode, selectNothing, type SetMapState } from './url.ts'
import type { MapAnswers, MapView } from './use-map-view.ts'

export interface MapBarProps {
  answers: MapAnswers
  scene: Scene | null
  state: MapState
  set: SetMapState
  stale: ReactNode
}

/** Picture or table, difference, groups, overlay, search, focus; at the right what is counted and what is doubtful. */
export function MapBar({ answers: { topology, scenario, view }, scene, state, set, stale }: MapBarProps) {
  const answer = topology.data
  return (
    <>
      <ViewSwitch state={state} set={set} />
      <DiffButton state={state} set={set} />
      {view !== null && <GroupMenu groups={view.groups} state={state} set={set} />}
      {!state.diff && <OverlayPicker state={state} set={set} />}
      {scenario !== null && <ScenarioState answer={scenario} onRemove={() => set({ scenario: '' })} />}
      {answer !== undefined && <MapSearch nodes={answer.nodes} onFound={(id) => set(selectNode(id))} />}
      <ClusterChip />
      {state.node !== '' && answer !== undefined && <Focus answer={answer} state={state} set={set} />}
      <span className="flex-1" />
      {stale}
      {view !== null && <Counts view={view} />}
      {answer !== undefined && <NoteChips notes={answer.notes} />}
      {view !== null && (state.view === 'table' ? <TableCsv view={view} list={state.list} /> : <ExportMenu view={view} scene={scene} />)}
    </>
  )
}

type BarPart = Pick<MapBarProps, 'state' | 'set'>

function ViewSwitch({ state, set }: BarPart) {
  const t = useTranslations('map')
  return (
    <>
      <Segmented
        label={t('view')}
        value={state.view}
        onChange={(view) => set({ view })}
        options={[
          { value: 'map', label: t('viewMap') },
          { value: 'table', label: t('viewTable') },
        ]}
      />
      {state.view === 'table' && !state.diff && (
        <Segmented
          label={t('list')}
          value={state.list}
          onChange={(list) => set({ list })}
          options={[
            { value: 'edges', label: t('edges') },
            { value: 'nodes', label: t('nodes') },
          ]}
        />
      )}
    </>
  )
}

/** Shows what changed since the window compared with; without one the server chooses. */
function DiffButton({ state, set }: BarPart) {
  const t = useTranslations('map.diff')
  return (
    <Button aria-pressed={state.diff} onClick={() => set({ diff: !state.diff, at: '', ...(state.diff ? {} : selectNothing) })}>
      {t('button')}
    </Button>
  )
}

const SCENARIO = 'scenario:'

function overlayOf(chosen: string): Partial<MapState> {
  if (chosen.startsWith(SCENARIO)) return { scenario: chosen.slice(SCENARIO.length) }
  return { overlay: OVERLAYS.find((one) => one === chosen) ?? 'rate', scenario: '' }
}

/** One that is gone, of an old link, is still the one chosen. */
function useScenarioChoices(chosen: string): { id: string; name: string }[] {
  const known = useScenarios().data?.scenarios.map(({ id, definition }) => ({ id, name: definition.name })) ?? []
  return chosen === '' || known.some(({ id }) => id === chosen) ? known : [...known, { id: chosen, name: chosen }]
}

function OverlayPicker({ state, set }: BarPart) {
  const t = useTranslations('map')
  const scenarios = useScenarioChoices(state.scenario)
  return (
    <label className="flex h-7 flex-none cursor-pointer items-center gap-1.5 rounded-2 border border-line-strong bg-surface px-2 hover:bg-hover">
      <span className="sr-only text-t2 wide:not-sr-only">{t('overlay.label')}</span>
      <select
        value={state.scenario === '' ? state.overlay : SCENARIO + state.scenario}
        onChange={(event) => set(overlayOf(event.target.value))}
        className="cursor-pointer bg-surface font-medium"
      >
        {OVERLAYS.map((one) => (
          <option key={one} value={one}>
            {t(`overlay.${one}`)}
          </option>
        ))}
        {scenarios.length > 0 && (
          <optgroup label={t('scenario.group')}>
            {scenarios.map(({ id, name }) => (
              <option key={id} value={SCENARIO + id}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  )
}

function Counts({ view: { shown, rated } }: { view: MapView }) {
  const t = useTranslations('map')
  return (
    <span className="hidden items-baseline gap-2 whitespace-nowrap text-t2 wide:flex">
      {t('counts', { nodes: shown.nodes.length, edges: shown.edges.length })}
      <span className="text-t3">
        <RatesSince rated={rated} />
      </span>
    </span>
  )
}

/** The environment stands in the breadcrumb; the cluster narrows this page. */
function ClusterChip() {
  const { view, setView } = useView()
  return view.cluster === '' ? null : <Chip name="cluster" value={view.cluster} onRemove={() => void setView({ cluster: '' })} />
}

/** Only what lies within so many calls of the selected node. */
function Focus({ answer, state, set }: { answer: TopologyAnswer; state: MapState; set: SetMapState }) {
  const t = useTranslations('map')
  const name = answer.nodes.find((node) => node.id === state.node)?.name
  if (name === undefined) return null
  if (state.focus < 1) {
    return (
      <Button aria-pressed={false} onClick={() => set({ focus: 1 })}>
        {t('focus')} <span className="max-w-32 truncate font-normal text-t2">{name}</span>
      </Button>
    )
  }
  return (
    <span className="inline-flex items-center gap-1">
      <Chip name={t('focus')} value={t('hops', { name, count: state.focus })} onRemove={() => set({ focus: 0 })} />
      <Button small square aria-label={t('fewer')} title={t('fewer')} disabled={state.focus <= 1} onClick={() => set({ focus: state.focus - 1 })}>
        <Icon name="minus" size={12} />
      </Button>
      <Button small square aria-label={t('more')} title={t('more')} disabled={state.focus >= MAX_HOPS} onClick={() => set({ focus: state.focus + 1 })}>
        <Icon name="plus" size={12} />
      </Button>
    </span>
  )
}

function TableCsv({ view, list }: { view: MapView; list: 'edges' | 'nodes' }) {
  const { shown, diff } = view
  const edges = useEdgeColumns(view)
  const nodes = useNodeColumns(view)
  const differences = useDiffColumns(view)
  if (diff !== null) return <CsvButton name="skein-differences" rows={diff.edges} columns={differences} />
  return list === 'edges' ? (
    <CsvButton name="skein-edges" rows={shown.edges} columns={edges} />
  ) : (
    <CsvButton name="skein-nodes" rows={shown.nodes} columns={nodes} />
  )
}
