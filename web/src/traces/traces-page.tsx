'use client'
import type { TraceSummary, TracesAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import type { Pages } from '../api/use-pages.ts'
import { Page } from '../frame/page.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { hasMore } from '../ui/use-held.ts'
import { useHref, useView } from '../url/view-state.ts'
import { ComparisonCard } from './comparison-card.tsx'
import { FacetPanel } from './facet-panel.tsx'
import { queryText } from './query-text.ts'
import { ScatterCard } from './scatter-card.tsx'
import { SearchBar } from './search-bar.tsx'
import { TraceList } from './trace-list.tsx'
import { activeFilters, readSelection, type OpenTrace, type Selection, type SetTraces, tracesParsers, type TracesState } from './url.ts'
import { uniqueTraces } from './unique-traces.ts'
import { useTraces } from './use-traces.ts'

export function TracesPage() {
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(tracesParsers, { history: 'push' })
  const set: SetTraces = (next) => void setState(next)
  const traces = useTraces(state)
  const open = useOpenTrace()
  const rows = useMemo(() => uniqueTraces(traces.data?.pages ?? []), [traces.data])
  return (
    <Page title={nav('traces')} bar={<SearchBar state={state} set={set} traces={rows} onOpen={open} />}>
      {traces.data === undefined ? (
        traces.error !== null ? (
          <ErrorState error={traces.error} onRetry={() => void traces.refetch()} />
        ) : (
          <Skeleton rows={12} />
        )
      ) : (
        <Results traces={traces} rows={rows} state={state} set={set} onOpen={open} />
      )}
    </Page>
  )
}

function useOpenTrace(): OpenTrace {
  const router = useRouter()
  const href = useHref()
  return (id, aroundMs) => router.push(href('/trace', { id, around: aroundMs === undefined ? undefined : Math.floor(aroundMs) }))
}

interface ResultsProps {
  traces: Pages<TracesAnswer>
  rows: readonly TraceSummary[]
  state: TracesState
  set: SetTraces
  onOpen: OpenTrace
}

function Results({ traces, rows, state, set, onOpen }: ResultsProps) {
  const selection = useMemo(() => readSelection(state.sel), [state.sel])
  const narrow = useNarrow(set)
  if (rows.length === 0) {
    return <EmptyState filters={activeFilters(state).map((filter) => ({ label: `${filter.name} ${filter.value}`, remove: () => set(filter.without) }))} />
  }
  return (
    <div className="flex min-h-0 flex-1 gap-3">
      <FacetPanel traces={rows} more={hasMore(traces.data)} state={state} set={set} />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col gap-3 overflow-auto">
        <ScatterCard state={state} set={set} selection={selection} onOpen={onOpen} />
        {selection !== null && (
          <ComparisonCard
            key={`${state.sel} ${queryText(state)}`}
            state={state}
            selection={selection}
            onFilter={(filter) => set({ ...filter, sel: '' })}
            onNarrow={() => narrow(selection)}
            onClear={() => set({ sel: '' })}
          />
        )}
        <TraceList traces={traces} state={state} set={set} onOpen={onOpen} />
      </div>
    </div>
  )
}

/** Makes the selection the search: its time the range, its durations the limits. */
function useNarrow(set: SetTraces): (selection: Selection) => void {
  const { setView } = useView()
  return (selection) => {
    if (selection.kind === 'errors') return set({ error: 'true', sel: '' })
    const { fromMs, toMs, minMs, maxMs } = selection
    set({ minMs, maxMs, sel: '' })
    void setView({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() })
  }
}
