'use client'
import { type BottleneckContributor, type BottlenecksAnswer, bottlenecksAnswer, LATENCY_BANDS } from '@skein/schemas/api/bottlenecks'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { type Answer, useAnswer } from '../api/use-answer.ts'
import { Page } from '../frame/page.tsx'
import { useFormat } from '../format/use-format.ts'
import { NoteChips } from '../map/note-chips.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useBaseline } from '../url/use-baseline.ts'
import { useScope } from '../url/view-state.ts'
import { FindingsCard, ShapesCard } from './below-cards.tsx'
import { ComparePicker } from './compare-picker.tsx'
import { ContributorsCard } from './contributors-card.tsx'
import { EntryPicker } from './entry-picker.tsx'
import { KeySentence } from './key-sentence.tsx'
import { LatencyCard } from './latency-card.tsx'
import { ExemplarsCard, MadeUpCard, WhatIfCard } from './side-cards.tsx'
import { bottlenecksParsers, type BottlenecksState, queryOf, type SetBottlenecks } from './url.ts'

/** Where do the slowest traces of an entry spend their time: in one look, and with the way on to the traces themselves. */
export function BottlenecksPage() {
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(bottlenecksParsers, { history: 'push' })
  const set: SetBottlenecks = (next) => void setState(next)
  const scope = useScope()
  const baseline = useBaseline()
  const answer = useAnswer('/api/bottlenecks', bottlenecksAnswer, { query: { ...scope, ...queryOf(state, baseline) } })
  return (
    <Page title={nav('bottlenecks')} bar={<Bar answer={answer.data} state={state} set={set} />}>
      <AnswerGate answer={answer} skeleton={<Skeleton rows={14} />}>
        {(data) => (data.contributors.length === 0 ? <Nothing state={state} set={set} /> : <Body data={data} answer={answer} state={state} set={set} />)}
      </AnswerGate>
    </Page>
  )
}

interface StateProps {
  state: BottlenecksState
  set: SetBottlenecks
}

function Bar({ answer, state, set }: StateProps & { answer: BottlenecksAnswer | undefined }) {
  const t = useTranslations('bottlenecks')
  return (
    <>
      <EntryPicker entries={answer?.entries ?? []} entry={answer?.entry ?? null} onPick={({ service, operation }) => set({ service, operation, part: '' })} />
      <Narrowed answer={answer} state={state} set={set} />
      <Segmented
        label={t('band.label')}
        value={state.band}
        onChange={(band) => set({ band })}
        options={LATENCY_BANDS.map((band) => ({ value: band, label: t(`band.${band}`) }))}
      />
      <NoteChips topic="bottlenecks" notes={answer?.notes ?? []} />
      <span className="ml-auto">
        <ComparePicker state={state} set={set} versions={answer?.versions ?? []} />
      </span>
    </>
  )
}

/** What the entries are narrowed to, and how many traces there are of the one looked at. */
function Narrowed({ answer, state, set }: StateProps & { answer: BottlenecksAnswer | undefined }) {
  const t = useTranslations('bottlenecks')
  const format = useFormat()
  const entry = answer?.entry ?? null
  return (
    <>
      {state.through !== '' && <Chip name={t('through')} value={state.through} onRemove={() => set({ through: '', part: '' })} />}
      {entry !== null && (
        <span className="hidden wide:inline-flex">
          <Chip name={t('tracesOf', { count: entry.traces })} value={format.text(format.count(entry.traces))} />
        </span>
      )}
    </>
  )
}

function Nothing({ state, set }: StateProps) {
  const { service, operation, through } = state
  const t = useTranslations('bottlenecks')
  const label = `${service} ${operation}`.trim()
  const filters = [
    ...(label === '' ? [] : [{ label, remove: () => set({ service: '', operation: '' }) }]),
    ...(through === '' ? [] : [{ label: `${t('through')} ${through}`, remove: () => set({ through: '' }) }]),
  ]
  return <EmptyState filters={filters} />
}

function Body({ data, answer, state, set }: StateProps & { data: BottlenecksAnswer; answer: Answer<BottlenecksAnswer> }) {
  const selected = data.contributors.find(({ id }) => id === state.part) ?? data.contributors.find((each) => isAt(each, state.through)) ?? data.contributors[0]
  if (selected === undefined) return null
  return (
    <>
      <KeySentence answer={data} />
      <LatencyCard answer={data} busy={answer.isPlaceholderData} onBand={(band) => set({ band })} />
      <div className="flex flex-none flex-col gap-3 wide:flex-row wide:items-stretch">
        <div className="flex min-w-0 flex-1 flex-col gap-3">
          <ContributorsCard answer={data} busy={answer.isPlaceholderData} selected={selected} onSelect={({ id }) => set({ part: id })} />
        </div>
        <div className="flex flex-col gap-3 wide:w-[348px] wide:flex-none">
          <MadeUpCard answer={data} />
          <WhatIfCard answer={data} contributor={selected} state={state} set={set} />
          <ExemplarsCard contributor={selected} />
        </div>
      </div>
      <div className="grid flex-none gap-3 wide:grid-cols-2">
        <FindingsCard findings={data.findings} />
        <ShapesCard answer={data} />
      </div>
    </>
  )
}

/** Whether it is time of a node, or of an edge to or from it. */
function isAt({ node, edge }: BottleneckContributor, name: string): boolean {
  return node.name === name || edge?.source.name === name || edge?.target.name === name
}
