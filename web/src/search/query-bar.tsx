'use client'
import { useTranslations } from 'next-intl'
import { useId, useRef, useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import { queryTokens, type QueryToken } from './query-tokens.ts'
import type { Suggestion } from './suggestion.ts'
import { type LineRead, type QueryLineOptions, useQueryLine } from './use-query-line.ts'

export type QueryBarProps<Read extends LineRead> = QueryLineOptions<Read> & {
  label: string
  placeholder: string
  /** What is wrong, in the reader's language. */
  fault: (wrong: Extract<Read, { ok: false }>) => string
  /** Looks at what is typed or pasted before it is taken as a search; true when it was something else, such as an id. */
  onPasted?: (text: string) => boolean
}

/** One line for the whole search, in the language of search: ↓ and Enter take what is offered, Enter searches, Esc gives up what was typed. */
export function QueryBar<Read extends LineRead>({ label, placeholder, fault, onPasted, ...options }: QueryBarProps<Read>) {
  const t = useTranslations('search')
  const list = useId()
  const input = useRef<HTMLInputElement>(null)
  const [scrolled, setScrolled] = useState(0)
  const line = useQueryLine({ ...options, input })
  const { shown, offered, chosen, wrong } = line
  return (
    <div className="relative min-w-64 flex-1" onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || line.close()}>
      <div className="flex h-7 items-center gap-[7px] rounded-2 border border-ctl bg-sunken px-2 text-t3 has-focus-visible:outline-2 has-focus-visible:outline-focus">
        <Icon name="search" size={14} />
        <div className="relative min-w-0 flex-1 self-stretch">
          <Coloured text={shown} from={wrong?.column ?? null} scrolled={scrolled} />
          <input
            ref={input}
            data-page-search
            type="text"
            role="combobox"
            aria-label={label}
            aria-expanded={offered.length > 0}
            aria-controls={list}
            aria-autocomplete="list"
            aria-invalid={wrong !== null}
            {...(chosen >= 0 ? { 'aria-activedescendant': `${list}-${chosen}` } : {})}
            spellCheck={false}
            autoComplete="off"
            placeholder={placeholder}
            value={shown}
            onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollLeft)}
            onChange={({ target }) => {
              if (onPasted?.(target.value) === true) return
              line.type(target.value, target.selectionStart ?? target.value.length)
            }}
            onSelect={(event) => line.setCaret(event.currentTarget.selectionStart ?? 0)}
            onKeyDown={line.onKeyDown}
            className="mono relative h-full w-full bg-transparent text-t1 caret-t1 outline-none [-webkit-text-fill-color:transparent] placeholder:font-sans placeholder:text-t3 placeholder:[-webkit-text-fill-color:var(--text-3)]"
          />
        </div>
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
          {fault(wrong)}
        </p>
      )}
    </div>
  )
}

const TONES: Readonly<Record<QueryToken['kind'], string>> = { field: 'text-accent-text', operator: 'text-t3', text: 'text-ok-text', plain: 'text-t1' }

/** What is typed, in colours, behind the input that takes the keys; from a fault on it is underlined. */
function Coloured({ text, from, scrolled }: { text: string; from: number | null; scrolled: number }) {
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-0 overflow-hidden">
      <div className="mono flex h-full items-center whitespace-pre" style={{ transform: `translateX(${-scrolled}px)` }}>
        {queryTokens(text).map(({ text: part, kind, column }) => (
          <span key={column} className={`${TONES[kind]} ${from !== null && column + part.length > from ? 'underline decoration-bad decoration-wavy' : ''}`}>
            {part}
          </span>
        ))}
        {from !== null && from > text.length && <span className="text-bad-text underline decoration-bad decoration-wavy">{'\u00a0'}</span>}
      </div>
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
  const t = useTranslations('search')
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
          <span className="font-sans text-t3">{suggestion.hint ?? t(suggestion.kind)}</span>
        </li>
      ))}
    </ul>
  )
}
