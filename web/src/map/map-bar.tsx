'use client'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { CsvButton } from '../ui/data-table.tsx'
import { Icon } from '../ui/icon.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useView } from '../url/view-state.ts'
import { useEdgeColumns, useNodeColumns } from './map-table.tsx'
import { MapSearch } from './map-search.tsx'
import type { Topology } from './neighbourhood.ts'
import { NoteChips } from './note-chips.tsx'
import { type MapState, MAX_HOPS, selectNode, type SetMapState } from './url.ts'

export interface MapBarProps {
  answer: TopologyAnswer | undefined
  shown: Topology | undefined
  state: MapState
  set: SetMapState
  stale: ReactNode
}

/** Picture or table, filters, focus, search; at the right what is counted and what is doubtful. */
export function MapBar({ answer, shown, state, set, stale }: MapBarProps) {
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
      {state.view === 'table' && (
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
      {answer !== undefined && <MapSearch nodes={answer.nodes} onFound={(id) => set(selectNode(id))} />}
      <ScopeChips />
      {state.node !== '' && answer !== undefined && <Focus answer={answer} state={state} set={set} />}
      {state.view === 'table' && answer !== undefined && shown !== undefined && <TableCsv answer={answer} shown={shown} list={state.list} />}
      <span className="flex-1" />
      {stale}
      {shown !== undefined && (
        <span className="hidden whitespace-nowrap text-t2 wide:inline">{t('counts', { nodes: shown.nodes.length, edges: shown.edges.length })}</span>
      )}
      {answer !== undefined && <NoteChips notes={answer.notes} />}
    </>
  )
}

function ScopeChips() {
  const { view, setView } = useView()
  return (
    <>
      {view.env !== '' && <Chip name="environment" value={view.env} onRemove={() => void setView({ env: '' })} />}
      {view.cluster !== '' && <Chip name="cluster" value={view.cluster} onRemove={() => void setView({ cluster: '' })} />}
    </>
  )
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

function TableCsv({ answer, shown, list }: { answer: TopologyAnswer; shown: Topology; list: 'edges' | 'nodes' }) {
  const seconds = (Date.parse(answer.window.end) - Date.parse(answer.window.start)) / 1000
  const edges = useEdgeColumns(answer.nodes, seconds)
  const nodes = useNodeColumns(seconds)
  return list === 'edges' ? (
    <CsvButton name="skein-edges" rows={shown.edges} columns={edges} />
  ) : (
    <CsvButton name="skein-nodes" rows={shown.nodes} columns={nodes} />
  )
}
