'use client'
import type { Proposal } from '@skein/schemas/api/scenarios'
import type { ScenarioDefinition } from '@skein/schemas/scenario'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { useProposals } from './questions.ts'
import { writeDraft } from './url.ts'

const stepsOf = ({ steps }: ScenarioDefinition): string => JSON.stringify(steps.map(({ match }) => [match.service, match.operation]))

/** Sequences of entries that many sessions have in common and nobody defined yet. */
export function Proposals({ defined }: { defined: readonly ScenarioDefinition[] }) {
  const t = useTranslations('scenarios')
  const proposals = useProposals()
  const known = new Set(defined.map(stepsOf))
  return (
    <Card title={t('proposals')} sub={t('proposalsHint')} className="flex-none">
      <AnswerGate answer={proposals}>
        {({ sessions, proposals: all }) => {
          const fresh = all.filter(({ definition }) => !known.has(stepsOf(definition)))
          if (fresh.length === 0) return <p className="px-3 pb-3 text-t2">{t(sessions === 0 ? 'noSessions' : 'noProposals', { count: sessions })}</p>
          return (
            <ul className="m-0 flex list-none flex-col p-0">
              {fresh.map((proposal) => (
                <ProposalRow key={proposal.definition.name} proposal={proposal} />
              ))}
            </ul>
          )
        }}
      </AnswerGate>
    </Card>
  )
}

function ProposalRow({ proposal }: { proposal: Proposal }) {
  const t = useTranslations('scenarios')
  const format = useFormat()
  const { definition, sessions, support } = proposal
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-2">
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5">
        {definition.steps.map((step, at) => (
          <span key={step.name} className="flex items-center gap-1.5">
            {at > 0 && <span className="text-t3">→</span>}
            <b className="font-medium">{step.match.operation}</b> <span className="text-t3">{step.match.service}</span>
          </span>
        ))}
      </span>
      <span className="text-11 text-t2">{t('support', { count: format.integer(sessions), share: format.text(format.share(support, 1)) })}</span>
      <ViewLink path="/scenario" parameters={{ tab: 'definition', draft: writeDraft(definition) }}>
        {t('define')}
        <span className="sr-only"> {definition.name}</span>
      </ViewLink>
    </li>
  )
}
