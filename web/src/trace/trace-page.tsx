'use client'
import { type TraceAnswer, traceAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { useAnswer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { Page } from '../frame/page.tsx'
import { NoteChips } from '../map/note-chips.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import type { SpanRow } from './span-tree.ts'
import { TraceFacts } from './trace-facts.tsx'
import { TraceFind } from './trace-find.tsx'
import { buildTraceModel, type TraceModel } from './trace-model.ts'
import { type TraceState, TraceView } from './trace-view.tsx'
import { pathOnly } from './trace-path.ts'
import { traceIdOf, traceParsers } from './url.ts'

export function TracePage() {
  const t = useTranslations('trace')
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(traceParsers, { history: 'replace' })
  const id = traceIdOf(state.id)
  if (id !== null) return <TraceById key={id} id={id} around={state.around} state={state} setState={(next) => void setState(next)} />
  return (
    <Page title={nav('trace')} parent={{ label: nav('traces'), path: '/traces' }}>
      <p className="p-3 text-t2">{t(state.id === '' ? 'noId' : 'badId')}</p>
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
  const answer = useAnswer(`/api/traces/${id}`, traceAnswer, { query: { around }, intervalMs: null })
  // while this trace is on its way, the one before must not stand under its name
  const data = answer.data?.traceId === id ? answer.data : undefined
  const model = useMemo(() => (data === undefined ? null : buildTraceModel(data)), [data])
  const rows = useMemo(() => (model === null ? [] : state.critical ? pathOnly(model.rows, model.path) : model.rows), [model, state.critical])
  return (
    <Page
      title={model?.entry?.span?.name ?? nav('trace')}
      parent={{ label: nav('traces'), path: '/traces' }}
      after={<TraceId id={id} />}
      canvas
      {...(answer.isError
        ? {}
        : {
            bar:
              model === null || data === undefined ? (
                <Skeleton height={22} className="w-full !p-0" />
              ) : (
                <TraceBar model={model} rows={rows} notes={data.notes} state={state} setState={setState} />
              ),
          })}
    >
      {model === null || data === undefined ? (
        <div className="flex-1">
          <AnswerGate answer={{ ...answer, data: undefined } as typeof answer} skeleton={<Skeleton rows={14} height={18} />}>
            {() => null}
          </AnswerGate>
        </div>
      ) : (
        <div className="flex min-w-0 flex-1 flex-col">
          <Doubts answer={data} duplicates={model.duplicates} />
          <TraceView model={model} rows={rows} state={state} setState={setState} />
        </div>
      )}
    </Page>
  )
}

interface TraceBarProps extends Pick<TraceByIdProps, 'state' | 'setState'> {
  model: TraceModel
  rows: readonly SpanRow[]
  notes: TraceAnswer['notes']
}

function TraceBar({ model, rows, notes, state, setState }: TraceBarProps) {
  return (
    <>
      <TraceFacts model={model} />
      <NoteChips notes={notes} />
      <span className="flex-1" />
      <TraceFind rows={rows} text={state.q} selected={state.span} onText={(q) => setState({ q })} onFound={(span) => setState({ span })} />
    </>
  )
}

function TraceId({ id }: { id: string }) {
  const t = useTranslations('trace')
  return (
    <>
      <span className="mono truncate text-t3">{id}</span>
      <CopyButton text={id} label={t('copyId')} />
    </>
  )
}

/** What of the trace is not on screen, or came twice. */
function Doubts({ answer, duplicates }: { answer: TraceAnswer; duplicates: number }) {
  const t = useTranslations('trace')
  const format = useFormat()
  if (!answer.truncated && duplicates === 0) return null
  return (
    <p role="status" className="flex-none border-b border-line bg-degraded-bg px-3 py-1.5 text-t2">
      {answer.truncated && t('truncated', { count: format.integer(answer.spans.length) })} {duplicates > 0 && t('duplicates', { count: duplicates })}
    </p>
  )
}
