'use client'
import type { RuleView } from '@skein/schemas/api/log-rules'
import { type RuleError, type RuleRead, readRule } from '@skein/schemas/rules/read-rule'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Tag } from '../../ui/chip.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { errorWords, faultWordsAt } from '../../ui/failure-words.ts'
import { readDraft, readJson, type RuleDraft } from './draft.ts'
import { DryRunPanel } from './dry-run-panel.tsx'
import { useDryRun, useRuleChanges } from './questions.ts'
import { RuleForm } from './rule-form.tsx'

export interface RuleEditorProps {
  saved: RuleView | null
  /** JSON of what is being written, '' for the saved one. */
  draft: string
  onDraft: (draft: string) => void
  onSaved: (id: string) => void
  /** A new rule begins with this search. */
  match: string
}

/** A rule as a form or as JSON, tried on the last hour while it is written; it is saved once its price is known. */
export function RuleEditor({ saved, draft, onDraft, onSaved, match }: RuleEditorProps) {
  const t = useTranslations('logs.rules')
  const [as, setAs] = useState<'form' | 'json'>('form')
  const rule = readDraft(draft, saved?.definition ?? null, match)
  const read = readRule(rule)
  const tried = readRule(named(rule))
  const { run, current } = useDryRun(tried.ok ? tried.definition : null, saved?.id ?? '')
  const changed = saved === null || draft !== ''
  const write = (next: RuleDraft) => onDraft(JSON.stringify(next))
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-auto min-[1280px]:flex-row min-[1280px]:overflow-hidden">
      <section aria-label={t('editor')} className="flex min-w-0 flex-1 flex-col bg-surface min-[1280px]:overflow-auto">
        <Head name={saved?.definition.name ?? t('new')} changed={changed} as={as} onAs={setAs} />
        {as === 'form' ? (
          <RuleForm draft={rule} errors={changed ? errorsToShow(read, draft === '') : []} onChange={write} />
        ) : (
          <RuleJson rule={rule} onChange={write} />
        )}
        <Actions saved={saved} rule={rule} changed={changed} priced={current || run.isError} onDiscard={() => onDraft('')} onSaved={onSaved} />
      </section>
      <div
        tabIndex={0}
        role="region"
        aria-label={t('price')}
        className="flex-none border-t border-line min-[1280px]:w-[var(--panel-w)] min-[1280px]:overflow-auto min-[1280px]:border-t-0 min-[1280px]:border-l"
      >
        <DryRunPanel answer={run.data} current={current} busy={run.isFetching} error={run.error} whole={tried.ok} />
      </div>
    </div>
  )
}

/** The price of a rule does not wait for its name. */
const named = (rule: RuleDraft): RuleDraft => (rule.name.trim() === '' ? { ...rule, name: 'unnamed' } : rule)

/** That a rule nobody wrote on yet has no name is no fault. */
const errorsToShow = (read: RuleRead, untouched: boolean): readonly RuleError[] => errorsOf(read).filter(({ path }) => !untouched || path !== 'name')

const errorsOf = (read: RuleRead): readonly RuleError[] => (read.ok ? [] : read.errors)

interface HeadProps {
  name: string
  changed: boolean
  as: 'form' | 'json'
  onAs: (as: 'form' | 'json') => void
}

function Head({ name, changed, as, onAs }: HeadProps) {
  const t = useTranslations('logs.rules')
  return (
    <div className="flex items-center gap-2 border-b border-line px-3 py-1.5">
      <h2 className="min-w-0 flex-1 truncate">{name}</h2>
      {changed && <Tag>{t('notSaved')}</Tag>}
      <Segmented
        small
        label={t('writeAs')}
        value={as}
        onChange={onAs}
        options={[
          { value: 'form', label: t('form') },
          { value: 'json', label: 'JSON' },
        ]}
      />
    </div>
  )
}

function RuleJson({ rule, onChange }: { rule: RuleDraft; onChange: (rule: RuleDraft) => void }) {
  const t = useTranslations('logs.rules')
  const [text, setText] = useState(() => JSON.stringify(rule, null, 2))
  const read = readJson(text)
  const words = useTranslations()
  return (
    <div className="flex flex-col gap-1 p-3">
      <textarea
        aria-label={t('json')}
        aria-invalid={!read.ok}
        spellCheck={false}
        value={text}
        rows={22}
        onChange={({ target }) => {
          setText(target.value)
          const next = readJson(target.value)
          if (next.ok) onChange(next.definition)
        }}
        className="mono w-full rounded-2 border border-ctl bg-sunken p-2 text-t1"
      />
      <ul role="status" className="text-bad-text">
        {errorsOf(read).map((error) => (
          <li key={`${error.path} ${error.message}`}>{faultWordsAt(words, error)}</li>
        ))}
      </ul>
    </div>
  )
}

interface ActionsProps {
  saved: RuleView | null
  rule: RuleDraft
  changed: boolean
  /** What it costs is known, or cannot be known now. */
  priced: boolean
  onDiscard: () => void
  onSaved: (id: string) => void
}

function Actions({ saved, rule, changed, priced, onDiscard, onSaved }: ActionsProps) {
  const t = useTranslations('logs.rules')
  const words = useTranslations()
  const changes = useRuleChanges()
  const [failure, setFailure] = useState('')
  const read = readRule(rule)
  const act = (action: Promise<RuleView>, then: (rule: RuleView) => void) => {
    setFailure('')
    action.then(then, (error: unknown) => setFailure(errorWords(words, error)))
  }
  const save = () => {
    if (read.ok) act(saved === null ? changes.create(read.definition) : changes.change(saved, read.definition), ({ id }) => onSaved(id))
  }
  const ready = changed && read.ok && priced
  return (
    <div className="sticky bottom-0 mt-auto flex flex-wrap items-center gap-2 border-t border-line bg-surface p-3">
      <Button look="primary" disabled={!ready} className="disabled:opacity-50" onClick={save}>
        {t('save')}
      </Button>
      {changed && !read.ok && readRule(named(rule)).ok && <span className="text-t3">{t('awaitName')}</span>}
      {changed && read.ok && !priced && <span className="text-t3">{t('awaitPrice')}</span>}
      {changed && (
        <Button look="ghost" onClick={onDiscard}>
          {t('discard')}
        </Button>
      )}
      {saved !== null && <Remove name={saved.definition.name} onRemove={() => act(changes.remove(saved), () => onSaved(''))} />}
      {failure !== '' && (
        <span role="alert" className="text-bad-text">
          {failure}
        </span>
      )}
    </div>
  )
}

/** Asks once before a rule goes. */
function Remove({ name, onRemove }: { name: string; onRemove: () => void }) {
  const t = useTranslations('logs.rules')
  const [asking, setAsking] = useState(false)
  if (!asking) return <Button onClick={() => setAsking(true)}>{t('remove')}</Button>
  return (
    <>
      <span className="text-t2">{t('removeSure', { name })}</span>
      <Button onClick={onRemove}>{t('removeYes')}</Button>
      <Button look="ghost" onClick={() => setAsking(false)}>
        {t('keep')}
      </Button>
    </>
  )
}
