'use client'
import { RUN_OUTCOMES, type RunsAnswer, type ScenarioRun, type ScenarioView } from '@skein/schemas/api/scenarios'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { LoadMore, NewRows } from '../ui/held-list.tsx'
import { Segmented } from '../ui/segmented.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { useHeld } from '../ui/use-held.ts'
import { ViewLink } from '../ui/view-link.tsx'
import { type RunChoice, useRuns } from './questions.ts'
import { EVERY_STEP } from './url.ts'

const HEALTH = { ok: 'ok', slow: 'degraded', failed: 'bad', lost: 'degraded', open: 'unknown' } as const

const runsOf = (pages: readonly RunsAnswer[]): ScenarioRun[] => pages.flatMap((page) => page.runs)
const idsOf = (pages: readonly RunsAnswer[]): readonly string[] => runsOf(pages).map(({ id }) => id)

interface RunsViewProps {
  scenario: ScenarioView
  choice: RunChoice
  onChoice: (choice: Partial<RunChoice>) => void
}

/** The newest runs, by outcome and by what became of a step; each leads to its replay. */
export function RunsView({ scenario, choice, onChoice }: RunsViewProps) {
  const t = useTranslations('scenarios')
  const runs = useRuns(scenario.id, choice)
  const held = useHeld(runs, { reading: false, idsOf })
  const rows = useMemo(() => runsOf(held.pages), [held.pages])
  const columns = useRunColumns(scenario)
  return (
    <Card className="min-h-0 flex-1" busy={runs.isPlaceholderData}>
      <div className="flex flex-none flex-wrap items-center gap-2 p-3">
        <Segmented
          label={t('outcomes')}
          value={choice.outcome}
          onChange={(outcome) => onChoice({ outcome })}
          options={(['all', ...RUN_OUTCOMES] as const).map((value) => ({ value, label: t(`outcome.${value}`) }))}
        />
        {choice.step !== '' && <Chip name={choice.step} value={t(`fate.${choice.fate}`)} onRemove={() => onChoice(EVERY_STEP)} />}
        <span className="ml-auto flex items-center gap-2 text-11 text-t3">
          {rows.length > 0 && t(held.hasMore ? 'runsFirst' : 'runsAll', { count: rows.length })}
          <NewRows answer={runs} held={held} words={(count) => t('runsWaiting', { count })} />
          <CsvButton name="runs" rows={rows} columns={columns} />
        </span>
      </div>
      <AnswerGate answer={runs}>
        {() =>
          rows.length === 0 ? (
            <p className="px-3 pb-3 text-t2">{t('noRuns')}</p>
          ) : (
            <div
              className="flex min-h-0 flex-1 flex-col"
              onScrollCapture={(event) => held.onReading(event.target instanceof HTMLElement && event.target.scrollTop > 0)}
            >
              <DataTable label={t('tab.runs')} rows={rows} columns={columns} rowId={(row) => row.id} />
            </div>
          )
        }
      </AnswerGate>
      <LoadMore held={held} busy={runs.isFetchingNextPage} />
    </Card>
  )
}

function useRunColumns(scenario: ScenarioView): readonly TableColumn<ScenarioRun>[] {
  const t = useTranslations('scenarios')
  const format = useFormat()
  return useMemo(
    () => [
      {
        id: 'start',
        header: t('column.start'),
        value: (row) => row.start,
        cell: (row) => (
          <ViewLink path="/replay" parameters={{ scenario: scenario.id, run: row.id }}>
            {format.dateTime(Date.parse(row.start))}
          </ViewLink>
        ),
      },
      { id: 'key', header: scenario.definition.key, value: (row) => row.key, cell: (row) => <span className="mono">{row.key}</span> },
      {
        id: 'outcome',
        header: t('column.outcome'),
        value: (row) => row.outcome,
        cell: (row) => (
          <span className="inline-flex items-center gap-1.5">
            <HealthMark health={HEALTH[row.outcome]} size={10} /> {t(`outcome.${row.outcome}`)}
          </span>
        ),
      },
      ...scenario.definition.steps.map(({ name }, at): TableColumn<ScenarioRun> => {
        const durationOf = (row: ScenarioRun): number | null => row.steps[at]?.durationMs ?? null
        return { id: `step${at}`, header: name, numeric: true, value: durationOf, cell: (row) => <StepCell run={row} at={at} /> }
      }),
      {
        id: 'duration',
        header: t('column.duration'),
        numeric: true,
        value: (row) => row.durationMs,
        cell: (row) => format.text(format.duration(row.durationMs)),
      },
    ],
    [t, format, scenario],
  )
}

function StepCell({ run, at }: { run: ScenarioRun; at: number }) {
  const t = useTranslations('scenarios')
  const format = useFormat()
  const step = run.steps[at]
  if (step === undefined || step.durationMs === null) return <span className="text-t3">–</span>
  const tone = step.state === 'error' ? 'text-bad-text' : step.state === 'slow' ? 'text-degraded-text' : ''
  return (
    <span className={tone}>
      {step.state === 'error' && `${t('erred')} `}
      {format.text(format.duration(step.durationMs))}
    </span>
  )
}
