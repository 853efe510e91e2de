'use client'
import { useTranslations } from 'next-intl'
import { useRef } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Button } from '../ui/button.tsx'
import { useWidth } from '../ui/use-width.ts'
import { nsText } from './span-duration.ts'
import { ticksOf, type TimeWindow } from './time-scale.ts'

const MOST_TICKS = 6
/** Room of a label and the air beside it. */
const TICK_PX = 90

/** Round times above the bars, both ends labelled. */
export function TimeRuler({ window, zoomed, onReset }: { window: TimeWindow; zoomed: boolean; onReset: () => void }) {
  const t = useTranslations('trace')
  const format = useFormat()
  const ruler = useRef<HTMLDivElement>(null)
  const widthPx = useWidth(ruler)
  const ticks = widthPx === 0 ? [] : ticksOf(window, Math.min(MOST_TICKS, Math.max(1, Math.floor(widthPx / TICK_PX))))
  const length = Math.max(1, window.toNs - window.fromNs)
  return (
    <div className="relative flex h-6 flex-none border-b border-line pr-3">
      <div className="flex w-[var(--name-w)] flex-none items-center justify-end px-2">
        {zoomed && (
          <Button look="ghost" small onClick={onReset}>
            {t('zoomReset')}
          </Button>
        )}
      </div>
      <div ref={ruler} className="relative ml-3 min-w-0 flex-1" aria-hidden="true">
        {ticks.map((tick, index) => (
          <span
            key={tick}
            className={`absolute top-[5px] text-10 whitespace-nowrap text-t3 ${index === 0 ? '' : index === ticks.length - 1 ? '-translate-x-full' : '-translate-x-1/2'}`}
            style={{ left: `${((tick - window.fromNs) / length) * 100}%` }}
          >
            {tick === 0 ? '0' : nsText(tick, format)}
          </span>
        ))}
      </div>
    </div>
  )
}
