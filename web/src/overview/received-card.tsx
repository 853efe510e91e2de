'use client'
import type { StatusAnswer } from '@skein/schemas/api/status'
import type { Health } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { ReactNode } from 'react'
import type { Answer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import type { IntakeLines } from '../intake/intake-lines.ts'
import { useLogHistogram } from '../logs/questions.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import type { ChartSeries } from '../ui/chart-options.ts'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { ViewLink } from '../ui/view-link.tsx'

/** The platform about itself: does it take, keep and show what is sent? */
export function ReceivedCard({ status, intake }: { status: Answer<StatusAnswer>; intake: IntakeLines | null }) {
  const t = useTranslations('overview')
  return (
    <Card title={t('received')} sub={t('receivedSub')} end={<ViewLink path="/intake">{t('openIntake')}</ViewLink>}>
      {intake !== null && <ReceivedChart intake={intake} />}
      <AnswerGate answer={status}>{(data) => <Received status={data} />}</AnswerGate>
    </Card>
  )
}

function ReceivedChart({ intake }: { intake: IntakeLines }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const name = useTranslations('intake')
  const { times, spans, logRecords } = intake
  const label = t('perMinute')
  const lines = useMemo(
    (): ChartSeries[] => [
      { id: 'spans', label: name('spans'), values: spans, color: 'cat-1', filled: true },
      { id: 'logRecords', label: name('logLines'), values: logRecords, color: 'cat-3' },
    ],
    [spans, logRecords, name],
  )
  return <TimeSeriesChart label={label} times={times} series={lines} height={110} formatValue={(value) => format.text(format.count(value))} />
}

function Received({ status }: { status: StatusAnswer }) {
  const t = useTranslations('overview')
  const warnings = useTranslations('notes.warnings')
  const format = useFormat()
  const since = status.store.since
  const away = since === null ? t('away') : t('awaySince', { time: format.clockSeconds(Date.parse(since)) })
  const records = (count: number | null) => (count === null ? t('unknown') : t('records', { count: format.text(format.count(count)) }))
  const newest = () => {
    if (status.newestData !== null) return format.dateTime(Date.parse(status.newestData))
    return status.store.ok ? t('none') : t('unknown')
  }
  return (
    <>
      <dl>
        <Line name={t('store')} health={status.store.ok ? 'ok' : 'bad'}>
          {status.store.ok ? t('answers') : away}
        </Line>
        <Line name={t('log')} health={status.log.ok ? 'ok' : 'bad'}>
          {status.log.ok ? t('answers') : t('away')}
        </Line>
        <Line name={t('lag')}>{records(status.log.lagRecords)}</Line>
        <Line name={t('newest')}>{newest()}</Line>
        <LogsLine />
        <Line name={t('refused')}>{records(status.store.ok ? status.refusedLastHour : null)}</Line>
      </dl>
      {status.warnings.map((warning) => (
        <p key={warning.code} className="m-3 mb-0 flex items-start gap-2 rounded-2 bg-degraded-bg px-2.5 py-[7px] text-t2">
          <Icon name="warn" className="mt-px text-degraded" />
          <span className="min-w-0 break-words">{warnings(warning.code)}</span>
        </p>
      ))}
      <p className="px-3 py-2.5 text-11 text-t3">{t('promise', { version: status.version, mode: status.mode })}</p>
    </>
  )
}

/** Lines that came in, and how many of them tell of errors. */
function LogsLine() {
  const t = useTranslations('overview')
  const format = useFormat()
  const { data } = useLogHistogram(EVERY_LINE)
  if (data === undefined) return null
  const sum = (of: readonly number[] | undefined) => (of ?? []).reduce((all, lines) => all + lines, 0)
  const errors = sum(data.lines.error) + sum(data.lines.fatal)
  return (
    <Line name={t('logsReceived')}>
      <ViewLink path="/logs" parameters={{ q: errors > 0 ? 'severity>=error' : undefined }}>
        {data.total === 0 ? t('logsNone') : t('logsValue', { lines: format.text(format.count(data.total)), errors: format.text(format.count(errors)) })}
      </ViewLink>
    </Line>
  )
}

const EVERY_LINE = { q: '' }

function Line({ name, health, children }: { name: string; health?: Health; children: ReactNode }) {
  return (
    <div className="flex min-h-7 items-center gap-2 border-t border-line px-3 py-1">
      <dt className="flex-none text-t2">{name}</dt>
      <dd className="ml-auto flex min-w-0 items-center gap-1.5 text-right">
        {health !== undefined && <HealthMark health={health} size={10} />}
        {children}
      </dd>
    </div>
  )
}
