'use client'
import type { RulesAnswer, RuleView } from '@skein/schemas/api/log-rules'
import { metricsOf } from '@skein/schemas/rules/metric-names'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { AnswerGate } from '../../ui/answer-gate.tsx'
import { Button } from '../../ui/button.tsx'
import { Centered } from '../../ui/empty-state.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { NoteLines } from '../../ui/note-lines.tsx'
import { errorWords } from '../../ui/failure-words.ts'
import type { TabProps } from '../url.ts'
import { useDrops } from '../dropped/use-drops.ts'
import { useRuleChanges, useRules } from './questions.ts'
import { MetricsView } from './metrics/metrics-view.tsx'
import { RuleDebugger } from './rule-debugger.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { orderOf, RuleList } from './rule-list.tsx'
import { RuleVersions } from './rule-versions.tsx'
import { RulesFileMenu } from './rules-file-menu.tsx'
import { UnreadableRules } from './unreadable-rules.tsx'
import { RULE_VIEWS, type RulesState, rulesParsers } from './url.ts'

/** Which lines are dropped, changed or turned into something else before they cost: pipelines of rules, and one of them open. */
export function RulesTab({ state, set }: TabProps) {
  const rules = useRules()
  return (
    <div className="flex min-w-0 flex-1 bg-surface">
      <div className="flex min-w-0 flex-1 flex-col">
        <AnswerGate answer={rules}>{(answer) => <Rules answer={answer} line={state.line} onPaste={() => set({ line: '' })} />}</AnswerGate>
      </div>
    </div>
  )
}

/** What a list of metrics begins with. */
const NO_METRIC = { metric: '', by: '', figure: null }

interface RulesProps {
  answer: RulesAnswer
  /** Id of a stored line to try the rules on. */
  line: string
  onPaste: () => void
}

function Rules({ answer, line, onPaste }: RulesProps) {
  const t = useTranslations('logs.rules')
  const [state, setState] = useQueryStates(rulesParsers, { history: 'push' })
  const drops = useDrops()
  const words = useTranslations()
  const changes = useRuleChanges()
  const [failure, setFailure] = useState('')
  const act = (change: Promise<unknown>) => {
    setFailure('')
    change.catch((error: unknown) => setFailure(errorWords(words, error)))
  }
  const order = (pipelines: Parameters<typeof changes.order>[0]['pipelines']) => act(changes.order({ version: answer.version, pipelines }))
  const addPipeline = () => {
    const number = answer.pipelines.length + 1
    const taken = new Set(answer.pipelines.map(({ id }) => id))
    const free = Array.from({ length: 100 }, (_, at) => `pipeline-${number + at}`).find((id) => !taken.has(id)) ?? 'pipeline'
    order([...answer.pipelines.map(orderOf), { id: free, name: t('pipelineName', { number }), enabled: true, match: '', rules: [] }])
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col phone:flex-row">
      <aside
        aria-label={t('list')}
        className="flex max-h-64 flex-none flex-col border-b border-line phone:max-h-none phone:w-[260px] phone:border-r phone:border-b-0 wide:w-[336px]"
      >
        <div className="flex flex-none flex-wrap items-center gap-1.5 border-b border-line px-3 py-1.5">
          <Button small look="primary" onClick={() => void setState({ rule: 'new', view: 'edit', draft: '', match: '' })}>
            <Icon name="plus" size={12} />
            {t('new')}
          </Button>
          <Button small onClick={addPipeline}>
            {t('newPipeline')}
          </Button>
          <Button small onClick={() => void setState({ rule: '', view: 'metrics', draft: '', ...NO_METRIC })}>
            {t('metrics')}
          </Button>
          <RulesFileMenu version={answer.version} />
        </div>
        <div className="min-h-0 flex-1 overflow-auto">
          <NoteLines topic="rules" notes={answer.notes.filter((note) => !isOfRule(note, answer.unreadable))} className="m-2" />
          <UnreadableRules ids={answer.unreadable} onRemove={(id) => act(changes.remove(id))} />
          <Failure text={failure} />
          <RuleList
            answer={answer}
            drops={drops.data}
            selected={state.rule}
            onSelect={(rule) => void setState({ rule, draft: '', view: state.view === 'versions' ? 'versions' : 'edit', ...NO_METRIC })}
            onOrder={order}
            onToggle={(rule) => act(changes.change(rule, { ...rule.definition, enabled: !rule.definition.enabled }))}
          />
        </div>
      </aside>
      <Open answer={answer} line={line} onPaste={onPaste} state={state} set={(next, history = 'push') => void setState(next, { history })} />
    </div>
  )
}

/** What is said beside the way to remove it. */
function isOfRule({ code, values }: RulesAnswer['notes'][number], unreadable: readonly string[]): boolean {
  return code === 'unreadable_rule' && unreadable.some((id) => String(values?.['key']).endsWith(`/${id}`))
}

function Failure({ text }: { text: string }) {
  if (text === '') return null
  return (
    <p role="alert" className="px-3 py-2 text-bad-text">
      {text}
    </p>
  )
}

interface OpenProps extends RulesProps {
  state: RulesState
  set: (state: Partial<RulesState>, history?: 'push' | 'replace') => void
}

/** The rule of the address, as the address wants to see it. */
function Open(props: OpenProps) {
  const { answer, state, set } = props
  const t = useTranslations('logs.rules')
  const rule = answer.pipelines.flatMap(({ rules }) => rules).find(({ id }) => id === state.rule) ?? null
  const views = viewsOf(rule, state.rule === 'new')
  const view = views.includes(state.view) ? state.view : 'edit'
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex-none border-b border-line px-3 py-1.5">
        <Segmented
          small
          label={t('view')}
          value={view}
          onChange={(next) => set({ view: next })}
          options={views.map((value) => ({ value, label: t(`views.${value}`) }))}
        />
      </div>
      {view === 'debug' && <RuleDebugger rule={rule?.id ?? ''} draft={state.draft} line={props.line} onPaste={props.onPaste} />}
      {view === 'metrics' && <MetricsView rule={rule?.id ?? ''} state={state} set={(next) => set(next, 'replace')} />}
      {view === 'versions' && rule !== null && <RuleVersions rule={rule} />}
      {view === 'edit' && <Edited {...props} rule={rule} />}
    </div>
  )
}

/** Metrics are those of a rule that makes some, or of all where none is open. */
function viewsOf(rule: RuleView | null, isNew: boolean): readonly RulesState['view'][] {
  const makesMetrics = rule === null ? !isNew : metricsOf(rule.definition).length > 0
  return RULE_VIEWS.filter((view) => (view === 'versions' ? rule !== null : view !== 'metrics' || makesMetrics))
}

function Edited({ answer, state, set, rule }: OpenProps & { rule: RuleView | null }) {
  if (rule === null && state.rule !== 'new') return <NoRule any={answer.pipelines.some(({ rules }) => rules.length > 0)} />
  return (
    <RuleEditor
      key={`${state.rule} ${rule?.version ?? 0}`}
      saved={rule}
      draft={state.draft}
      match={state.match}
      onDraft={(draft) => set({ draft }, 'replace')}
      onSaved={(id) => set({ rule: id, draft: '', match: '' }, 'replace')}
    />
  )
}

function NoRule({ any }: { any: boolean }) {
  const t = useTranslations('logs.rules')
  return (
    <Centered>
      <h2 className="text-16">{any ? t('choose') : t('emptyTitle')}</h2>
      <p className="text-t2">{t('emptyBody')}</p>
      <p className="text-t2">{t('emptyPrice')}</p>
    </Centered>
  )
}
