'use client'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { flushSync } from 'react-dom'
import { accepted, type Suggestion } from './suggestion.ts'

/** What a line was read as; `column` counts from 1. */
export type LineRead = { ok: true } | { ok: false; column: number }

export interface QueryLineOptions<Read extends LineRead> {
  text: string
  read: (text: string) => Read
  suggest: (text: string, caret: number) => readonly Suggestion[]
  onSearch: (read: Extract<Read, { ok: true }>, text: string) => void
  /** Told of what is typed, for suggestions that must be asked for. */
  onType?: ((text: string, caret: number) => void) | undefined
}

/** What is typed, what is offered for it, and what the keys do. */
export function useQueryLine<Read extends LineRead>(options: QueryLineOptions<Read> & { input: RefObject<HTMLInputElement | null> }) {
  const { text, suggest, input, onSearch } = options
  const [draft, setDraft] = useState<string | null>(null)
  const [caret, setCaret] = useState(0)
  const [chosen, setChosen] = useState(-1)
  const [open, setOpen] = useState(false)
  const shown = draft ?? text
  const offered = open ? suggest(shown, caret) : []
  const read = options.read(shown)
  const take = (suggestion: Suggestion | undefined) => {
    if (suggestion === undefined) return
    const next = accepted(shown, caret, suggestion)
    // At once: a key that comes before the next frame is typed behind what was taken.
    flushSync(() => {
      setDraft(next.text)
      setCaret(next.caret)
      setChosen(-1)
    })
    options.onType?.(next.text, next.caret)
    input.current?.setSelectionRange(next.caret, next.caret)
  }
  const search = () => {
    setOpen(false)
    setChosen(-1)
    if (!isRead(read)) return setDraft(shown)
    setDraft(null)
    onSearch(read, shown)
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
    options.onType?.(typed, at)
  }
  const clear = () => {
    setDraft(null)
    const everything = options.read('')
    if (isRead(everything)) onSearch(everything, '')
  }
  const wrong = draft !== null && !isRead(read) && !open ? (read as Extract<Read, { ok: false }>) : null
  return { shown, offered, chosen, wrong, onKeyDown, type, setCaret, take, clear, close: () => setOpen(false) }
}

function isRead<Read extends LineRead>(read: Read): read is Extract<Read, { ok: true }> {
  return read.ok
}

type Action = 'search' | 'take' | 'leave' | 'up' | 'down'

const KEYS: Readonly<Record<string, Action>> = { ArrowDown: 'down', ArrowUp: 'up', Enter: 'search', Escape: 'leave' }

/** With an offer chosen, Enter and Tab take it; ⌘Enter always searches. */
function actionOf({ key, metaKey, ctrlKey }: KeyboardEvent, offerChosen: boolean): Action | null {
  if (offerChosen && (key === 'Tab' || (key === 'Enter' && !metaKey && !ctrlKey))) return 'take'
  return KEYS[key] ?? null
}
