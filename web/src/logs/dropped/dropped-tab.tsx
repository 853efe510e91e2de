'use client'
import { DROP_REASONS, type DropReason, type DropsAnswer } from '@skein/schemas/api/log-rules'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { AnswerGate } from '../../ui/answer-gate.tsx'
import { Card } from '../../ui/card.tsx'
import type { ChartSeries } from '../../ui/chart-options.ts'
import { Tag } from '../../ui/chip.tsx'
import { CsvButton, DataTable } from '../../ui/data-table.tsx'
import { HealthMark } from '../../ui/health-mark.tsx'
import { KeyFigure } from '../../ui/key-figure.tsx'
import { NoteLines } from '../../ui/note-lines.tsx'
import type { TableColumn } from '../../ui/table-column.ts'
import { TimeSeriesChart } from '../../ui/time-series-chart.tsx'
import { ViewLink } from '../../ui/view-link.tsx'
import { useDrops } from './use-drops.ts'

type Group = DropsAnswer['groups'][number]

/** What was dropped, by which rule, why and of whom, over time. */
export function DroppedTab() {
  const drops = useDrops()
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-3 overflow-auto p-3">
      <AnswerGate answer={drops}>{(answer) => <Dropped answer={answer} busy={drops.isPlaceholderData} />}</AnswerGate>
    </div>
  )
}

function Dropped({ answer, busy }: { answer: DropsAnswer; busy: boolean }) {
  const t = useTranslations('logs.dropped')
  const columns = useColumns()
  return (
    <>
      <Figures answer={answer} />
      <NoteLines topic="rules" notes={answer.notes} />
      {answer.groups.length === 0 ? (
        <Card title={t('title')} className="flex-none">
          <p className="flex items-center gap-2 border-t border-line px-3 py-3 text-t2">
            <HealthMark health="ok" />
            {t('nothing')}
          </p>
        </Card>
      ) : (
        <>
          <Card title={t('overTime')} busy={busy} className="flex-none">
            <DropsChart series={answer.series} />
          </Card>
          <Card title={t('title')} sub={t('sub')} className="flex-none" end={<CsvButton name="log-drops" rows={answer.groups} columns={columns} />}>
            <DataTable
              label={t('title')}
              rows={answer.groups}
              columns={columns}
              rowId={(row) => `${row.rule} ${row.version} ${row.reason} ${row.service}`}
              initialSort={{ id: 'bytes', desc: true }}
            />
          </Card>
        </>
      )}
    </>
  )
}

function Figures({ answer }: { answer: DropsAnswer }) {
  const t = useTranslations('logs.dropped')
  const format = useFormat()
  const { total, stored } = answer
  const share = format.share(total.lines, total.lines + stored.lines)
  const of = (reason: DropReason) => answer.groups.filter((group) => group.reason === reason).reduce((sum, { lines }) => sum + lines, 0)
  const broken = of('broken')
  const dead = of('dead_letter')
  return (
    <section className="grid flex-none grid-cols-2 gap-y-2.5 rounded-3 border border-line bg-surface py-2.5 phone:grid-cols-5 phone:[&>*+*]:border-l phone:[&>*]:border-line">
      <KeyFigure label={t('lines')} figure={format.count(total.lines)} compare={t('linesSub', { share: format.text(share) })} />
      <KeyFigure label={t('bytes')} figure={format.bytes(total.bytes)} compare={t('bytesSub')} />
      <KeyFigure label={t('stored')} figure={format.count(stored.lines)} evidence={{ path: '/logs' }} compare={format.text(format.bytes(stored.bytes))} />
      <KeyFigure label={t('deadLetters')} figure={format.count(dead)} compare={t('deadLettersSub')} {...(dead > 0 ? { health: 'bad' as const } : {})} />
      <KeyFigure label={t('broken')} figure={format.count(broken)} compare={t('brokenSub')} {...(broken > 0 ? { health: 'degraded' as const } : {})} />
    </section>
  )
}

const COLORS: Readonly<Record<DropReason, string>> = { drop: 'cat-1', sample: 'cat-5', rate_limit: 'cat-4', dead_letter: 'bad', broken: 'degraded' }

function DropsChart({ series }: { series: DropsAnswer['series'] }) {
  const t = useTranslations('logs.dropped')
  const format = useFormat()
  const { times, lines } = useMemo(() => {
    const reasons = DROP_REASONS.filter((reason) => series.some((step) => step.reasons.some((each) => each.reason === reason)))
    const lines = reasons.map(
      (reason): ChartSeries => ({
        id: reason,
        label: t(`reason.${reason}`),
        color: COLORS[reason],
        values: series.map((step) => step.reasons.find((each) => each.reason === reason)?.lines ?? 0),
      }),
    )
    return { times: series.map(({ time }) => Date.parse(time)), lines }
  }, [series, t])
  return <TimeSeriesChart bars label={t('overTime')} times={times} series={lines} height={140} formatValue={(value) => format.text(format.count(value))} />
}

function useColumns(): readonly TableColumn<Group>[] {
  const t = useTranslations('logs.dropped')
  const column = useTranslations('column')
  const format = useFormat()
  return useMemo(
    () => [
      {
        id: 'rule',
        header: t('rule'),
        value: (row) => row.name,
        cell: (row) => (
          <ViewLink path="/logs" parameters={{ tab: 'rules', rule: row.rule }} className="font-medium">
            {row.name === '' ? row.rule : row.name}
          </ViewLink>
        ),
      },
      { id: 'version', header: column('version'), numeric: true, value: (row) => row.version, cell: (row) => row.version, secondary: true },
      {
        id: 'reason',
        header: t('why'),
        value: (row) => row.reason,
        cell: (row) => <Tag tone={row.reason === 'dead_letter' ? 'bad' : row.reason === 'broken' ? 'degraded' : 'plain'}>{t(`reason.${row.reason}`)}</Tag>,
      },
      { id: 'service', header: column('service'), value: (row) => row.service, cell: (row) => row.service },
      { id: 'lines', header: t('lines'), numeric: true, value: (row) => row.lines, cell: (row) => format.integer(row.lines) },
      { id: 'bytes', header: t('bytes'), numeric: true, value: (row) => row.bytes, cell: (row) => format.text(format.bytes(row.bytes)) },
    ],
    [t, column, format],
  )
}
