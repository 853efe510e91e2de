'use client'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import type { Language } from '../format/format.ts'
import { useView } from '../url/view-state.ts'
import { languageOf } from './preferred-language.ts'

export type Theme = 'light' | 'dark' | 'system'
const THEME_KEY = 'skein.theme'
const LANGUAGE_KEY = 'skein.lang'
const EVENT = 'skein-preference'

/** A choice kept in this browser; null when none was made or storage is closed to us. */
function useStored(key: string): readonly [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  )
  const set = useCallback((next: string | null) => write(key, next), [key])
  return [value, set]
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('storage', onChange)
  window.addEventListener(EVENT, onChange)
  return () => {
    window.removeEventListener('storage', onChange)
    window.removeEventListener(EVENT, onChange)
  }
}

function read(key: string): string | null {
  try {
    return window.localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(key)
    else window.localStorage.setItem(key, value)
  } catch {
    // Private windows may refuse storage; the address still holds the choice.
  }
  window.dispatchEvent(new Event(EVENT))
}

/** The address wins, then this browser's choice, then the system. */
export function useTheme(): { theme: Theme; cycleTheme: () => void } {
  const { view, setView } = useView()
  const [stored, setStored] = useStored(THEME_KEY)
  const theme: Theme = view.theme ?? (stored === 'light' || stored === 'dark' ? stored : 'system')
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])
  const cycleTheme = useCallback(() => {
    const next = ({ system: 'light', light: 'dark', dark: 'system' } as const)[theme]
    setStored(next === 'system' ? null : next)
    void setView({ theme: next === 'system' ? null : next }, { history: 'replace' })
  }, [theme, setStored, setView])
  return { theme, cycleTheme }
}

/** The address wins, then this browser's choice, then its language. */
export function useLanguage(): { language: Language; toggleLanguage: () => void } {
  const { view, setView } = useView()
  const [stored, setStored] = useStored(LANGUAGE_KEY)
  const language = view.lang ?? languageOf(stored ?? (typeof navigator === 'undefined' ? 'en' : navigator.language))
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  }, [language])
  const toggleLanguage = useCallback(() => {
    const next = language === 'zh' ? 'en' : 'zh'
    setStored(next)
    void setView({ lang: next }, { history: 'replace' })
  }, [language, setStored, setView])
  return { language, toggleLanguage }
}
