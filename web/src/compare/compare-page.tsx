'use client'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { Page } from '../frame/page.tsx'
import { operationTree } from '../trace/operation-tree.ts'
import type { TraceReading } from '../trace/reader-client.ts'
import { traceIdOf } from '../trace/url.ts'
import { useTrace } from '../trace/use-trace.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { ChangeTable } from './change-table.tsx'
import { CHANGES, changeCounts, mergeTrees } from './merge-trees.ts'
import { PickTrace } from './pick-trace.tsx'
import { TraceCard } from './trace-card.tsx'
import { Verdict } from './verdict.tsx'
import { compareParsers } from './url.ts'

/** Two traces over each other: what `b` does that `a` does not, and where its time went instead. */
export function ComparePage() {
  const t = useTranslations('compare')
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(compareParsers, { history: 'push' })
  const [a, b] = [traceIdOf(state.a) ?? '', traceIdOf(state.b) ?? '']
  const left = useTrace(a)
  const right = useTrace(b)
  const [first, second] = [left.answer.data, right.answer.data]
  const bar = (
    <>
      <Segmented
        label={t('show')}
        value={state.all ? 'all' : 'changed'}
        onChange={(shown) => void setState({ all: shown === 'all' })}
        options={[
          { value: 'changed', label: t('changed') },
          { value: 'all', label: t('all') },
        ]}
      />
      <Button disabled={a === '' || b === ''} onClick={() => void setState({ a: b, b: a })}>
        {t('swap')}
      </Button>
      <p className="text-11 text-t3">{t('note')}</p>
    </>
  )
  return (
    <Page title={t('title')} parent={{ label: nav('traces'), path: '/traces' }} bar={bar}>
      <div className="grid flex-none gap-3 wide:grid-cols-2">
        {(['a', 'b'] as const).map((side) => {
          const id = side === 'a' ? a : b
          const { answer } = side === 'a' ? left : right
          const other = side === 'a' ? second : first
          if (id === '')
            return (
              <PickTrace
                key={side}
                side={side}
                like={other?.model.entry ?? null}
                not={side === 'a' ? b : a}
                onPick={(picked) => void setState({ [side]: picked })}
              />
            )
          return (
            <AnswerGate key={side} answer={answer}>
              {(reading) => (
                <TraceCard side={side} reading={reading} was={side === 'b' ? (first ?? null) : null} onClear={() => void setState({ [side]: '' })} />
              )}
            </AnswerGate>
          )
        })}
      </div>
      {first !== undefined && second !== undefined && <Differences a={first} b={second} all={state.all} />}
    </Page>
  )
}

function Differences({ a, b, all }: { a: TraceReading; b: TraceReading; all: boolean }) {
  const merged = useMemo(() => mergeTrees(operationTree(a.model.rows), operationTree(b.model.rows), Math.max(a.model.durationNs, b.model.durationNs)), [a, b])
  const counts = useMemo(() => changeCounts(merged), [merged])
  const colors = useMemo(() => new Map([...b.model.colors, ...a.model.colors]), [a, b])
  return (
    <>
      <Verdict a={a} b={b} merged={merged} counts={CHANGES.map((change) => ({ change, count: counts[change] }))} />
      <ChangeTable a={a} b={b} merged={merged} all={all} colors={colors} />
    </>
  )
}
