'use client'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { flushSync } from 'react-dom'
import { type QueryRead, readQuery } from './query-text.ts'
import { accepted, type Known, type Suggestion, suggestionsAt } from './suggestions.ts'

export interface QueryLineOptions {
  text: string
  known: Known
  input: RefObject<HTMLInputElement | null>
  onSearch: (read: Extract<QueryRead, { ok: true }>) => void
}

/** What is typed, what is offered for it, and what the keys do. */
export function useQueryLine({ text, known, input, onSearch }: QueryLineOptions) {
  const [draft, setDraft] = useState<string | null>(null)
  const [caret, setCaret] = useState(0)
  const [chosen, setChosen] = useState(-1)
  const [open, setOpen] = useState(false)
  const shown = draft ?? text
  const offered = open ? suggestionsAt(shown, caret, known) : []
  const read = readQuery(shown)
  const take = (suggestion: Suggestion | undefined) => {
    if (suggestion === undefined) return
    const next = accepted(shown, caret, suggestion)
    // At once: a key that comes before the next frame is typed behind what was taken.
    flushSync(() => {
      setDraft(next.text)
      setCaret(next.caret)
      setChosen(-1)
    })
    input.current?.setSelectionRange(next.caret, next.caret)
  }
  const search = () => {
    setOpen(false)
    setChosen(-1)
    if (!read.ok) return setDraft(shown)
    setDraft(null)
    onSearch(read)
  }
  const leave = () => {
    if (!open) setDraft(null)
    setOpen(false)
  }
  const choose = (place: number) => {
    setChosen(place)
    setOpen(true)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const act = actionOf(event, offered.length > 0 && chosen >= 0)
    if (act === null) return
    event.preventDefault()
    if (act === 'search') search()
    else if (act === 'leave') leave()
    else if (act === 'take') take(offered[chosen])
    else choose(Math.max(-1, Math.min(offered.length - 1, act === 'down' ? chosen + 1 : chosen - 1)))
  }
  const type = (typed: string, at: number) => {
    setDraft(typed)
    setCaret(at)
    setOpen(true)
    setChosen(-1)
  }
  const clear = () => {
    setDraft(null)
    const everything = readQuery('')
    if (everything.ok) onSearch(everything)
  }
  const wrong = draft !== null && !read.ok && !open ? read : null
  return { shown, offered, chosen, wrong, onKeyDown, type, setCaret, take, clear, close: () => setOpen(false) }
}

type Action = 'search' | 'take' | 'leave' | 'up' | 'down'

const KEYS: Readonly<Record<string, Action>> = { ArrowDown: 'down', ArrowUp: 'up', Enter: 'search', Escape: 'leave' }

/** With an offer chosen, Enter and Tab take it; ⌘Enter always searches. */
function actionOf({ key, metaKey, ctrlKey }: KeyboardEvent, offerChosen: boolean): Action | null {
  if (offerChosen && (key === 'Tab' || (key === 'Enter' && !metaKey && !ctrlKey))) return 'take'
  return KEYS[key] ?? null
}
