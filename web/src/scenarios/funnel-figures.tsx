'use client'
import type { FunnelAnswer, RunOutcome, ScenarioNote } from '@skein/schemas/api/scenarios'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { Tag } from '../ui/chip.tsx'
import { KeyFigure } from '../ui/key-figure.tsx'
import type { Evidence } from '../ui/table-column.ts'
import { useNoteText } from '../ui/use-note-text.ts'

/** The runs of a scenario that ended so. */
function runsOf(id: string, outcome: RunOutcome | 'all'): Evidence {
  return { path: '/scenario', parameters: { id, tab: 'runs', outcome } }
}

export interface FunnelProps {
  answer: FunnelAnswer
  /** Of the scenario whose runs are behind the numbers; a definition that is not saved has none. */
  id?: string
  /** The same in the window compared with. */
  before?: FunnelAnswer | undefined
}

/** How many began, how many got what they came for, and how the others ended. */
export function FunnelFigures({ answer, id, before }: FunnelProps) {
  const t = useTranslations('scenarios')
  const noteText = useNoteText('scenarios')
  const action = useTranslations('action')
  const format = useFormat()
  const was = (text: string | undefined) => (text === undefined ? {} : { compare: action('was', { value: text }) })
  const count = (pick: (funnel: FunnelAnswer) => number) => ({
    figure: format.count(pick(answer)),
    ...was(before === undefined ? undefined : format.text(format.count(pick(before)))),
  })
  const runs = (outcome: RunOutcome | 'all') => (id === undefined ? {} : { evidence: runsOf(id, outcome) })
  const share = (funnel: FunnelAnswer) => (funnel.conversion === null ? null : format.share(funnel.conversion, 1))
  return (
    <div className="flex flex-none flex-wrap items-start gap-y-2 py-2.5">
      <KeyFigure label={t('starts')} {...count((funnel) => funnel.starts)} {...runs('all')} />
      <KeyFigure label={t('successes')} {...count((funnel) => funnel.successes)} {...runs('ok')} />
      <KeyFigure label={t('conversion')} figure={share(answer)} {...was(before === undefined ? undefined : format.text(share(before)))} />
      <KeyFigure label={t('outcome.failed')} {...count((funnel) => funnel.failed)} {...runs('failed')} />
      <KeyFigure label={t('outcome.lost')} {...count(lostOf)} {...runs('lost')} />
      <KeyFigure label={t('outcome.slow')} {...count((funnel) => funnel.slow)} {...runs('slow')} />
      <span className="ml-auto flex max-w-full flex-wrap items-center justify-end gap-1 px-3">
        {answer.sampling > 1 && <Tag tone="degraded">{t('sampled', { count: answer.sampling })}</Tag>}
        <Tag title={t(`evaluatedHint.${answer.evaluated}`)}>{t(`evaluated.${answer.evaluated}`)}</Tag>
        {answer.notes
          .filter(({ code }) => !TOLD_ELSEWHERE.includes(code))
          .map((note) => (
            <Tag key={note.code} tone={note.code === 'no_key' || note.code === 'cut_keys' ? 'degraded' : 'plain'} title={noteText(note)}>
              {t(`note.${note.code}`, { count: note.count })}
            </Tag>
          ))}
      </span>
    </div>
  )
}

/** Beside what they are about. */
const TOLD_ELSEWHERE: readonly ScenarioNote['code'][] = ['backfilled', 'sampled_runs', 'sampled_cohorts']

function lostOf({ starts, successes, failed, open }: FunnelAnswer): number {
  return starts - successes - failed - open
}
