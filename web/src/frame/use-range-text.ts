'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { isRelative, readable, RELATIVE_RANGES, resolveRange } from '../url/time-range.ts'
import { useView } from '../url/view-state.ts'
import { browserNowMs } from './browser-clock.ts'

/** The window in words that fit into a sentence. */
export function useRangeText(): string {
  const t = useTranslations('span')
  const format = useFormat()
  const { view } = useView()
  const range = readable(view)
  const known = RELATIVE_RANGES.find((each) => each === range.from)
  if (known !== undefined && range.to === 'now') return t(known)
  const { startMs, endMs } = resolveRange(range, browserNowMs())
  if (isRelative(range)) return t('last', { length: format.text(format.duration(endMs - startMs)) })
  return `${format.dateTime(startMs)} – ${format.dateTime(endMs)}`
}
