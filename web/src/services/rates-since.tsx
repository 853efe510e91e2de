'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { shorterFrom } from '../url/time-range.ts'
import { useView } from '../url/view-state.ts'
import type { RatedWindow } from './rated-window.ts'

/** Says that rates leave out the part of the window before the first data, and leads to a shorter window that data fills; nothing where data fills it. */
export function RatesSince({ rated }: { rated: RatedWindow }) {
  const t = useTranslations('rates')
  const format = useFormat()
  const { view, setView } = useView()
  if (rated.sinceMs === null) return null
  const text = t('since', { time: format.clockSeconds(rated.sinceMs) })
  const from = shorterFrom(view, rated.sinceMs, browserNowMs())
  if (from === null) {
    return (
      <span className="whitespace-nowrap" title={t('why')}>
        {text}
      </span>
    )
  }
  return (
    <button
      type="button"
      className="inline-flex min-h-6 cursor-pointer items-center whitespace-nowrap underline decoration-dotted underline-offset-2 hover:text-t1"
      title={`${t('why')} ${t('shorter')}`}
      onClick={() => void setView({ from })}
    >
      {text}
    </button>
  )
}
