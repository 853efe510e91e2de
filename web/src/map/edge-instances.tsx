'use client'
import type { EdgeAnswer, EdgeInstance } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { Meter } from '../ui/meter.tsx'
import type { LinkParameters } from '../url/view-state.ts'
import { type FoldedInstances, foldInstances } from './fold-instances.ts'
import { PanelSection, TracedNumber } from './panel-parts.tsx'
import { tracesOfPart } from './traces-behind.ts'

const SHOWN = 12
const SIDES = ['source', 'target'] as const

/** Who calls and who is called, instance by instance, and whether the calls are spread evenly: a balancer that favours one shows here. */
export function EdgeInstances({ data, seconds, traced }: { data: EdgeAnswer; seconds: number; traced: LinkParameters | null }) {
  return SIDES.map((side) => {
    const instances = data.instances.filter((instance) => instance.side === side)
    if (instances.length === 0) return null
    const folded = foldInstances(instances, data.otherInstances[side], SHOWN)
    return <Side key={side} side={side} folded={folded} balance={data.balance[side]} seconds={seconds} traced={traced} />
  })
}

interface SideProps {
  side: (typeof SIDES)[number]
  folded: FoldedInstances
  balance: EdgeAnswer['balance']['source']
  seconds: number
  /** The search for traces with the calls of the edge; null where there are none. */
  traced: LinkParameters | null
}

function Side({ side, folded: { shown, rest, instances }, balance, seconds, traced }: SideProps) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const label = t(side === 'source' ? 'callingInstances' : 'calledInstances')
  const largest = shown.reduce((most, { share }) => Math.max(most, share), 0)
  return (
    <PanelSection flush title={label} end={format.integer(instances)}>
      {balance !== null && (
        <p className={`px-3 pb-1.5 ${balance.uneven ? 'text-degraded-text' : 'text-t2'}`}>
          {balance.uneven
            ? t('uneven', { instance: balance.busiest, share: format.text(format.share(balance.busiestShare, 1)), ratio: balance.ratio.toFixed(1) })
            : t('even')}
        </p>
      )}
      <table className="w-full table-fixed border-collapse" aria-label={label}>
        <thead>
          <tr className="h-6 text-left text-11 text-t3">
            <th scope="col" className="pl-3 font-medium">
              {t('instance')}
            </th>
            <th scope="col" className="w-[84px] text-right font-medium">
              {t('share')}
            </th>
            <th scope="col" className="w-[58px] text-right font-medium">
              {t('rate')}
            </th>
            <th scope="col" className="w-[72px] pr-3 text-right font-medium">
              p95
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row key={row.instance} row={row} largest={largest} seconds={seconds} traced={row.instance === '' ? null : traced} />
          ))}
          {rest !== null && <RestRow rest={rest} seconds={seconds} />}
        </tbody>
      </table>
    </PanelSection>
  )
}

/** All that are not shown: percentiles of many do not add, and no search tells them from the others. */
function RestRow({ rest, seconds }: { rest: NonNullable<FoldedInstances['rest']>; seconds: number }) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  return (
    <tr className="h-[25px] border-t border-line text-t3">
      <td className="truncate pl-3">{t('moreInstances', { count: rest.instances })}</td>
      <td className="text-right">{format.text(format.share(rest.share, 1))}</td>
      <td className="text-right whitespace-nowrap">{format.text(format.rate(rest.calls, seconds))}</td>
      <td className="pr-3 text-right">–</td>
    </tr>
  )
}

interface RowProps extends Pick<SideProps, 'seconds' | 'traced'> {
  row: EdgeInstance
  largest: number
}

function Row({ row, largest, seconds, traced }: RowProps) {
  const format = useFormat()
  const behind = tracesOfPart(traced, { instance: row.instance })
  return (
    <tr className="h-[25px] border-t border-line hover:bg-hover">
      <td className="mono truncate pl-3" title={row.instance}>
        {row.instance}
      </td>
      <td className="pl-2">
        <span className="flex items-center gap-1.5">
          <span className="min-w-0 flex-1">
            <Meter share={largest > 0 ? row.share / largest : 0} />
          </span>
          <span className="flex-none text-t2">{format.text(format.share(row.share, 1))}</span>
        </span>
      </td>
      <td className="text-right whitespace-nowrap text-t2">
        <TracedNumber text={format.text(format.rate(row.calls, seconds))} traced={behind} which="all" />
      </td>
      <td className={`pr-3 text-right whitespace-nowrap ${row.errors > 0 && row.errors / row.calls >= 0.01 ? 'text-bad-text' : ''}`}>
        <TracedNumber text={row.p95Ms === null ? '–' : format.text(format.duration(row.p95Ms))} traced={behind} which="slow" />
      </td>
    </tr>
  )
}
