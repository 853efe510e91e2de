'use client'
import { useTranslations } from 'next-intl'
import { useId, useRef } from 'react'
import { Icon } from '../ui/icon.tsx'
import type { Suggestion } from './suggestions.ts'
import { type QueryLineOptions, useQueryLine } from './use-query-line.ts'

export interface QueryBarProps extends Omit<QueryLineOptions, 'input'> {
  /** The trace id in a pasted text, null when it is none. */
  idOf: (text: string) => string | null
  onId: (id: string) => void
}

/** One line for the whole search, in the language of search: ↓ and Enter take what is offered, Enter searches, Esc gives up what was typed. */
export function QueryBar({ idOf, onId, ...options }: QueryBarProps) {
  const t = useTranslations('traces.query')
  const list = useId()
  const input = useRef<HTMLInputElement>(null)
  const line = useQueryLine({ ...options, input })
  const { shown, offered, chosen, wrong } = line
  return (
    <div className="relative min-w-64 flex-1" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || line.close()}>
      <div className="flex h-7 items-center gap-[7px] rounded-2 border border-ctl bg-sunken px-2 text-t3 has-focus-visible:outline-2 has-focus-visible:outline-focus">
        <Icon name="search" size={14} />
        <input
          ref={input}
          data-page-search
          type="text"
          role="combobox"
          aria-label={t('label')}
          aria-expanded={offered.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-invalid={wrong !== null}
          {...(chosen >= 0 ? { 'aria-activedescendant': `${list}-${chosen}` } : {})}
          spellCheck={false}
          autoComplete="off"
          placeholder={t('placeholder')}
          value={shown}
          onChange={({ target }) => {
            const id = idOf(target.value)
            if (id === null) line.type(target.value, target.selectionStart ?? target.value.length)
            else onId(id)
          }}
          onSelect={(event) => line.setCaret(event.currentTarget.selectionStart ?? 0)}
          onKeyDown={line.onKeyDown}
          className={`mono min-w-0 flex-1 bg-transparent text-t1 outline-none placeholder:font-sans placeholder:text-t3 ${wrong === null ? '' : 'underline decoration-bad decoration-wavy'}`}
        />
        {shown === '' ? (
          <kbd>/</kbd>
        ) : (
          <button type="button" aria-label={t('clear')} onClick={line.clear}>
            <Icon name="close" size={12} />
          </button>
        )}
      </div>
      <Offers id={list} offered={offered} chosen={chosen} onTake={line.take} />
      {wrong !== null && (
        <p role="alert" className="absolute top-8 left-0 z-[var(--z-pop)] rounded-2 border border-line bg-bad-bg px-2 py-1 text-bad-text">
          {t(`fault.${wrong.reason}`, { column: wrong.column, detail: wrong.detail })}
        </p>
      )}
    </div>
  )
}

interface OffersProps {
  id: string
  offered: readonly Suggestion[]
  chosen: number
  onTake: (suggestion: Suggestion) => void
}

function Offers({ id, offered, chosen, onTake }: OffersProps) {
  const t = useTranslations('traces.query')
  return (
    <ul
      id={id}
      role="listbox"
      aria-label={t('offered')}
      hidden={offered.length === 0}
      className="absolute inset-x-0 top-8 z-[var(--z-pop)] max-h-72 overflow-auto rounded-3 border border-line bg-raised p-1 shadow-[var(--shadow-2)]"
    >
      {offered.map((suggestion, index) => (
        <li
          key={suggestion.text}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onPointerDown={(event) => {
            event.preventDefault()
            onTake(suggestion)
          }}
          className={`mono flex cursor-pointer justify-between gap-3 truncate rounded-2 px-2 py-1 ${index === chosen ? 'bg-selected' : 'hover:bg-hover'}`}
        >
          <span className="truncate">{suggestion.text}</span>
          <span className="font-sans text-t3">{t(suggestion.kind)}</span>
        </li>
      ))}
    </ul>
  )
}
