'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import type { TraceReading } from '../trace/reader-client.ts'
import { nsText } from '../trace/span-duration.ts'
import { nameOf } from '../trace/trace-path.ts'
import { Tag } from '../ui/chip.tsx'
import type { Change, MergedNode } from './merge-trees.ts'
import { mostChanged } from './merge-trees.ts'
import { CHANGE_TONES } from './tones.ts'

export interface VerdictProps {
  a: TraceReading
  b: TraceReading
  merged: readonly MergedNode[]
  counts: readonly { change: Change; count: number }[]
}

/** The answer first: how much longer, where most of it is, and how many operations changed. */
export function Verdict({ a, b, merged, counts }: VerdictProps) {
  const t = useTranslations('compare')
  const format = useFormat()
  const deltaNs = b.model.durationNs - a.model.durationNs
  const most = mostChanged(merged)
  const sameEntry = nameOf(a.model.entry?.span) === nameOf(b.model.entry?.span)
  return (
    <div className="flex flex-none flex-wrap items-center gap-2">
      <p className="text-13 font-semibold">
        {t(deltaNs >= 0 ? 'longer' : 'shorter', { time: nsText(Math.abs(deltaNs), format) })}
        {most !== null &&
          ` ${t(most.selfDeltaNs > 0 ? 'mostMore' : 'mostLess', { time: nsText(Math.abs(most.selfDeltaNs), format), span: `${most.service} ${most.name}` })}`}
      </p>
      {!sameEntry && <Tag tone="degraded">{t('otherEntry')}</Tag>}
      {counts
        .filter(({ count }) => count > 0)
        .map(({ change, count }) => (
          <Tag key={change} tone={CHANGE_TONES[change]}>
            {t(`change.${change}`)} {format.integer(count)}
          </Tag>
        ))}
    </div>
  )
}
