'use client'
import type { NetworkProbesAnswer, NetworkWay } from '@skein/schemas/api/network-probes'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Card } from '../ui/card.tsx'
import { type Delta, deltaOf } from '../ui/delta.ts'
import { chosenWays, type Measure, MEASURES, measureText, WORSE } from './measures.ts'
import { type NetworkState, type SetNetwork, wayId } from './url.ts'

/** Two ways, measure by measure, and how the second differs from the first. */
export function SideBySide({ answer, busy, state, set }: { answer: NetworkProbesAnswer; busy: boolean; state: NetworkState; set: SetNetwork }) {
  const t = useTranslations('network')
  const chosen = chosenWays(answer.ways, state, wayId)
  if (chosen === null) return null
  const { left, right } = chosen
  return (
    <Card title={t('compare')} sub={t('compareSub')} busy={busy} className="flex-none">
      <div className="overflow-auto">
        <table className="data-table" aria-label={t('compare')}>
          <thead>
            <tr>
              <th scope="col">{t('measure')}</th>
              <th scope="col" className="num">
                <WayPicker label={t('first')} ways={answer.ways} value={wayId(left)} choose={(id) => set({ left: id })} />
              </th>
              <th scope="col" className="num">
                <WayPicker label={t('second')} ways={answer.ways} value={wayId(right)} choose={(id) => set({ right: id })} />
              </th>
              <th scope="col" className="num">
                {t('difference')}
              </th>
            </tr>
          </thead>
          <tbody>
            {MEASURES.map((measure) => (
              <MeasureRow key={measure} measure={measure} left={left} right={right} />
            ))}
            <CountRow label={t('probes')} left={left.probes} right={right.probes} />
            <CountRow label={t('failed')} left={left.failed} right={right.failed} />
          </tbody>
        </table>
      </div>
    </Card>
  )
}

interface WayPickerProps {
  label: string
  ways: readonly NetworkWay[]
  value: string
  choose: (id: string) => void
}

function WayPicker({ label, ways, value, choose }: WayPickerProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={({ target }) => choose(target.value)}
      className="h-7 max-w-[240px] rounded-2 border border-ctl bg-surface px-1.5 font-medium text-t1"
    >
      {ways.map((way) => (
        <option key={wayId(way)} value={wayId(way)}>
          {`${way.from || '–'} → ${way.to || '–'}`}
        </option>
      ))}
    </select>
  )
}

function MeasureRow({ measure, left, right }: { measure: Measure; left: NetworkWay; right: NetworkWay }) {
  const t = useTranslations('network')
  const format = useFormat()
  const [before, now] = [left[measure], right[measure]]
  const delta = before === null || now === null ? null : deltaOf(now.median, before.median, format)
  return (
    <tr>
      <td role="rowheader" className="text-t2">
        {t(`measures.${measure}`)}
      </td>
      <td className="num">
        <MeasureCell measure={measure} way={left} />
      </td>
      <td className="num">
        <MeasureCell measure={measure} way={right} />
      </td>
      <td className="num">
        <Difference delta={delta} worse={WORSE[measure]} />
      </td>
    </tr>
  )
}

function MeasureCell({ measure, way }: { measure: Measure; way: NetworkWay }): ReactNode {
  const t = useTranslations('network')
  const format = useFormat()
  const value = way[measure]
  if (value === null) return <span className="text-t3">{t('notMeasured')}</span>
  return (
    <>
      <b className="font-semibold">{measureText(measure, value.median, format)}</b>
      <span className="ml-1.5 text-t3">{t('bad', { value: measureText(measure, value.p95, format) })}</span>
    </>
  )
}

const ARROWS = { up: '▲', down: '▼', same: '' } as const

function Difference({ delta, worse }: { delta: Delta | null; worse: 'up' | 'down' }) {
  const t = useTranslations('network')
  if (delta === null) return <span className="text-t3">–</span>
  if (delta.text === '') return <span className="text-t3">{t('same')}</span>
  const tone = !delta.large ? 'text-t2' : delta.direction === worse ? 'font-medium text-bad-text' : 'font-medium text-ok-text'
  return (
    <span className={tone}>
      {ARROWS[delta.direction]} {delta.text}
    </span>
  )
}

function CountRow({ label, left, right }: { label: string; left: number; right: number }) {
  const format = useFormat()
  return (
    <tr>
      <td role="rowheader" className="text-t2">
        {label}
      </td>
      <td className="num">{format.integer(left)}</td>
      <td className="num">{format.integer(right)}</td>
      <td />
    </tr>
  )
}
