'use client'
import { useTranslations } from 'next-intl'
import { type ReactNode, useId, useState } from 'react'
import { useServices } from '../api/questions.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { Segmented } from '../ui/segmented.tsx'
import type { SetTraces } from './traces-page.tsx'
import { activeFilters, EVERYTHING, parseAttribute, parseMs, type TracesState } from './url.ts'

/** Each field narrows on Enter or when it is left; what narrows stands below as chips. */
export function SearchForm({ state, set, find }: { state: TracesState; set: SetTraces; find: ReactNode }) {
  const t = useTranslations('traces')
  const services = useServices()
  const names = useId()
  const filters = activeFilters(state)
  return (
    <>
      <Field label={t('service')} value={state.service} list={names} onCommit={(service) => set({ service })} className="w-36" />
      <datalist id={names}>
        {[...new Set(services.data?.services.map((service) => service.name))].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Field label={t('operation')} value={state.operation} onCommit={(operation) => set({ operation })} className="w-36" />
      <Field label={t('entry')} value={state.entry} onCommit={(entry) => set({ entry })} className="w-32" />
      <Field label={t('min')} value={state.minMs === null ? '' : `${state.minMs} ms`} onCommit={(text) => set({ minMs: parseMs(text) })} className="w-[84px]" />
      <Field label={t('max')} value={state.maxMs === null ? '' : `${state.maxMs} ms`} onCommit={(text) => set({ maxMs: parseMs(text) })} className="w-[84px]" />
      <AttributeField onAdd={(attr) => set({ attr: [...new Set([...state.attr, attr])] })} />
      <Segmented
        label={t('error')}
        value={state.error}
        onChange={(error) => set({ error })}
        options={[
          { value: 'any', label: t('any') },
          { value: 'true', label: t('withErrors') },
          { value: 'false', label: t('withoutErrors') },
        ]}
      />
      <span className="flex-1" />
      {find}
      {filters.length > 0 && (
        <div className="flex w-full flex-wrap items-center gap-1.5">
          {filters.map((filter) => (
            <Chip key={filter.key} name={filter.name} value={filter.value} onRemove={() => set(filter.without)} />
          ))}
          {filters.length > 1 && (
            <Button small look="ghost" onClick={() => set(EVERYTHING)}>
              {t('clearAll')}
            </Button>
          )}
        </div>
      )}
    </>
  )
}

interface FieldProps {
  label: string
  value: string
  onCommit: (text: string) => void
  list?: string
  className?: string
}

const FIELD = 'h-7 min-w-0 rounded-2 border border-ctl bg-sunken px-2 text-t1 placeholder:text-t3'

/** Holds what is typed until it is meant. */
function Field({ label, value, onCommit, list, className = '' }: FieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const commit = () => {
    if (draft !== null && draft.trim() !== value) onCommit(draft.trim())
    setDraft(null)
  }
  return (
    <input
      type="text"
      aria-label={label}
      placeholder={label}
      title={label}
      {...(list === undefined ? {} : { list })}
      value={draft ?? value}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape') setDraft(null)
      }}
      className={`${FIELD} ${className}`}
    />
  )
}

function AttributeField({ onAdd }: { onAdd: (attribute: string) => void }) {
  const t = useTranslations('traces')
  const [draft, setDraft] = useState('')
  const add = () => {
    const attribute = parseAttribute(draft)
    if (attribute === null) return
    onAdd(attribute)
    setDraft('')
  }
  const wrong = draft !== '' && parseAttribute(draft) === null
  return (
    <input
      type="text"
      aria-label={t('attribute')}
      placeholder={t('attribute')}
      title={t('attributeHint')}
      aria-invalid={wrong}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={add}
      onKeyDown={(event) => {
        if (event.key === 'Enter') add()
        if (event.key === 'Escape') setDraft('')
      }}
      className={`${FIELD} w-40`}
    />
  )
}
