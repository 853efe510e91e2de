'use client'
import type { IntakeAnswer } from '@skein/schemas/api/intake'
import { useTranslations } from 'next-intl'
import { answeredAtMs } from '../api/answered-at.ts'
import { useIntake } from '../api/questions.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { Page } from '../frame/page.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { NothingYet } from '../ui/empty-state.tsx'
import { IntakeFigures } from './intake-figures.tsx'
import { IntakeSeries } from './intake-series.tsx'
import { LagCard } from './lag-card.tsx'
import { OutcomesCard } from './outcomes-card.tsx'
import { ReasonReference } from './reason-reference.tsx'
import { SignalsCard } from './signals-card.tsx'
import { reasonsSeen } from './outcome-totals.ts'

/** What came in, what did not, and why. */
export function IntakePage() {
  const t = useTranslations('nav')
  const intake = useIntake()
  return (
    <Page title={t('intake')}>
      <AnswerGate answer={intake}>
        {(answer) => <Intake answer={answer} nowMs={answeredAtMs(intake, browserNowMs())} busy={intake.isPlaceholderData} />}
      </AnswerGate>
    </Page>
  )
}

function Intake({ answer, nowMs, busy }: { answer: IntakeAnswer; nowMs: number; busy: boolean }) {
  return (
    <>
      <NothingYet />
      <IntakeFigures intake={answer} />
      <div className="grid flex-none items-start gap-3 wide:grid-cols-[minmax(0,1fr)_408px]">
        <IntakeSeries intake={answer} nowMs={nowMs} busy={busy} />
        <LagCard lag={answer.lag} />
      </div>
      <SignalsCard signals={answer.signals} />
      <OutcomesCard outcomes={answer.outcomes} />
      <ReasonReference seen={reasonsSeen(answer.outcomes)} />
    </>
  )
}
