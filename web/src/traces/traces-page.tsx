'use client'
import type { TraceSummary, TracesAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useQueryStates } from 'nuqs'
import { useMemo, useState } from 'react'
import { Page } from '../frame/page.tsx'
import { NoteChips } from '../map/note-chips.tsx'
import { traceIdOf } from '../trace/url.ts'
import { StaleChip } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useHref } from '../url/view-state.ts'
import { Scatter } from './scatter.tsx'
import { SearchForm } from './search-form.tsx'
import { useTraceColumns } from './trace-columns.tsx'
import { activeFilters, tracesParsers, type TracesState } from './url.ts'
import { useTraces } from './use-traces.ts'

export type SetTraces = (state: Partial<TracesState>) => void

export function TracesPage() {
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(tracesParsers, { history: 'push' })
  const set: SetTraces = (next) => void setState(next)
  const traces = useTraces(state)
  const open = useOpenTrace()
  return (
    <Page title={nav('traces')} bar={<SearchForm state={state} set={set} find={<PasteId onId={open} />} />}>
      {traces.data === undefined ? (
        traces.isError ? (
          <ErrorState error={traces.error} onRetry={() => void traces.refetch()} />
        ) : (
          <Skeleton rows={12} />
        )
      ) : (
        <Results traces={traces} pages={traces.data.pages} state={state} set={set} onOpen={open} />
      )}
    </Page>
  )
}

function useOpenTrace(): (id: string) => void {
  const router = useRouter()
  const href = useHref()
  return (id) => router.push(href('/trace', { id }))
}

/** A pasted trace id leads to its trace at once; anything else says what is missing. */
function PasteId({ onId }: { onId: (id: string) => void }) {
  const t = useTranslations('traces')
  const [text, setText] = useState('')
  const change = (next: string) => {
    const id = traceIdOf(next)
    if (id === null) setText(next)
    else onId(id)
  }
  return (
    <span className="flex items-center gap-2">
      {text !== '' && (
        <span role="status" className="hidden whitespace-nowrap text-t3 wide:inline">
          {t('idHint')}
        </span>
      )}
      <SearchBox label={t('pasteId')} value={text} onChange={change} className="w-48" />
    </span>
  )
}

interface ResultsProps {
  traces: ReturnType<typeof useTraces>
  pages: readonly TracesAnswer[]
  state: TracesState
  set: SetTraces
  onOpen: (id: string) => void
}

function Results({ traces, pages, state, set, onOpen }: ResultsProps) {
  const t = useTranslations('traces')
  const rows = useMemo(() => uniqueTraces(pages), [pages])
  const first = pages[0]
  const columns = useTraceColumns(rows)
  if (first === undefined) return null
  if (rows.length === 0) {
    return <EmptyState filters={activeFilters(state).map((filter) => ({ label: `${filter.name} ${filter.value}`, remove: () => set(filter.without) }))} />
  }
  return (
    <>
      <Card
        title={t('scatter')}
        sub={t('scatterNote', { count: rows.length })}
        busy={traces.isPlaceholderData}
        className="flex-none"
        end={<NoteChips notes={first.notes} />}
      >
        <Scatter traces={rows} window={first.window} onOpen={onOpen} />
      </Card>
      <Card
        title={t('list')}
        sub={traces.hasNextPage ? t('countMore', { count: rows.length }) : t('count', { count: rows.length })}
        className="min-h-[220px] flex-1"
        end={
          <>
            {traces.isError && <StaleChip answer={traces} />}
            <Segmented
              small
              label={t('sort')}
              value={state.sort}
              onChange={(sort) => set({ sort })}
              options={[
                { value: 'newest', label: t('newest') },
                { value: 'longest', label: t('longest') },
              ]}
            />
          </>
        }
      >
        <DataTable label={t('list')} rows={rows} columns={columns} rowId={(row) => row.traceId} onOpen={(row) => onOpen(row.traceId)} className="flex-1" />
        {traces.hasNextPage && (
          <div className="flex-none border-t border-line px-3 py-1.5">
            <Button small disabled={traces.isFetchingNextPage} onClick={() => void traces.fetchNextPage()}>
              {traces.isFetchingNextPage ? t('loadingMore') : t('more')}
            </Button>
          </div>
        )}
      </Card>
    </>
  )
}

/** A trace that grew between two pages may be in both; the newer answer counts. */
function uniqueTraces(pages: readonly TracesAnswer[]): TraceSummary[] {
  const traces = new Map<string, TraceSummary>()
  for (const page of pages) for (const trace of page.traces) traces.set(trace.traceId, trace)
  return [...traces.values()]
}
