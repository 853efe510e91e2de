'use client'
import type { TraceSummary } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { NoteChips } from '../map/note-chips.tsx'
import { StaleChip } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useHeld } from '../ui/use-held.ts'
import { useHref } from '../url/view-state.ts'
import { startMsOf, useTraceColumns } from './trace-columns.tsx'
import type { OpenTrace, SetTraces } from './traces-page.tsx'
import type { TracesState } from './url.ts'
import { usePickColumn } from './use-pick-column.tsx'
import type { useTraces } from './use-traces.ts'

const idOf = (trace: TraceSummary): string => trace.traceId

export interface TraceListProps {
  traces: ReturnType<typeof useTraces>
  rows: readonly TraceSummary[]
  state: TracesState
  set: SetTraces
  onOpen: OpenTrace
}

/** The traces in words: two of them can be compared, new ones wait while somebody reads. */
export function TraceList({ traces, rows, state, set, onOpen }: TraceListProps) {
  const t = useTranslations('traces')
  const [picked, setPicked] = useState<readonly string[]>([])
  const [scrolled, setScrolled] = useState(false)
  const held = useHeld(rows, scrolled || picked.length > 0, idOf)
  const columns = useTraceColumns(held.rows)
  const pick = usePickColumn(picked, setPicked)
  const all = useMemo(() => [...columns, pick], [columns, pick])
  const notes = traces.data?.pages[0]?.notes ?? []
  return (
    <Card
      title={t('list')}
      sub={traces.hasNextPage ? t('countMore', { count: held.rows.length }) : t('count', { count: held.rows.length })}
      busy={traces.isPlaceholderData}
      className="min-h-[240px] flex-1"
      end={
        <>
          {traces.isError && <StaleChip answer={traces} />}
          <NoteChips notes={notes} />
          {held.waiting > 0 && (
            <Button small look="primary" onClick={held.letIn}>
              {t('waiting', { count: held.waiting })}
            </Button>
          )}
          <Compare picked={picked} onClear={() => setPicked([])} />
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
          <CsvButton name="traces" rows={held.rows} columns={columns} />
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col" onScrollCapture={(event) => setScrolled(event.target instanceof HTMLElement && event.target.scrollTop > 0)}>
        <DataTable
          label={t('list')}
          rows={held.rows}
          columns={all}
          rowId={(row) => row.traceId}
          onOpen={(row) => onOpen(row.traceId, startMsOf(row))}
          className="flex-1"
        />
      </div>
      {traces.hasNextPage && (
        <div className="flex-none border-t border-line px-3 py-1.5">
          <Button small disabled={traces.isFetchingNextPage} onClick={() => void traces.fetchNextPage()}>
            {traces.isFetchingNextPage ? t('loadingMore') : t('more')}
          </Button>
        </div>
      )}
    </Card>
  )
}

function Compare({ picked, onClear }: { picked: readonly string[]; onClear: () => void }) {
  const t = useTranslations('traces')
  const router = useRouter()
  const href = useHref()
  const [a, b] = picked
  if (a === undefined) return null
  return (
    <>
      <Button small disabled={b === undefined} onClick={() => router.push(href('/compare', { a, b }))}>
        {t(b === undefined ? 'pickSecond' : 'compareTwo')}
      </Button>
      <Button small look="ghost" onClick={onClear}>
        {t('pickNone')}
      </Button>
    </>
  )
}
