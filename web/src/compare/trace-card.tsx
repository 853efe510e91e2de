'use client'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useRouter } from 'next/navigation'
import { useFormat } from '../format/use-format.ts'
import { PathBar } from '../trace/path-bar.tsx'
import type { TraceReading } from '../trace/reader-client.ts'
import { nsText } from '../trace/span-duration.ts'
import type { TraceModel } from '../trace/trace-model.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { deltaOf } from '../ui/delta.ts'
import { KeyFigure } from '../ui/key-figure.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { Was } from '../ui/was.tsx'
import { useHref } from '../url/view-state.ts'

export interface TraceCardProps {
  side: 'a' | 'b'
  reading: TraceReading
  /** The trace it is held against. */
  was: TraceReading | null
  onClear: () => void
}

function Figures({ model, before }: { model: TraceModel; before: TraceModel | null }) {
  const t = useTranslations('compare')
  const format = useFormat()
  const counted = (now: number, then: number | undefined) =>
    then === undefined ? undefined : <Was value={format.integer(then)} delta={deltaOf(now, then, format)} worse="up" />
  return (
    <div className="flex flex-wrap gap-y-2 py-2.5">
      <KeyFigure
        label={t('duration')}
        figure={format.duration(model.durationNs / 1e6)}
        compare={
          before === null ? (
            format.dateTime(Number(model.originUnixNano / 1_000_000n))
          ) : (
            <Was value={nsText(before.durationNs, format)} delta={deltaOf(model.durationNs, before.durationNs, format)} worse="up" />
          )
        }
      />
      <KeyFigure label={t('spans')} figure={{ value: format.integer(model.spanCount), unit: '' }} compare={counted(model.spanCount, before?.spanCount)} />
      <KeyFigure label={t('errors')} figure={{ value: format.integer(model.errors), unit: '' }} compare={counted(model.errors, before?.errors)} />
      <KeyFigure
        label={t('services')}
        figure={{ value: format.integer(model.services.length), unit: '' }}
        compare={counted(model.services.length, before?.services.length)}
      />
    </div>
  )
}

/** One of the two: what it is, how long, and what it waited for. */
export function TraceCard({ side, reading, was, onClear }: TraceCardProps) {
  const t = useTranslations('compare')
  const format = useFormat()
  const router = useRouter()
  const href = useHref()
  const [lit, setLit] = useState('')
  const { model, traceId } = reading
  return (
    <Card
      title={t(side)}
      sub={
        <ViewLink path="/trace" parameters={{ id: traceId }}>
          <b className="font-semibold">{model.entry?.span?.service ?? ''}</b> {model.entry?.span?.name ?? t('noRoot')}{' '}
          <span className="mono">{traceId.slice(0, 8)}</span>
        </ViewLink>
      }
      end={
        <Button small onClick={onClear}>
          {t('other')}
        </Button>
      }
    >
      <Figures model={model} before={was?.model ?? null} />
      {reading.truncated && <p className="px-3 pb-2 text-degraded-text">{t('truncated', { count: format.integer(model.spanCount) })}</p>}
      <PathBar model={model} lit={lit} onLight={setLit} onSelect={(span) => router.push(href('/trace', { id: traceId, span }))} />
    </Card>
  )
}
