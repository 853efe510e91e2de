'use client'
import { type TraceSummary, tracesAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { type ReactNode, useId, useState } from 'react'
import { useAnswer } from '../api/use-answer.ts'
import { quoted } from '../search/suggestion.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Centered } from '../ui/empty-state.tsx'
import { INPUT_CLASS } from '../ui/field.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { useHref, useScope } from '../url/view-state.ts'
import { idFault, traceIdOf } from './url.ts'

/** The address names no trace: what an id is, a field for one, and traces there are. */
export function NoTraceId({ given }: { given: string }) {
  const t = useTranslations('trace.none')
  return (
    <NoTrace title={t(given === '' ? 'noId' : 'badId')}>
      {given !== '' && <p className="break-all text-t2">{t(`fault.${idFault(given)}`, { given, count: given.trim().length })}</p>}
      <p className="text-t2">{t('whatIsAnId')}</p>
    </NoTrace>
  )
}

/** An id that is right, of which nothing is stored: why that may be, and what to do. */
export function UnknownTrace({ id, onRetry }: { id: string; onRetry: () => void }) {
  const t = useTranslations('trace.none')
  const action = useTranslations('action')
  return (
    <NoTrace
      title={t('unknown')}
      actions={
        <>
          <Button onClick={onRetry}>{action('retry')}</Button>
          <ViewLink path="/logs" parameters={{ q: `trace_id:${quoted(id)}` }} className={buttonClass({})}>
            {t('itsLogs')}
          </ViewLink>
        </>
      }
    >
      <p className="mono break-all text-t2">{id}</p>
      <ul className="list-disc pl-5 text-t2">
        {(['onItsWay', 'tooOld', 'notSampled', 'elsewhere'] as const).map((why) => (
          <li key={why}>{t(why)}</li>
        ))}
      </ul>
    </NoTrace>
  )
}

function NoTrace({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const t = useTranslations('trace.none')
  const newest = useNewest()
  return (
    <Card className="h-fit w-full">
      <Centered>
        <h2 className="text-16">{title}</h2>
        {children}
        <OpenById />
        <p className="flex flex-wrap gap-2">
          <ViewLink path="/traces" className={buttonClass({ look: 'primary' })}>
            {t('search')}
          </ViewLink>
          {actions}
        </p>
        {newest !== undefined && (
          <p className="text-t2">
            {t('example')}{' '}
            <ViewLink path="/trace" parameters={{ id: newest.traceId }} className="mono break-all">
              {newest.traceId}
            </ViewLink>{' '}
            {newest.entry === null ? '' : `${newest.entry.service} ${newest.entry.operation}`}
          </p>
        )}
      </Centered>
    </Card>
  )
}

/** A trace that there is: the newest of the window. */
function useNewest(): TraceSummary | undefined {
  return useAnswer('/api/traces', tracesAnswer, { query: { ...useScope(), limit: 1 }, intervalMs: null }).data?.traces[0]
}

/** An id that is one opens its trace as it is typed or pasted. */
function OpenById() {
  const t = useTranslations('trace.none')
  const id = useId()
  const router = useRouter()
  const href = useHref()
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const type = (next: string) => {
    setText(next)
    setTried(false)
    const found = traceIdOf(next)
    if (found !== null) router.push(href('/trace', { id: found }))
  }
  return (
    <form
      className="flex flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(text !== '')
      }}
    >
      <label htmlFor={id} className="text-11 text-t3">
        {t('field')}
      </label>
      <input
        id={id}
        data-page-search
        type="text"
        autoComplete="off"
        spellCheck={false}
        value={text}
        aria-invalid={tried}
        aria-describedby={`${id}-wrong`}
        onChange={(event) => type(event.target.value)}
        className={`mono ${INPUT_CLASS}`}
      />
      <span id={`${id}-wrong`} role="status" className="text-11 text-bad-text">
        {tried ? t(`fault.${idFault(text)}`, { given: text, count: text.trim().length }) : ''}
      </span>
    </form>
  )
}
