'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { RELATIVE_RANGES, resolveRange } from '../url/time-range.ts'
import { useView } from '../url/view-state.ts'
import { browserNowMs } from './browser-clock.ts'

/** The window in words that fit into a sentence. */
export function useRangeText(): string {
  const t = useTranslations('span')
  const format = useFormat()
  const { view } = useView()
  const known = RELATIVE_RANGES.find((range) => range === view.from)
  if (known !== undefined && view.to === 'now') return t(known)
  const { startMs, endMs } = resolveRange(view, browserNowMs())
  return `${format.dateTime(startMs)} – ${format.dateTime(endMs)}`
}
