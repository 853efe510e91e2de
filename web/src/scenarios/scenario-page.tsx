'use client'
import type { ScenarioView } from '@skein/schemas/api/scenarios'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { Page } from '../frame/page.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { DefinitionEditor } from './definition-editor.tsx'
import { FunnelView } from './funnel-view.tsx'
import { useScenario } from './questions.ts'
import { RunsView } from './runs-view.tsx'
import { SCENARIO_TABS, scenarioParsers } from './url.ts'

/** One scenario: its funnel, its runs, its definition; or a new one. */
export function ScenarioPage() {
  const nav = useTranslations('nav')
  const t = useTranslations('scenarios')
  const [state, setState] = useQueryStates(scenarioParsers, { history: 'push' })
  const scenario = useScenario(state.id)
  const parent = { label: nav('scenarios'), path: '/scenarios' }
  if (state.id === '') {
    return (
      <Page title={t('new')} parent={parent}>
        <DefinitionEditor saved={null} draft={state.draft} onDraft={(draft) => void setState({ draft }, { history: 'replace' })} />
      </Page>
    )
  }
  return (
    <Page
      title={scenario.data?.definition.name ?? nav('scenario')}
      parent={parent}
      bar={
        <Segmented
          label={t('view')}
          value={state.tab}
          onChange={(tab) => void setState({ tab })}
          options={SCENARIO_TABS.map((tab) => ({ value: tab, label: t(`tab.${tab}`) }))}
        />
      }
    >
      <AnswerGate answer={scenario}>{(view) => <Tab view={view} state={state} setState={setState} />}</AnswerGate>
    </Page>
  )
}

type State = ReturnType<typeof useQueryStates<typeof scenarioParsers>>

function Tab({ view, state, setState }: { view: ScenarioView; state: State[0]; setState: State[1] }) {
  if (state.tab === 'runs') return <RunsView scenario={view} choice={state} onChoice={(choice) => void setState(choice)} />
  if (state.tab === 'funnel') return <FunnelView scenario={view} />
  return <DefinitionEditor key={view.version} saved={view} draft={state.draft} onDraft={(draft) => void setState({ draft }, { history: 'replace' })} />
}
