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
import { DryRunPanel, type DryRunPanelProps } from './dry-run-panel.tsx'
import { useDryRun, useRuleChanges } from './questions.ts'
import { RemoveRule } from './remove-rule.tsx'
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
  const rule = readDraft(draft, saved?.definition ?? null, match)
  const read = readRule(rule)
  const price = usePrice(rule, saved)
  const json = useJson(onDraft)
  const changed = saved === null || draft !== '' || !json.whole
  const errors = changed ? errorsToShow(read, draft === '') : []
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-auto min-[1280px]:flex-row min-[1280px]:overflow-hidden">
      <section aria-label={t('editor')} className="flex min-w-0 flex-1 flex-col bg-surface min-[1280px]:overflow-auto">
        <Head name={saved?.definition.name ?? t('new')} changed={changed} as={json.as} onAs={json.show} />
        {json.as === 'form' ? (
          <RuleForm draft={rule} errors={errors} onChange={(next) => onDraft(JSON.stringify(next))} />
        ) : (
          <RuleJson text={json.text ?? JSON.stringify(rule, null, 2)} onChange={json.write} />
        )}
        <Actions
          saved={saved}
          rule={rule}
          changed={changed}
          whole={json.whole}
          priced={price.current || price.error !== null}
          onDiscard={json.discard}
          onSaved={onSaved}
        />
      </section>
      <div
        tabIndex={0}
        role="region"
        aria-label={t('price')}
        className="flex-none border-t border-line min-[1280px]:w-[var(--panel-w)] min-[1280px]:overflow-auto min-[1280px]:border-t-0 min-[1280px]:border-l"
      >
        <DryRunPanel {...price} />
      </div>
    </div>
  )
}

/** What the rule would have done in the last hour; it does not wait for its name. */
function usePrice(rule: RuleDraft, saved: RuleView | null): DryRunPanelProps {
  const tried = readRule(named(rule))
  const { run, current } = useDryRun(tried.ok ? tried.definition : null, saved?.id ?? '')
  return { answer: run.data, current, busy: run.isFetching, error: run.error, whole: tried.ok }
}

/** The rule as text, kept while it is written so, though it may be no rule in between. */
function useJson(onDraft: (draft: string) => void) {
  const [as, setAs] = useState<'form' | 'json'>('form')
  // null is the rule as it stands
  const [text, setText] = useState<string | null>(null)
  return {
    as,
    text,
    whole: text === null || readJson(text).ok,
    write: (next: string) => {
      setText(next)
      const read = readJson(next)
      if (read.ok) onDraft(JSON.stringify(read.definition))
    },
    show: (next: 'form' | 'json') => {
      setText(null)
      setAs(next)
    },
    discard: () => {
      setText(null)
      onDraft('')
    },
  }
}

/** With a name, so that all else of it can be judged. */
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

function RuleJson({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const t = useTranslations('logs.rules')
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
        onChange={({ target }) => onChange(target.value)}
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
  /** The text that is shown is a rule: what was read of it before it was spoilt is not saved unseen. */
  whole: boolean
  /** What it costs is known, or cannot be known now. */
  priced: boolean
  onDiscard: () => void
  onSaved: (id: string) => void
}

function Actions({ saved, rule, changed, whole, priced, onDiscard, onSaved }: ActionsProps) {
  const t = useTranslations('logs.rules')
  const words = useTranslations()
  const changes = useRuleChanges()
  const [failure, setFailure] = useState('')
  const read = readRule(rule)
  const act = <Answer,>(action: Promise<Answer>, then: (answer: Answer) => void) => {
    setFailure('')
    action.then(then, (error: unknown) => setFailure(errorWords(words, error)))
  }
  const save = () => {
    if (read.ok) act(saved === null ? changes.create(read.definition) : changes.change(saved, read.definition), ({ id }) => onSaved(id))
  }
  const ready = changed && whole && read.ok && priced
  return (
    <div className="sticky bottom-0 mt-auto flex flex-wrap items-center gap-2 border-t border-line bg-surface p-3">
      <Button look="primary" disabled={!ready} className="disabled:opacity-50" onClick={save}>
        {t('save')}
      </Button>
      {changed && <Awaited rule={rule} priced={priced} />}
      {changed && (
        <Button look="ghost" onClick={onDiscard}>
          {t('discard')}
        </Button>
      )}
      {saved !== null && <RemoveRule name={saved.definition.name} onRemove={() => act(changes.remove(saved.id), () => onSaved(''))} />}
      {failure !== '' && (
        <span role="alert" className="text-bad-text">
          {failure}
        </span>
      )}
    </div>
  )
}

/** What is still missing before a rule can be saved. */
function Awaited({ rule, priced }: { rule: RuleDraft; priced: boolean }) {
  const t = useTranslations('logs.rules')
  if (readRule(rule).ok) return priced ? null : <span className="text-t3">{t('awaitPrice')}</span>
  return readRule(named(rule)).ok ? <span className="text-t3">{t('awaitName')}</span> : null
}
