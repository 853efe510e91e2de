'use client'
import { type TraceLinksAnswer, traceLinksAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { useAnswer } from '../api/use-answer.ts'
import { Page } from '../frame/page.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { NoTraceId, UnknownTrace } from './no-trace.tsx'
import { keptRows } from './kept-rows.ts'
import type { TraceReaderClient, TraceReading } from './reader-client.ts'
import { Doubts } from './trace-doubts.tsx'
import { TraceBar } from './trace-bar.tsx'
import { pathOnly } from './trace-path.ts'
import { TraceView } from './trace-view.tsx'
import { traceIdOf, traceParsers, type TraceState } from './url.ts'
import { type Found, useFound } from './use-found.ts'
import { useTrace } from './use-trace.ts'

export function TracePage() {
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(traceParsers, { history: 'replace' })
  const id = traceIdOf(state.id)
  if (id !== null) return <TraceById key={id} id={id} around={state.around} state={state} setState={(next) => void setState(next)} />
  return (
    <Page title={nav('trace')} parent={{ label: nav('traces'), path: '/traces' }}>
      <NoTraceId given={state.id} />
    </Page>
  )
}

interface TraceByIdProps {
  id: string
  around: string
  state: TraceState
  setState: (state: Partial<TraceState>) => void
}

function TraceById({ id, around, state, setState }: TraceByIdProps) {
  const nav = useTranslations('nav')
  const { answer, reader } = useTrace(id, around)
  if (answer.data !== undefined) return <WholeTrace reading={answer.data} reader={reader} state={state} setState={setState} />
  return (
    <Page
      title={nav('trace')}
      parent={{ label: nav('traces'), path: '/traces' }}
      after={<TraceId id={id} />}
      canvas
      {...(answer.isError ? {} : { bar: <Skeleton height={22} className="w-full !p-0" /> })}
    >
      <div className="min-w-0 flex-1 overflow-auto p-3">
        {answer.error?.failure.code === 'trace_not_found' ? (
          <UnknownTrace id={id} onRetry={() => void answer.refetch()} />
        ) : (
          <AnswerGate answer={answer} skeleton={<Skeleton rows={14} height={18} />}>
            {() => null}
          </AnswerGate>
        )}
      </div>
    </Page>
  )
}

interface WholeTraceProps extends Pick<TraceByIdProps, 'state' | 'setState'> {
  reading: TraceReading
  reader: TraceReaderClient
}

function WholeTrace({ reading, reader, state, setState }: WholeTraceProps) {
  const nav = useTranslations('nav')
  const { model } = reading
  const found = useFound(reader, model, state.q)
  const rows = useShownRows(reading, found, state)
  const linking = useLinking(reading)
  return (
    <Page
      title={model.entry?.span?.name ?? nav('trace')}
      parent={{ label: nav('traces'), path: '/traces' }}
      after={<TraceId id={reading.traceId} />}
      canvas
      bar={<TraceBar reading={reading} reader={reader} rows={rows} found={found} linking={linking} state={state} setState={setState} />}
    >
      <div className="flex min-w-0 flex-1 flex-col">
        <Doubts reading={reading} onSelect={(span) => setState({ span })} />
        <TraceView reading={reading} reader={reader} rows={rows} found={found} linking={linking} state={state} setState={setState} />
      </div>
    </Page>
  )
}

/** Rows of the model that the address asks for: all, those of the critical path, those sought. */
function useShownRows({ model }: TraceReading, found: Found, { critical, matches }: TraceState) {
  const ofPath = useMemo(() => (critical ? pathOnly(model.rows, model.path) : model.rows), [model, critical])
  return useMemo(() => (matches && found !== null ? keptRows(ofPath, (row) => found.has(row.key)) : ofPath), [ofPath, matches, found])
}

/** Spans of other traces that link here. */
function useLinking({ traceId, model }: TraceReading): TraceLinksAnswer {
  const answer = useAnswer(`/api/traces/${traceId}/links`, traceLinksAnswer, { intervalMs: null, enabled: model.originUnixNano > 0n })
  return answer.data ?? NO_LINKS
}

const NO_LINKS: TraceLinksAnswer = { links: [], truncated: false }

function TraceId({ id }: { id: string }) {
  const t = useTranslations('trace')
  return (
    <>
      <span className="mono truncate text-t3">{id}</span>
      <CopyButton text={id} label={t('copyId')} />
    </>
  )
}
