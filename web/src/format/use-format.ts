'use client'
import { useLocale } from 'next-intl'
import { useMemo } from 'react'
import { useView } from '../url/view-state.ts'
import { createFormat } from './format.ts'
import type { Format } from './format.ts'

/** Numbers and times in the language and time zone of the page. */
export function useFormat(): Format {
  const locale = useLocale()
  const { view } = useView()
  const timeZone = view.tz === 'utc' ? 'UTC' : undefined
  return useMemo(() => createFormat({ language: locale === 'zh' ? 'zh' : 'en', timeZone }), [locale, timeZone])
}
