'use client'
import { type NetworkProbesAnswer, networkProbesAnswer } from '@skein/schemas/api/network-probes'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { useCallback } from 'react'
import { useAnswer } from '../api/use-answer.ts'
import { Page } from '../frame/page.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { liveIntervalMs, useScope, useView } from '../url/view-state.ts'
import { NoProbes } from './no-probes.tsx'
import { SideBySide } from './side-by-side.tsx'
import { networkParsers, type NetworkState, type SetNetwork } from './url.ts'
import { WaysTable } from './ways-table.tsx'

const LEAST_MS = 15_000

/** How good is the network between nodes, and which of two is better? */
export function NetworkPage() {
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(networkParsers, { history: 'push' })
  const set: SetNetwork = useCallback((next) => void setState(next), [setState])
  const { start, end } = useScope()
  const { view } = useView()
  const live = liveIntervalMs(view)
  const probes = useAnswer('/api/network-probes', networkProbesAnswer, {
    query: { start, end, by: state.by },
    intervalMs: live === null ? null : Math.max(live, LEAST_MS),
  })
  return (
    <Page title={nav('network')} bar={<GroupPicker answer={probes.data} state={state} set={set} />}>
      <AnswerGate answer={probes}>{(answer) => <Networks answer={answer} busy={probes.isPlaceholderData} state={state} set={set} />}</AnswerGate>
    </Page>
  )
}

/** What ways are put together by: nodes, or a label that agents give themselves. */
function GroupPicker({ answer, state, set }: { answer: NetworkProbesAnswer | undefined; state: NetworkState; set: SetNetwork }) {
  const t = useTranslations('network')
  const labels = new Set([...(answer?.labels ?? []), ...(state.by === 'node' ? [] : [state.by])])
  return (
    <label className="flex items-center gap-2">
      <span className="text-t3">{t('by')}</span>
      <select
        value={state.by}
        onChange={({ target }) => set({ by: target.value, left: '', right: '' })}
        className="h-7 rounded-2 border border-ctl bg-surface px-1.5"
      >
        <option value="node">{t('node')}</option>
        {[...labels].map((label) => (
          <option key={label} value={label}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}

function Networks({ answer, busy, state, set }: { answer: NetworkProbesAnswer; busy: boolean; state: NetworkState; set: SetNetwork }) {
  const t = useTranslations('network')
  if (answer.ways.length === 0) return <NoProbes />
  return (
    <>
      {answer.notes.map(({ code, count }) => (
        <p key={code} className="flex-none rounded-2 bg-degraded-bg px-2.5 py-[7px] text-t2">
          {t(`note.${code}`, { count, by: answer.by })}
        </p>
      ))}
      <SideBySide answer={answer} busy={busy} state={state} set={set} />
      <WaysTable answer={answer} busy={busy} set={set} />
    </>
  )
}
