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
import { TraceFacts } from './trace-facts.tsx'
import { TraceFind } from './trace-find.tsx'
import { buildTraceModel } from './trace-model.ts'
import { TraceView } from './trace-view.tsx'
import { traceIdOf, traceParsers } from './url.ts'

export function TracePage() {
  const t = useTranslations('trace')
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(traceParsers, { history: 'replace' })
  const id = traceIdOf(state.id)
  const answer = useAnswer(`/api/traces/${id ?? ''}`, traceAnswer, { query: { around: state.around }, intervalMs: null, enabled: id !== null })
  // while another trace is on its way, the one before must not stand under its name
  const data = answer.data?.traceId === id ? answer.data : undefined
  const model = useMemo(() => (data === undefined ? null : buildTraceModel(data)), [data])
  const entry = model?.entry?.span
  const bar = (
    <>
      {model !== null && <TraceFacts model={model} />}
      {data !== undefined && <NoteChips notes={data.notes} />}
      <span className="flex-1" />
      {model !== null && (
        <TraceFind rows={model.rows} text={state.q} selected={state.span} onText={(q) => void setState({ q })} onFound={(span) => void setState({ span })} />
      )}
    </>
  )
  return (
    <Page
      title={entry?.name ?? nav('trace')}
      parent={{ label: nav('traces'), path: '/traces' }}
      after={id === null ? undefined : <TraceId id={id} />}
      canvas
      bar={bar}
    >
      {id === null ? (
        <p className="p-6 text-t2">{t(state.id === '' ? 'noId' : 'badId')}</p>
      ) : model === null || data === undefined ? (
        <div className="flex-1">
          <AnswerGate answer={answer.isError ? answer : ({ ...answer, data: undefined } as typeof answer)} skeleton={<Skeleton rows={14} height={18} />}>
            {() => null}
          </AnswerGate>
        </div>
      ) : (
        <div className="flex min-w-0 flex-1 flex-col">
          <Doubts answer={data} duplicates={model.duplicates} />
          <TraceView key={id} model={model} state={state} setState={(next) => void setState(next)} />
        </div>
      )}
    </Page>
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
