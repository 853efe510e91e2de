'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormat } from '../format/use-format.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { nsText } from './span-duration.ts'
import type { TraceModel } from './trace-model.ts'

/** When, how long, how many spans, services and errors. */
export function TraceFacts({ model }: { model: TraceModel }) {
  const t = useTranslations('trace')
  const format = useFormat()
  const startMs = Number(model.originUnixNano / 1_000_000n)
  const isToday = format.day(startMs) === format.day(browserNowMs())
  return (
    <ul className="flex flex-wrap items-center gap-2">
      <Fact>
        <b>{nsText(model.durationNs, format)}</b> {t('total')}
      </Fact>
      <Fact title={format.dateTime(startMs)}>{isToday ? format.clockSeconds(startMs) : format.dateTime(startMs)}</Fact>
      <Fact>{t.rich('spans', { count: model.spanCount, b: bold })}</Fact>
      <Fact>{t.rich('services', { count: model.services.length, b: bold })}</Fact>
      <Fact>
        {model.errors > 0 && <HealthMark health="bad" size={10} />}
        {t.rich('errors', { count: model.errors, b: bold })}
      </Fact>
    </ul>
  )
}

const bold = (chunks: ReactNode) => <b>{chunks}</b>

function Fact({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <li
      title={title}
      className="inline-flex h-[22px] items-center gap-[5px] rounded-1 border border-line bg-sunken px-[7px] text-11 font-medium whitespace-nowrap text-t2 [&_b]:font-semibold [&_b]:text-t1"
    >
      {children}
    </li>
  )
}
