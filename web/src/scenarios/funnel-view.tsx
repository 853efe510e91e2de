'use client'
import type { BlamedNode, Cohort, FunnelAnswer, ScenarioView } from '@skein/schemas/api/scenarios'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { FunnelFigures } from './funnel-figures.tsx'
import { FunnelStrip } from './funnel-strip.tsx'
import { useBaseFunnel, useFunnel } from './questions.ts'

/** The funnel over the window: steps, over time, who is to blame, who is lost. */
export function FunnelView({ scenario }: { scenario: ScenarioView }) {
  const t = useTranslations('scenarios')
  const funnel = useFunnel(scenario.id)
  const before = useBaseFunnel(scenario.id)
  const withCount = (hint: string, { notes }: FunnelAnswer, code: 'sampled_runs' | 'sampled_cohorts') => {
    const note = notes.find((each) => each.code === code)
    return note === undefined ? hint : `${hint} · ${t(`note.${code}`, { count: note.count })}`
  }
  return (
    <AnswerGate answer={funnel} skeleton={<Skeleton rows={10} />}>
      {(answer) => (
        <>
          <Card className="flex-none" busy={funnel.isPlaceholderData}>
            <FunnelFigures answer={answer} id={scenario.id} before={before} />
            <FunnelStrip answer={answer} id={scenario.id} before={before} />
            {answer.starts === 0 && <p className="border-t border-line p-3 text-t2">{t('noStarts', { step: scenario.definition.steps[0]?.name ?? '' })}</p>}
          </Card>
          <Card title={t('overTime')} className="flex-none">
            <OverTime answer={answer} />
          </Card>
          <div className="grid flex-none gap-3 wide:grid-cols-2">
            <Card title={t('blamed')} sub={withCount(t('blamedHint'), answer, 'sampled_runs')}>
              <Blamed id={scenario.id} rows={answer.blamed} />
            </Card>
            <Card title={t('cohorts')} sub={withCount(t('cohortsHint'), answer, 'sampled_cohorts')}>
              <Cohorts id={scenario.id} rows={answer.cohorts} />
            </Card>
          </div>
        </>
      )}
    </AnswerGate>
  )
}

function OverTime({ answer }: { answer: FunnelAnswer }) {
  const t = useTranslations('scenarios')
  const format = useFormat()
  const chart = useMemo(
    () => ({
      times: answer.series.map((point) => Date.parse(point.time)),
      series: [
        { id: 'starts', label: t('starts'), color: 'cat-1', values: answer.series.map((point) => point.starts) },
        { id: 'successes', label: t('successes'), color: 'cat-5', values: answer.series.map((point) => point.successes) },
      ],
    }),
    [answer, t],
  )
  return <TimeSeriesChart label={t('overTime')} times={chart.times} series={chart.series} formatValue={(value) => format.text(format.count(value))} />
}

function Blamed({ id, rows }: { id: string; rows: readonly BlamedNode[] }) {
  const t = useTranslations('scenarios')
  const format = useFormat()
  const columns = useMemo(
    (): readonly TableColumn<BlamedNode>[] => [
      { id: 'node', header: t('column.node'), value: (row) => row.node.name, cell: (row) => <BlamedPlace row={row} /> },
      { id: 'operation', header: t('column.operation'), value: (row) => row.operation, cell: (row) => row.operation },
      { id: 'part', header: t('column.part'), value: (row) => row.part, cell: (row) => t(`part.${row.part}`) },
      { id: 'failed', header: t('outcome.failed'), numeric: true, value: (row) => row.failedRuns, cell: (row) => format.integer(row.failedRuns) },
      { id: 'slow', header: t('outcome.slow'), numeric: true, value: (row) => row.slowRuns, cell: (row) => format.integer(row.slowRuns) },
      { id: 'self', header: t('column.self'), numeric: true, value: (row) => row.selfMs, cell: (row) => format.text(format.duration(row.selfMs)) },
      {
        id: 'example',
        header: t('column.example'),
        cell: (row) =>
          row.exemplars[0] === undefined ? (
            '–'
          ) : (
            <ViewLink path="/replay" parameters={{ scenario: id, run: row.exemplars[0].run }}>
              {t('replay')}
              <span className="sr-only">
                {' '}
                {row.node.name} {row.operation}
              </span>
            </ViewLink>
          ),
      },
    ],
    [t, format, id],
  )
  const rowId = (row: BlamedNode) => JSON.stringify([row.node, row.operation, row.part, row.edge])
  return rows.length === 0 ? <Nothing text={t('noBlamed')} /> : <DataTable label={t('blamed')} rows={rows} columns={columns} rowId={rowId} />
}

/** Of what lies between two nodes both are named, the one to blame stands out. */
function BlamedPlace({ row: { node, edge } }: { row: BlamedNode }) {
  const end = (of: BlamedNode['node']) => (of.kind === node.kind && of.name === node.name ? <b className="font-medium">{of.name}</b> : of.name)
  if (edge === null) return end(node)
  return (
    <span className="text-t2">
      {end(edge.source)} → {end(edge.target)}
    </span>
  )
}

function Cohorts({ id, rows }: { id: string; rows: readonly Cohort[] }) {
  const t = useTranslations('scenarios')
  const format = useFormat()
  const columns = useMemo(
    (): readonly TableColumn<Cohort>[] => [
      {
        id: 'cohort',
        header: t('column.cohort'),
        value: (row) => `${row.key} ${row.value}`,
        cell: (row) => (
          <ViewLink path="/replay" parameters={{ scenario: id, cohort: `${row.key}:${row.value}` }} title={`${row.key}:${row.value}`}>
            <span className="text-t3">{row.key}</span> <b className="font-medium text-t1">{row.value}</b>
          </ViewLink>
        ),
      },
      { id: 'lost', header: t('column.lostShare'), numeric: true, value: (row) => row.lostShare, cell: (row) => format.text(format.share(row.lostShare, 1)) },
      {
        id: 'other',
        header: t('column.otherShare'),
        numeric: true,
        value: (row) => row.otherShare,
        cell: (row) => format.text(format.share(row.otherShare, 1)),
      },
      {
        id: 'conversion',
        header: t('conversion'),
        numeric: true,
        value: (row) => row.conversion,
        cell: (row) => format.text(format.share(row.successes, row.runs)),
      },
      { id: 'runs', header: t('column.runs'), numeric: true, secondary: true, value: (row) => row.runs, cell: (row) => format.integer(row.runs) },
    ],
    [t, format, id],
  )
  const rowId = (row: Cohort) => `${row.key}:${row.value}`
  return rows.length === 0 ? <Nothing text={t('noCohorts')} /> : <DataTable label={t('cohorts')} rows={rows} columns={columns} rowId={rowId} />
}

function Nothing({ text }: { text: string }) {
  return <p className="px-3 pb-3 text-t2">{text}</p>
}
