'use client'
import type { ScenarioView } from '@skein/schemas/api/scenarios'
import { useTranslations } from 'next-intl'
import { Page } from '../frame/page.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CommandBox } from '../ui/command-box.tsx'
import { NothingYet } from '../ui/empty-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { FunnelFigures } from './funnel-figures.tsx'
import { FunnelStrip } from './funnel-strip.tsx'
import { Proposals } from './proposals.tsx'
import { useBaseFunnel, useFunnel, useScenarios } from './questions.ts'

/** All scenarios with how many get through each, and what else sessions do. */
export function ScenariosPage() {
  const t = useTranslations()
  const scenarios = useScenarios()
  return (
    <Page
      title={t('nav.scenarios')}
      bar={
        <ViewLink path="/scenario" parameters={{ tab: 'definition' }} className={`ml-auto ${buttonClass({ look: 'primary' })}`}>
          {t('scenarios.new')}
        </ViewLink>
      }
    >
      <AnswerGate answer={scenarios}>
        {({ scenarios: all }) => (
          <>
            {all.length === 0 && <NoScenario />}
            {all.map((scenario) => (
              <ScenarioCard key={scenario.id} scenario={scenario} />
            ))}
            <Proposals defined={all.map(({ definition }) => definition)} />
          </>
        )}
      </AnswerGate>
    </Page>
  )
}

function NoScenario() {
  const t = useTranslations('scenarios')
  return (
    <>
      <NothingYet />
      <Card className="flex-none">
        <div className="mx-auto flex w-full max-w-[640px] flex-col gap-2 p-6">
          <h2 className="text-16">{t('emptyTitle')}</h2>
          <p className="text-t2">{t('emptyBody')}</p>
          <p className="text-t2">{t('emptySession')}</p>
          <CommandBox command={"import { trace } from '@opentelemetry/api'\n\ntrace.getActiveSpan()?.setAttribute('session.id', sessionId)"} />
        </div>
      </Card>
    </>
  )
}

function ScenarioCard({ scenario }: { scenario: ScenarioView }) {
  const t = useTranslations('scenarios')
  const funnel = useFunnel(scenario.id)
  const before = useBaseFunnel(scenario.id)
  const { key, within, name } = scenario.definition
  return (
    <Card
      title={name}
      sub={t('rule', { key, within })}
      end={
        <ViewLink path="/scenario" parameters={{ id: scenario.id }}>
          {t('open')}
          <span className="sr-only"> {name}</span>
        </ViewLink>
      }
      busy={funnel.isPlaceholderData}
      className="flex-none"
    >
      <AnswerGate answer={funnel} skeleton={<Skeleton rows={3} />}>
        {(answer) => (
          <>
            <FunnelFigures answer={answer} id={scenario.id} before={before} />
            <FunnelStrip answer={answer} id={scenario.id} before={before} />
          </>
        )}
      </AnswerGate>
    </Card>
  )
}
