'use client'
import type { IntakeAnswer } from '@skein/schemas/api/intake'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Card } from '../ui/card.tsx'
import type { ChartSeries } from '../ui/chart-options.ts'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { intakeLines } from './intake-lines.ts'

/** Accepted spans and log lines, and what was refused and dropped, by minute. */
export function IntakeSeries({ intake, nowMs, busy }: { intake: IntakeAnswer; nowMs: number; busy: boolean }) {
  const t = useTranslations('intake')
  const format = useFormat()
  const { series } = intake
  const { times, lines } = useMemo(() => {
    const { times, spans, logRecords, refused, dropped } = intakeLines(series, nowMs)
    const lines: ChartSeries[] = [
      { id: 'spans', label: t('spans'), values: spans, color: 'cat-1', filled: true },
      { id: 'logRecords', label: t('logLines'), values: logRecords, color: 'cat-3' },
      { id: 'refused', label: t('refused'), values: refused, color: 'cat-4' },
      { id: 'dropped', label: t('dropped'), values: dropped, color: 'cat-7', dashed: true },
    ]
    return { times, lines }
  }, [series, nowMs, t])
  return (
    <Card title={t('perMinute')} busy={busy}>
      <TimeSeriesChart label={t('perMinute')} times={times} series={lines} height={180} formatValue={(value) => format.text(format.count(value))} />
    </Card>
  )
}
