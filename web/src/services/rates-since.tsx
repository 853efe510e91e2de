'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import type { RatedWindow } from './rated-window.ts'

/** Says that rates leave out the part of the window before the first data; nothing where data fills it. */
export function RatesSince({ rated }: { rated: RatedWindow }) {
  const t = useTranslations('rates')
  const format = useFormat()
  if (rated.sinceMs === null) return null
  return (
    <span className="whitespace-nowrap" title={t('why')}>
      {t('since', { time: format.clockSeconds(rated.sinceMs) })}
    </span>
  )
}
