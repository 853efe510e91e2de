'use client'
import type { TopologyEdge } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { edgeSplit, type EdgeSplit } from './edge-look.ts'

/** Network beside server for p50 and p95. Each is measured per call, so the two need not add up to the third. */
export function SplitBars({ edge }: { edge: TopologyEdge }) {
  const t = useTranslations('map.split')
  const format = useFormat()
  const { evidence } = edge
  const splits = edgeSplit(edge)
  const longest = Math.max(0.001, ...splits.map((split) => split.totalMs))
  const last = splits.at(-1)
  if (last === undefined) return <p className="text-11 text-t3">{t('noClient')}</p>
  const ms = (value: number): string => format.text(format.duration(value))
  return (
    <div className="grid gap-1.5">
      {splits.map((split) => (
        <div key={split.label} className="flex items-center gap-2">
          <span className="w-8 flex-none text-t3">{split.label}</span>
          <span className="flex h-3.5 min-w-0 flex-1 overflow-hidden rounded-1 bg-sunken">
            <Parts split={split} longest={longest} />
          </span>
          <span className="w-16 flex-none text-right font-semibold whitespace-nowrap">{ms(split.totalMs)}</span>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-x-3 text-11 text-t2">
        {last.networkMs === null || last.serverMs === null ? (
          <span className="text-t3">{t(evidence.log > 0 && evidence.clientOnly === 0 ? 'fromLogs' : 'notSplit')}</span>
        ) : (
          <>
            <Key color="var(--time-network)" label={`${t('network')} ${ms(last.networkMs)}`} />
            <Key color="var(--time-server)" label={`${t('server')} ${ms(last.serverMs)}`} />
            <span className="ml-auto text-t3">{t('perCall')}</span>
          </>
        )}
      </div>
    </div>
  )
}

function Parts({ split, longest }: { split: EdgeSplit; longest: number }) {
  const { networkMs, serverMs, totalMs } = split
  if (networkMs === null || serverMs === null) return <i style={{ width: `${(totalMs / longest) * 100}%`, background: 'var(--time-server)', opacity: 0.45 }} />
  const whole = Math.max(0.001, networkMs + serverMs)
  const width = (part: number): string => `${(part / whole) * (totalMs / longest) * 100}%`
  return (
    <>
      <i style={{ width: width(networkMs), background: 'var(--time-network)' }} />
      <i style={{ width: width(serverMs), background: 'var(--time-server)' }} />
    </>
  )
}

function Key({ color, label }: { color: string; label: string }) {
  return (
    <span className="inline-flex items-center gap-[5px] whitespace-nowrap">
      <i className="h-[9px] w-[9px] rounded-[2px]" style={{ background: color }} />
      {label}
    </span>
  )
}
