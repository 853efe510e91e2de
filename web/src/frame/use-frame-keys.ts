'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { moveRange } from '../url/time-range.ts'
import { useHref, useView } from '../url/view-state.ts'
import { browserNowMs } from './browser-clock.ts'
import { PAGES } from './pages.ts'
import { useTheme } from './preferences.ts'

const SEQUENCE_MS = 1200

/** True while the reader types into something. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** ⌘K or Ctrl-K, wherever the reader is. */
const isPaletteKey = (event: KeyboardEvent): boolean => (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k'

/** Not typed into something, not a key of the browser, not meant for what floats on top. */
const isForPage = (event: KeyboardEvent): boolean =>
  !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) && document.querySelector('dialog[open]') === null

/** Keys of every page: ⌘K or Ctrl-K from anywhere, then while nothing is typed into `?`, `/`, `[`, `]`, `t`, and `g` followed by a page's letter. */
export function useFrameKeys({ openHelp, openPalette }: { openHelp: () => void; openPalette: () => void }): void {
  const router = useRouter()
  const href = useHref()
  const { view, setView } = useView()
  const { cycleTheme } = useTheme()
  const goneAtMs = useRef(Number.NEGATIVE_INFINITY)

  const handlers: Readonly<Record<string, () => void>> = {
    '?': openHelp,
    '/': () => document.querySelector<HTMLElement>('[data-page-search]')?.focus(),
    '[': () => void setView(moveRange(view, -1, browserNowMs())),
    ']': () => void setView(moveRange(view, 1, browserNowMs())),
    t: cycleTheme,
    g: () => {
      goneAtMs.current = browserNowMs()
    },
  }
  const onKey = (event: KeyboardEvent) => {
    if (isPaletteKey(event)) {
      openPalette()
      event.preventDefault()
    }
    if (!isForPage(event)) return
    const inSequence = browserNowMs() - goneAtMs.current < SEQUENCE_MS
    goneAtMs.current = Number.NEGATIVE_INFINITY
    const page = inSequence ? PAGES.find((entry) => entry.key === event.key) : undefined
    if (page !== undefined) router.push(href(page.path))
    else handlers[event.key]?.()
    if (page !== undefined || event.key in handlers) event.preventDefault()
  }
  const latest = useRef(onKey)
  useEffect(() => {
    latest.current = onKey
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
