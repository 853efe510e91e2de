'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { PanelSection } from '../map/panel-parts.tsx'
import { selfTimes } from './self-time.ts'
import { nsText } from './span-duration.ts'
import type { SpanRow } from './span-row.ts'
import type { TraceModel } from './trace-model.ts'

type TimeShare = { kind: 'self' | 'children' | 'network' | 'client' | 'queue'; ns: number }

/** Where the time of one row went, in parts that add up to it; time in a queue lies before it. */
function timeShares(row: SpanRow, selfNs: number): TimeShare[] {
  const waited = row.wait === null ? 0 : row.wait.beforeNs + row.wait.afterNs
  const inside = row.wait?.kind === 'network' || row.wait?.kind === 'client' ? waited : 0
  const shares: TimeShare[] = [
    ...(row.wait === null ? [] : [{ kind: row.wait.kind, ns: waited }]),
    { kind: 'self', ns: Math.max(0, selfNs - inside) },
    { kind: 'children', ns: Math.max(0, row.durationNs - Math.max(selfNs, inside)) },
  ]
  return shares.filter(({ ns }) => ns > 0)
}

const COLORS = {
  self: 'var(--time-server)',
  children: 'var(--unknown)',
  network: 'var(--time-network)',
  client: 'var(--time-wait)',
  queue: 'var(--time-queue)',
}

export function WhereItWent({ model, row, index }: { model: TraceModel; row: SpanRow; index: number }) {
  const t = useTranslations('trace.panel')
  const format = useFormat()
  const self = useMemo(() => selfTimes(model.rows), [model.rows])
  const shares = timeShares(row, self[index] ?? 0)
  const most = Math.max(1, ...shares.map(({ ns }) => ns))
  if (shares.length === 0) return null
  return (
    <PanelSection title={t('whereItWent')}>
      <ul className="grid gap-1">
        {shares.map(({ kind, ns }) => (
          <li key={kind} className="flex items-center gap-2">
            <span className="w-28 truncate text-t2">{t(`went.${kind}`)}</span>
            <span className="h-2 flex-1 overflow-hidden rounded-1 bg-sunken">
              <i className="block h-full" style={{ width: `${(ns / most) * 100}%`, background: COLORS[kind] }} />
            </span>
            <span className="w-16 text-right">{nsText(ns, format)}</span>
          </li>
        ))}
      </ul>
      {row.wait?.kind === 'client' && <p className="mt-1 text-11 text-t3">{t('clientNote')}</p>}
    </PanelSection>
  )
}
