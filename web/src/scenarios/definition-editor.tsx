'use client'
import type { ScenarioView } from '@skein/schemas/api/scenarios'
import { readScenario, type ScenarioDefinition } from '@skein/schemas/scenario'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { errorWords } from '../ui/failure-words.ts'
import { useHref } from '../url/view-state.ts'
import { DefinitionForm } from './definition-form.tsx'
import { definitionWords } from './definition-words.ts'
import { FunnelFigures } from './funnel-figures.tsx'
import { FunnelStrip } from './funnel-strip.tsx'
import { usePreview, useScenarioChanges } from './questions.ts'
import { readDraft, readJson, writeDraft } from './url.ts'

interface DefinitionEditorProps {
  saved: ScenarioView | null
  /** JSON of what is being written, '' for the saved one. */
  draft: string
  onDraft: (draft: string) => void
}

/** A definition as a form or as JSON, tried on the last hour while it is written. */
export function DefinitionEditor({ saved, draft, onDraft }: DefinitionEditorProps) {
  const t = useTranslations('scenarios')
  const [as, setAs] = useState<'form' | 'json'>('form')
  const definition = readDraft(draft, saved?.definition ?? null)
  const change = (next: ScenarioDefinition) => onDraft(writeDraft(next))
  return (
    <div className="grid flex-none items-start gap-3 wide:grid-cols-2">
      <Card
        title={t('tab.definition')}
        end={
          <Segmented
            small
            label={t('writeAs')}
            value={as}
            onChange={setAs}
            options={[
              { value: 'form', label: t('form') },
              { value: 'json', label: 'JSON' },
            ]}
          />
        }
      >
        {as === 'form' ? <DefinitionForm definition={definition} onChange={change} /> : <JsonText definition={definition} onChange={change} />}
        <Actions saved={saved} definition={definition} changed={draft !== ''} />
      </Card>
      <Preview definition={definition} />
    </div>
  )
}

function JsonText({ definition, onChange }: { definition: ScenarioDefinition; onChange: (definition: ScenarioDefinition) => void }) {
  const t = useTranslations('scenarios')
  const words = useTranslations()
  const [text, setText] = useState(() => JSON.stringify(definition, null, 2))
  const read = readJson(text)
  return (
    <div className="flex flex-col gap-1 px-3">
      <textarea
        aria-label={t('tab.definition')}
        spellCheck={false}
        value={text}
        rows={24}
        onChange={(event) => {
          setText(event.target.value)
          const next = readJson(event.target.value)
          if (next.ok) onChange(next.definition)
        }}
        className="mono w-full rounded-2 border border-ctl bg-sunken p-2 text-t1"
      />
      {!read.ok && <Errors label={t('notValid')} messages={read.errors.map((error) => definitionWords(words, null, error))} />}
    </div>
  )
}

function Errors({ label, messages }: { label: string; messages: readonly string[] }) {
  return (
    <div role="status" className="text-t2">
      {label}
      <ul className="m-0 list-disc pl-4">
        {[...new Set(messages)].map((message) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </div>
  )
}

function Preview({ definition }: { definition: ScenarioDefinition }) {
  const t = useTranslations('scenarios')
  const words = useTranslations()
  const preview = usePreview(definition)
  const read = readScenario(definition)
  return (
    <Card title={t('preview')} sub={t('previewHint')} busy={preview.isFetching}>
      {!read.ok && (
        <div className="px-3 pb-3">
          <Errors label={t('notValid')} messages={read.errors.map((error) => definitionWords(words, definition, error))} />
        </div>
      )}
      {read.ok && preview.isError && <p className="px-3 pb-3 text-bad-text">{errorWords(words, preview.error)}</p>}
      {read.ok && preview.data !== undefined && (
        <>
          <FunnelFigures answer={preview.data} />
          <FunnelStrip answer={preview.data} />
        </>
      )}
    </Card>
  )
}

function Actions({ saved, definition, changed }: { saved: ScenarioView | null; definition: ScenarioDefinition; changed: boolean }) {
  const t = useTranslations('scenarios')
  const words = useTranslations()
  const router = useRouter()
  const href = useHref()
  const changes = useScenarioChanges()
  const [failure, setFailure] = useState('')
  const [asking, setAsking] = useState(false)
  const act = (action: Promise<unknown>, to: (answer: unknown) => string) => {
    setFailure('')
    action.then(
      (answer) => router.push(to(answer)),
      (error: unknown) => setFailure(errorWords(words, error)),
    )
  }
  const save = () => act(changes.save(saved, definition), (answer) => href('/scenario', { id: (answer as ScenarioView).id }))
  return (
    <div className="flex flex-wrap items-center gap-2 p-3">
      <Button look="primary" disabled={!changed || !readScenario(definition).ok} className="disabled:opacity-50" onClick={save}>
        {t('save')}
      </Button>
      {saved !== null && !asking && <Button onClick={() => setAsking(true)}>{t('remove')}</Button>}
      {saved !== null && asking && (
        <>
          <span className="text-t2">{t('removeSure', { name: saved.definition.name })}</span>
          <Button onClick={() => act(changes.remove(saved), () => href('/scenarios'))}>{t('removeYes')}</Button>
          <Button look="ghost" onClick={() => setAsking(false)}>
            {t('keep')}
          </Button>
        </>
      )}
      {failure !== '' && (
        <span role="alert" className="text-bad-text">
          {failure}
        </span>
      )}
    </div>
  )
}
