'use client'
import { replayAnswer } from '@skein/schemas/api/replay'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { useAnswer } from '../api/use-answer.ts'
import { Page } from '../frame/page.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Centered } from '../ui/empty-state.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { useScope } from '../url/view-state.ts'
import { CohortReplayView } from './cohort-replay-view.tsx'
import { RunReplayView } from './run-replay-view.tsx'
import { type Replayed, replayParsers, replayPath } from './url.ts'

/** A run, a session or a group of runs, frame by frame. */
export function ReplayPage() {
  const nav = useTranslations('nav')
  const t = useTranslations('replay')
  const [state, setState] = useQueryStates(replayParsers, { history: 'replace' })
  const asked = replayPath(state)
  const parent = { label: nav('scenarios'), path: '/scenarios' }
  if (asked === null) {
    return (
      <Page title={nav('replay')} parent={parent}>
        <Card>
          <Centered>
            <p className="text-t2">{t('nothing')}</p>
            <p>
              <ViewLink path="/scenarios" className={buttonClass({ look: 'primary' })}>
                {nav('scenarios')}
              </ViewLink>
            </p>
          </Centered>
        </Card>
      </Page>
    )
  }
  return (
    <Page
      title={nav('replay')}
      parent={parent}
      after={<What replayed={state} />}
      canvas
      bar={
        <>
          {state.scenario !== '' && (
            <ViewLink path="/scenario" parameters={{ id: state.scenario }}>
              {t('funnel')}
            </ViewLink>
          )}
          {state.scenario !== '' && (
            <ViewLink path="/scenario" parameters={{ id: state.scenario, tab: 'runs' }}>
              {t('runs')}
            </ViewLink>
          )}
          <span className="ml-auto">
            <Segmented
              label={t('view')}
              value={state.view}
              onChange={(view) => void setState({ view })}
              options={[
                { value: 'map', label: t('map') },
                { value: 'table', label: t('table') },
              ]}
            />
          </span>
        </>
      }
    >
      <Frames asked={asked} frame={state.frame} view={state.view} onFrame={(frame) => void setState({ frame })} />
    </Page>
  )
}

function What({ replayed: { run, cohort, session } }: { replayed: Replayed }) {
  const t = useTranslations('replay')
  const what = session || cohort || run.slice(run.indexOf('-') + 1)
  return (
    <>
      <span className="mono truncate text-t3">{what}</span>
      <CopyButton text={what} label={t('copy')} />
    </>
  )
}

interface FramesProps {
  asked: { path: string; query: Record<string, string> }
  /** Counted from 1. */
  frame: number
  view: 'map' | 'table'
  onFrame: (frame: number) => void
}

function Frames({ asked, frame, view, onFrame }: FramesProps) {
  const { start, end } = useScope()
  // a run knows its own time; what is over does not change
  const query = 'run' in asked.query ? asked.query : { ...asked.query, start, end }
  const answer = useAnswer(asked.path, replayAnswer, { query, intervalMs: null })
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <AnswerGate answer={answer} skeleton={<Skeleton rows={14} height={18} />}>
        {(replay) => {
          const at = Math.max(0, Math.min(replay.frames.length, frame) - 1)
          const shared = { at, view, onFrame: (next: number) => onFrame(next + 1) }
          return replay.mode === 'run' ? <RunReplayView replay={replay} {...shared} /> : <CohortReplayView replay={replay} {...shared} />
        }}
      </AnswerGate>
    </div>
  )
}
