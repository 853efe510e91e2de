'use client'
import type { TracesAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Pages } from '../api/use-pages.ts'
import { NoteChips } from '../map/note-chips.tsx'
import { StaleChip } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import { LoadMore, NewRows } from '../ui/held-list.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useHeld } from '../ui/use-held.ts'
import { useHref } from '../url/view-state.ts'
import { startMsOf, useTraceColumns } from './trace-columns.tsx'
import type { OpenTrace, SetTraces, TracesState } from './url.ts'
import { uniqueTraces } from './unique-traces.ts'
import { usePickColumn } from './use-pick-column.tsx'

const idsOf = (pages: readonly TracesAnswer[]): readonly string[] => uniqueTraces(pages).map(({ traceId }) => traceId)

export interface TraceListProps {
  traces: Pages<TracesAnswer>
  state: TracesState
  set: SetTraces
  onOpen: OpenTrace
}

/** The traces in words: two of them can be compared, new ones wait while somebody reads. */
export function TraceList({ traces, state, set, onOpen }: TraceListProps) {
  const t = useTranslations('traces')
  const [picked, setPicked] = useState<readonly string[]>([])
  const held = useHeld(traces, { reading: picked.length > 0, idsOf })
  const rows = useMemo(() => uniqueTraces(held.pages), [held.pages])
  const columns = useTraceColumns(rows)
  const pick = usePickColumn(picked, setPicked)
  const all = useMemo(() => [...columns, pick], [columns, pick])
  const list = useTopOf(traces.question)
  return (
    <Card
      title={t('list')}
      sub={t(held.hasMore ? 'countMore' : 'count', { count: rows.length })}
      busy={traces.isPlaceholderData}
      className="min-h-[240px] flex-1"
      end={
        <>
          {traces.isError && <StaleChip answer={traces} />}
          <NoteChips topic="traces" notes={held.pages[0]?.notes ?? []} />
          <NewRows answer={traces} held={held} words={(count) => t('waiting', { count })} />
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
          <CsvButton name="traces" rows={rows} columns={columns} />
        </>
      }
    >
      <div
        ref={list}
        className="flex min-h-0 flex-1 flex-col"
        onScrollCapture={(event) => held.onReading(event.target instanceof HTMLElement && event.target.scrollTop > 0)}
      >
        <DataTable
          label={t('list')}
          rows={rows}
          columns={all}
          rowId={(row) => row.traceId}
          onOpen={(row) => onOpen(row.traceId, startMsOf(row))}
          className="flex-1"
        />
      </div>
      <LoadMore held={held} busy={traces.isFetchingNextPage} />
    </Card>
  )
}

/** A list of other traces begins at the top again. */
function useTopOf(question: string) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => list.current?.firstElementChild?.scrollTo({ top: 0 }), [question])
  return list
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
