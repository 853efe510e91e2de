'use client'
import { type TraceSummary, tracesAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { useAnswer } from '../api/use-answer.ts'
import type { SpanRow } from '../trace/span-row.ts'
import { traceIdOf } from '../trace/url.ts'
import { EntryName, useTraceColumns } from '../traces/trace-columns.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { useScope } from '../url/view-state.ts'

const SHOWN = 30

export interface PickTraceProps {
  side: 'a' | 'b'
  /** First row of the trace it is to be like. */
  like: SpanRow | null
  /** Id of that trace, which is not offered. */
  not: string
  onPick: (id: string) => void
}

/** Names the other trace: by its id, or one of the same entry. */
export function PickTrace({ side, like, not, onPick }: PickTraceProps) {
  const t = useTranslations('compare')
  const [text, setText] = useState('')
  const scope = useScope()
  const entry = like?.span?.name
  const query = { ...scope, limit: SHOWN, ...(entry === undefined ? {} : { entry, service: like?.span?.service }) }
  const answer = useAnswer('/api/traces', tracesAnswer, { query })
  const type = (next: string) => {
    const id = traceIdOf(next)
    if (id === null) setText(next)
    else onPick(id)
  }
  return (
    <Card
      title={t(side)}
      sub={t(entry === undefined ? 'pickAny' : 'pickLike', { entry: entry ?? '' })}
      className="h-[260px]"
      end={<SearchBox label={t('paste')} value={text} onChange={type} className="w-48" />}
    >
      <AnswerGate answer={answer}>{({ traces }) => <Candidates traces={traces.filter(({ traceId }) => traceId !== not)} onPick={onPick} />}</AnswerGate>
    </Card>
  )
}

function Candidates({ traces, onPick }: { traces: readonly TraceSummary[]; onPick: (id: string) => void }) {
  const t = useTranslations('compare')
  const column = useTranslations('traces.column')
  const all = useTraceColumns(traces)
  // a link would leave the page that the trace is picked for
  const columns = useMemo(() => {
    const entry: TableColumn<TraceSummary> = {
      id: 'entry',
      header: column('entry'),
      cell: (row) => <EntryName entry={row.entry} />,
      className: 'max-w-[220px] truncate',
    }
    return [entry, ...all.filter(({ id }) => id === 'time' || id === 'duration' || id === 'spans' || id === 'errors')]
  }, [all, column])
  if (traces.length === 0) return <p className="p-3 text-t2">{t('noCandidate')}</p>
  return (
    <DataTable label={t('candidates')} rows={traces} columns={columns} rowId={(row) => row.traceId} onOpen={(row) => onPick(row.traceId)} className="flex-1" />
  )
}
