'use client'
import type { DebugAnswer, DebugRequest, DebugStep, LineState } from '@skein/schemas/api/log-rules'
import { readRule } from '@skein/schemas/rules/read-rule'
import { SEVERITY_CLASSES, severityRange } from '@skein/schemas/severity'
import { useTranslations } from 'next-intl'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Tag, type TagTone } from '../../ui/chip.tsx'
import { Field, INPUT_CLASS } from '../../ui/field.tsx'
import { errorWords } from '../../ui/failure-words.ts'
import { bodyText } from '../line-fields.ts'
import { ChangeList } from './change-list.tsx'
import { readDraft } from './draft.ts'
import { changesOf } from './line-change.ts'
import { useRuleChanges } from './questions.ts'

export interface RuleDebuggerProps {
  /** Id of the rule that is written, '' for none. */
  rule: string
  /** JSON of what is being written, '' for nothing. */
  draft: string
  /** Id of a stored line to try, '' for one that is pasted. */
  line: string
  onPaste: () => void
}

/** A pasted line goes through the rules, and each step tells what it did. */
export function RuleDebugger({ rule, draft, line, onPaste }: RuleDebuggerProps) {
  const t = useTranslations('logs.debugger')
  const words = useTranslations()
  const changes = useRuleChanges()
  const [answer, setAnswer] = useState<DebugAnswer | null>(null)
  const [failure, setFailure] = useState('')
  const read = draft === '' ? null : readRule(readDraft(draft, null))
  const tried = read?.ok === true ? { definition: read.definition, ...(rule === '' ? {} : { rule }) } : {}
  const run = (request: DebugRequest) => {
    setFailure('')
    changes.debug({ ...request, ...tried }).then(setAnswer, (error: unknown) => {
      setAnswer(null)
      setFailure(errorWords(words, error))
    })
  }
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-3 overflow-auto bg-surface p-3">
      <p className="text-t2">{'definition' in tried ? t('withDraft') : t('hint')}</p>
      {line === '' ? <LineForm onRun={run} /> : <StoredLine onRun={() => run({ id: line })} onPaste={onPaste} />}
      {failure !== '' && (
        <p role="alert" className="text-bad-text">
          {failure}
        </p>
      )}
      {answer !== null && <Result answer={answer} />}
    </div>
  )
}

/** A line that was found; the rules have already judged it once. */
function StoredLine({ onRun, onPaste }: { onRun: () => void; onPaste: () => void }) {
  const t = useTranslations('logs.debugger')
  return (
    <p className="flex flex-wrap items-center gap-2">
      <span>{t('storedLine')}</span>
      <Button look="primary" onClick={onRun}>
        {t('run')}
      </Button>
      <Button onClick={onPaste}>{t('paste')}</Button>
    </p>
  )
}

/** The line to try, and what its sender would have said beside it. */
function LineForm({ onRun }: { onRun: (line: DebugRequest) => void }) {
  const t = useTranslations('logs.debugger')
  const [text, setText] = useState('')
  const [service, setService] = useState('')
  const [severity, setSeverity] = useState('none')
  const run = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault()
    if (text !== '') onRun({ text, severity: severityRange(severity)?.from ?? 0, ...(service === '' ? {} : { service }) })
  }
  return (
    <form className="flex max-w-4xl flex-col gap-2" onSubmit={run}>
      <Field label={t('line')}>
        {(props) => (
          <textarea
            {...props}
            rows={3}
            spellCheck={false}
            value={text}
            placeholder={t('placeholder')}
            onChange={({ target }) => setText(target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) run(event)
            }}
            className={`${INPUT_CLASS} mono py-1`}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-end gap-2">
        <Field label={t('service')} className="w-48">
          {(props) => <input {...props} type="text" value={service} onChange={({ target }) => setService(target.value)} className={INPUT_CLASS} />}
        </Field>
        <Field label={t('severity')} className="w-32">
          {(props) => (
            <select {...props} value={severity} onChange={({ target }) => setSeverity(target.value)} className={INPUT_CLASS}>
              {SEVERITY_CLASSES.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
        </Field>
        <Button type="submit" look="primary" disabled={text === ''} className="disabled:opacity-50">
          {t('run')}
        </Button>
      </div>
    </form>
  )
}

const BODY_CHARACTERS = 20_000

const TONES: Readonly<Record<DebugStep['outcome'], TagTone>> = {
  skipped: 'plain',
  unmatched: 'plain',
  kept: 'ok',
  changed: 'accent',
  dropped: 'degraded',
  failed: 'bad',
}

function Result({ answer }: { answer: DebugAnswer }) {
  const t = useTranslations('logs.debugger')
  const { before, steps, outcome, after } = answer
  return (
    <section aria-label={t('result')} aria-live="polite" className="flex max-w-4xl flex-col gap-2">
      <p className="mono rounded-2 border border-line bg-sunken p-2 leading-normal break-words whitespace-pre-wrap">{bodyText(before.body, BODY_CHARACTERS)}</p>
      <p className="flex items-center gap-2">
        <Tag tone={outcome === 'kept' ? 'ok' : outcome === 'dropped' ? 'degraded' : 'bad'}>{t(`outcome.${outcome}`)}</Tag>
        {steps.length === 0 && <span className="text-t2">{t('noSteps')}</span>}
      </p>
      <ol className="rounded-3 border border-line">
        {steps.map((step, at) => (
          <li key={at} className="border-line px-3 py-1.5 not-first:border-t">
            <p className="flex flex-wrap items-center gap-2">
              <Tag tone={TONES[step.outcome]}>{t(`step.${step.outcome}`)}</Tag>
              <b className="font-medium">{step.name}</b>
              <span className="text-t3">{step.action === null ? t('matchStep') : t('actionStep', { number: step.action + 1, type: step.type })}</span>
              {step.version === null && <Tag tone="accent">{t('tried')}</Tag>}
              {step.message !== '' && <span className="text-t2">{step.message}</span>}
            </p>
            {step.after !== null && <ChangeList changes={changesOf(lineBefore(answer, at), step.after)} />}
          </li>
        ))}
      </ol>
      {after !== null && (
        <div>
          <h3 className="mb-1">{t('stored')}</h3>
          <pre className="overflow-auto rounded-2 border border-line bg-sunken p-2 leading-normal break-words whitespace-pre-wrap" tabIndex={0}>
            {bodyText(JSON.stringify(after, null, 2), BODY_CHARACTERS)}
          </pre>
        </div>
      )}
    </section>
  )
}

/** The line as it came into a step: as the last step before it that told left it. */
function lineBefore({ before, steps }: DebugAnswer, at: number): LineState {
  return steps.slice(0, at).findLast(({ after }) => after !== null)?.after ?? before
}
