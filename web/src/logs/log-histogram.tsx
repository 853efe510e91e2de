'use client'
import type { LogHistogramAnswer } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import type { ChartSeries } from '../ui/chart-options.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { LogNotes } from './log-notes.tsx'
import { type LogConditions, useLogHistogram } from './questions.ts'
import { SEVERITIES_BY_WEIGHT, severityColor } from './severity-look.tsx'

const HEIGHT_PX = 96

/** Lines over time by how severe they are; a drag selects a range of time. */
export function LogHistogram({ conditions }: { conditions: LogConditions }) {
  const answer = useLogHistogram(conditions)
  return (
    <div className="relative min-h-[146px] flex-none border-b border-line pt-1.5">
      {answer.isPlaceholderData && <div className="busy-line" aria-hidden="true" />}
      <AnswerGate answer={answer} skeleton={<Skeleton height={110} />}>
        {(data) => <Bars data={data} />}
      </AnswerGate>
    </div>
  )
}

function Bars({ data }: { data: LogHistogramAnswer }) {
  const t = useTranslations('logs')
  const format = useFormat()
  const series = useMemo(() => severitySeries(data), [data])
  const step = format.text(format.duration(data.stepSeconds * 1000))
  return (
    <>
      <div className="flex items-center gap-2 px-3">
        <h2 className="text-12">{t('histogram', { step })}</h2>
        <span className="text-t3">{t('total', { count: format.text(format.count(data.total)) })}</span>
        <span className="ml-auto">
          <LogNotes notes={data.notes} />
        </span>
      </div>
      <TimeSeriesChart
        bars
        label={t('histogram', { step })}
        times={data.timesMs}
        series={series}
        height={HEIGHT_PX}
        formatValue={(value) => format.text(format.count(value))}
      />
    </>
  )
}

/** The classes that occur, the worst at the foot; named as on the wire. */
function severitySeries({ lines }: LogHistogramAnswer): ChartSeries[] {
  return SEVERITIES_BY_WEIGHT.flatMap((severity) => {
    const values = lines[severity]
    return values === undefined ? [] : [{ id: severity, label: severity.toUpperCase(), values, color: severityColor(severity) }]
  })
}
