'use client'
import { useCallback, useEffect } from 'react'
import type { Language } from '../format/format.ts'
import { useView } from '../url/view-state.ts'
import { languageOf } from './preferred-language.ts'
import { useStored } from './use-stored.ts'

export const THEMES = ['light', 'dark', 'system'] as const
export type Theme = (typeof THEMES)[number]
const THEME_KEY = 'skein.theme'
const LANGUAGE_KEY = 'skein.lang'

/** The address wins, then this browser's choice, then the system. */
export function useTheme(): { theme: Theme; setTheme: (theme: Theme) => void; cycleTheme: () => void } {
  const { view, setView } = useView()
  const [stored, setStored] = useStored(THEME_KEY)
  const theme: Theme = view.theme ?? (stored === 'light' || stored === 'dark' ? stored : 'system')
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
  }, [theme])
  const setTheme = useCallback(
    (next: Theme) => {
      setStored(next === 'system' ? null : next)
      void setView({ theme: next === 'system' ? null : next }, { history: 'replace' })
    },
    [setStored, setView],
  )
  const cycleTheme = useCallback(() => setTheme(({ system: 'light', light: 'dark', dark: 'system' } as const)[theme]), [theme, setTheme])
  return { theme, setTheme, cycleTheme }
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
