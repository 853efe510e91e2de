'use client'
import type { EdgeCause, EdgeDiff, EdgeEffect } from '@skein/schemas/api/topology-diff'
import { useTranslations } from 'next-intl'
import type { Format } from '../format/format.ts'
import { useFormat } from '../format/use-format.ts'
import { Tag, type TagTone } from '../ui/chip.tsx'
import { type DiffTone, effectText, toneOf } from './diff-picture.ts'

const TONES: Readonly<Record<DiffTone, TagTone>> = { worse: 'bad', better: 'accent', changed: 'marker', new: 'marker', vanished: 'plain' }

/** New, gone, worse, better: what became of an edge, as a word with its colour. */
export function ChangeTag({ edge }: { edge: Pick<EdgeDiff, 'change' | 'effects'> }) {
  const t = useTranslations('map.diff')
  const tone = toneOf(edge)
  return <Tag tone={TONES[tone]}>{t(tone)}</Tag>
}

/** `client p95 69 ms → 842 ms`: each effect from what it was to what it is. */
export function Effects({ effects }: { effects: readonly EdgeEffect[] }) {
  const t = useTranslations('map.diff.measure')
  const format = useFormat()
  return (
    <ul className="grid gap-0.5">
      {effects.map((effect) => (
        <li key={effect.measure} className="flex items-baseline gap-2">
          <span className="w-28 flex-none text-t3">{t(effect.measure)}</span>
          <span className="min-w-0 truncate text-t2">
            {measureText(effect.measure, effect.base, format)} → <b className="font-semibold text-t1">{measureText(effect.measure, effect.now, format)}</b>
          </span>
          <span className={`ml-auto flex-none font-medium ${effect.worse ? 'text-bad-text' : 'text-t2'}`}>{effectText(effect, format)}</span>
        </li>
      ))}
    </ul>
  )
}

/** What happened near in time: likely at an end of the edge, possible next to one. */
export function Causes({ causes }: { causes: readonly EdgeCause[] }) {
  const t = useTranslations('map.diff')
  const format = useFormat()
  if (causes.length === 0) return <p className="text-t3">{t('noCause')}</p>
  return (
    <ul className="grid gap-1">
      {causes.map((cause) => (
        <li key={`${cause.kind} ${cause.time} ${cause.title}`} className="flex min-w-0 items-center gap-1.5">
          <Tag tone="marker" title={cause.title}>
            <span aria-hidden="true">▼</span>
            <span className="max-w-44 truncate">{cause.title}</span>
          </Tag>
          <span className="truncate text-t2">
            {t(`cause.${cause.kind}`)} · {format.clock(Date.parse(cause.time))}
          </span>
          <span className="ml-auto flex-none text-t3">{t(cause.confidence)}</span>
        </li>
      ))}
    </ul>
  )
}

/** A value of a measure with its unit; rates are calls a minute on the wire and calls a second on screen. */
export function measureText(measure: EdgeEffect['measure'], value: number, format: Format): string {
  if (measure === 'rate') return format.text(format.rate(value, 60))
  if (measure === 'errorRate') return format.text(format.share(value, 1))
  return format.text(format.duration(value))
}
