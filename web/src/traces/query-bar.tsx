'use client'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import { type QueryRead, readQuery } from './query-text.ts'
import { accepted, type Known, type Suggestion, suggestionsAt } from './suggestions.ts'

export interface QueryBarProps {
  /** The query that is in force. */
  text: string
  known: Known
  onSearch: (read: Extract<QueryRead, { ok: true }>) => void
  /** The trace id in a pasted text, null when it is none. */
  idOf: (text: string) => string | null
  onId: (id: string) => void
}

/** One line for the whole search, in the language of search: ↓ and Enter take what is offered, Enter searches, Esc gives up what was typed. */
export function QueryBar({ text, known, onSearch, idOf, onId }: QueryBarProps) {
  const t = useTranslations('traces.query')
  const list = useId()
  const input = useRef<HTMLInputElement>(null)
  const [draft, setDraft] = useState<string | null>(null)
  const [caret, setCaret] = useState(0)
  const [chosen, setChosen] = useState(-1)
  const [open, setOpen] = useState(false)
  const shown = draft ?? text
  const offered = open ? suggestionsAt(shown, caret, known) : []
  const read = readQuery(shown)
  const wrong = draft !== null && !read.ok && !open ? read : null
  const take = (suggestion: Suggestion) => {
    const next = accepted(shown, caret, suggestion)
    setDraft(next.text)
    setCaret(next.caret)
    setChosen(-1)
    requestAnimationFrame(() => input.current?.setSelectionRange(next.caret, next.caret))
  }
  const search = () => {
    setOpen(false)
    setChosen(-1)
    if (!read.ok) return setDraft(shown)
    setDraft(null)
    onSearch(read)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const act = keyAction(event, { offered, chosen })
    if (act === null) return
    event.preventDefault()
    if (act === 'search') search()
    else if (act === 'close') {
      if (!open) setDraft(null)
      setOpen(false)
    } else if (act === 'take') {
      const suggestion = offered[Math.max(0, chosen)]
      if (suggestion !== undefined) take(suggestion)
    } else setChosen(act)
    if (typeof act === 'number') setOpen(true)
  }
  return (
    <div className="relative min-w-64 flex-1" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}>
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
          onChange={(event) => {
            const id = idOf(event.target.value)
            if (id !== null) return onId(id)
            setDraft(event.target.value)
            setCaret(event.target.selectionStart ?? event.target.value.length)
            setOpen(true)
            setChosen(-1)
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onKeyDown={onKeyDown}
          className={`mono min-w-0 flex-1 bg-transparent text-t1 outline-none placeholder:font-sans placeholder:text-t3 ${wrong === null ? '' : 'underline decoration-bad decoration-wavy'}`}
        />
        {shown === '' ? (
          <kbd>/</kbd>
        ) : (
          <button
            type="button"
            aria-label={t('clear')}
            onClick={() => {
              setDraft(null)
              const empty = readQuery('')
              if (empty.ok) onSearch(empty)
            }}
          >
            <Icon name="close" size={12} />
          </button>
        )}
      </div>
      <ul
        id={list}
        role="listbox"
        aria-label={t('offered')}
        hidden={offered.length === 0}
        className="absolute inset-x-0 top-8 z-[var(--z-pop)] max-h-72 overflow-auto rounded-3 border border-line bg-raised p-1 shadow-[var(--shadow-2)]"
      >
        {offered.map((suggestion, index) => (
          <li
            key={suggestion.text}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onPointerDown={(event) => {
              event.preventDefault()
              take(suggestion)
            }}
            className={`mono flex cursor-pointer justify-between gap-3 truncate rounded-2 px-2 py-1 ${index === chosen ? 'bg-selected' : 'hover:bg-hover'}`}
          >
            <span className="truncate">{suggestion.text}</span>
            <span className="font-sans text-t3">{t(suggestion.kind)}</span>
          </li>
        ))}
      </ul>
      {wrong !== null && (
        <p role="alert" className="absolute top-8 left-0 z-[var(--z-pop)] rounded-2 border border-line bg-bad-bg px-2 py-1 text-bad-text">
          {t(`fault.${wrong.reason}`, { column: wrong.column, detail: wrong.detail })}
        </p>
      )}
    </div>
  )
}

type KeyAction = 'search' | 'take' | 'close' | number

/** What a key means: the place of the next offer, or what to do. */
function keyAction(event: KeyboardEvent, { offered, chosen }: { offered: readonly Suggestion[]; chosen: number }): KeyAction | null {
  switch (event.key) {
    case 'ArrowDown':
      return Math.min(Math.max(0, offered.length - 1), chosen + 1)
    case 'ArrowUp':
      return chosen < 0 ? null : chosen - 1
    case 'Tab':
      return offered.length > 0 && chosen >= 0 ? 'take' : null
    case 'Enter':
      return chosen >= 0 && offered.length > 0 && !event.metaKey && !event.ctrlKey ? 'take' : 'search'
    case 'Escape':
      return 'close'
    default:
      return null
  }
}
