'use client'
import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import type { EdgeDiff, EdgeEffect } from '@skein/schemas/api/topology-diff'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormat } from '../format/use-format.ts'
import { durationText, tracesOf } from '../services/red-columns.tsx'
import { serviceLink } from '../services/service-link.ts'
import { buttonClass } from '../ui/button.tsx'
import { Causes } from '../map/difference.tsx'
import { tracesOfEdge, tracesOfNode } from '../map/traces-behind.ts'
import { EvidenceChips } from '../ui/evidence-chip.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import type { Evidence } from '../ui/table-column.ts'
import { ViewLink } from '../ui/view-link.tsx'
import type { LinkParameters } from '../url/view-state.ts'
import { CallersTable } from './callers-table.tsx'
import { FindingChart } from './finding-chart.tsx'
import { countsOf, type Finding } from './findings.ts'
import { type Incident, wrongOf } from './incidents.ts'

export interface IncidentRowProps {
  incident: Incident
  seconds: number
  /** How its worst edge differs from the window compared with; undefined where it does not, or nothing is known. */
  difference: EdgeDiff | undefined
  /** What a link to the map carries to show that difference. */
  parameters: LinkParameters
}

/** One incident: a sentence, the facts that prove it, what may have caused it, the ways on; where a target is wrong for several callers, all of them. */
export function IncidentRow({ incident, seconds, difference, parameters }: IncidentRowProps) {
  const { worst, callers } = incident
  const callee = worst.kind === 'edge' ? worst.target : worst.node
  const compared = difference === undefined ? {} : parameters
  return (
    <li className="grid gap-x-3.5 gap-y-2 border-t border-line px-3 py-2.5 min-[760px]:grid-cols-[minmax(0,1fr)_300px]">
      <div className="min-w-0">
        <div className="flex items-center gap-2">
          <HealthMark health={worst.health} size={14} />
          <h3 className="min-w-0 text-14 tracking-[-.005em] wrap-anywhere">
            <Sentence incident={incident} />
          </h3>
        </div>
        <dl className="mt-1.5 grid grid-cols-[58px_minmax(0,1fr)] gap-x-2 gap-y-[3px] text-t2 [&_b]:font-semibold [&_b]:text-t1">
          <Facts incident={incident} seconds={seconds} callee={callee} difference={difference} />
        </dl>
        <div className="mt-2 flex flex-wrap gap-1.5">
          <Ways finding={worst} callee={callee} parameters={compared} />
        </div>
      </div>
      {worst.kind === 'edge' && <FindingChart edgeId={worst.id} failing={worst.failing} />}
      {callers.length > 0 && <CallersTable callers={callers} seconds={seconds} parameters={compared} />}
    </li>
  )
}

function Sentence({ incident: { worst, callers } }: { incident: Incident }) {
  const t = useTranslations()
  const name = nameOf(worst)
  const wrong = wrongOf(worst)
  return (
    <>
      {wrong === 'unhealthy' ? t('overview.unhealthy', { name, health: t(`health.${worst.health}`) }) : t(`overview.${wrong}`, { name })}
      {callers.length > 0 && <span className="font-normal text-t2">{t('overview.moreCallers', { count: callers.length - 1 })}</span>}
    </>
  )
}

function nameOf(finding: Finding): string {
  return finding.kind === 'edge' ? `${finding.source.name} → ${finding.target.name}` : finding.node.name
}

function Facts({ incident, seconds, callee, difference }: Omit<IncidentRowProps, 'parameters'> & { callee: TopologyNode }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const { worst: finding } = incident
  const { calls, errors } = countsOf(finding)
  const place = [callee.environment, callee.cluster, callee.namespace].filter((part) => part !== '').join(' · ')
  return (
    <>
      <Fact name={t('what')}>
        {calls === 0
          ? t('silent')
          : errors === 0
            ? t('noneFail', { rate: format.text(format.rate(calls, seconds)) })
            : t.rich('errorsOf', { share: format.text(format.share(errors, calls)), rate: format.text(format.rate(calls, seconds)), b: bold })}
        <Times finding={finding} difference={difference} />
      </Fact>
      {finding.kind === 'edge' && finding.worse !== null && <Since effect={finding.worse} words="worsened" />}
      {finding.kind === 'edge' && finding.better !== null && <Since effect={finding.better} words="healed" />}
      {place !== '' && <Fact name={t('where')}>{place}</Fact>}
      {difference !== undefined && difference.causes.length > 0 && (
        <Fact name={t('likely')}>
          <Causes causes={difference.causes.slice(0, 2)} />
        </Fact>
      )}
      {finding.kind === 'edge' && (
        <Fact name={t('evidence')}>
          <span className="inline-flex flex-wrap gap-1">
            <EvidenceChips evidence={finding.edge.evidence} />
          </span>
        </Fact>
      )}
    </>
  )
}

function Times({ finding, difference }: { finding: Finding; difference: EdgeDiff | undefined }) {
  const t = useTranslations('overview')
  const format = useFormat()
  if (finding.kind === 'edge') return <EdgeTimes edge={finding.edge} beforeMs={finding.worse === null ? (difference?.base?.p95Ms ?? null) : null} />
  const { p95Ms } = finding.node
  return p95Ms === null ? null : t.rich('andP95', { p95: durationText(format, p95Ms), b: bold })
}

/** What got worse inside the window or is over, from what to what. */
function Since({ effect: { measure, now, base }, words }: { effect: EdgeEffect; words: 'worsened' | 'healed' }) {
  const t = useTranslations('overview')
  const names = useTranslations('map.diff.measure')
  const format = useFormat()
  const value = (each: number): string => format.text(measure === 'errorRate' ? format.share(each, 1) : format.duration(each))
  return <Fact name={t('now')}>{t.rich(words, { measure: names(measure), now: value(now), base: value(base), b: bold })}</Fact>
}

function EdgeTimes({ edge, beforeMs }: { edge: TopologyEdge; beforeMs: number | null }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const values = [edge.client, edge.network, edge.server].map((side) => (side === null ? null : durationText(format, side.p95Ms)))
  const [client, network, server] = values
  return (
    <>
      {client !== null && client !== undefined && t.rich('clientP95', { p95: client, b: bold })}
      {client !== null && beforeMs !== null && t('before', { value: durationText(format, beforeMs) })}
      {client !== null && beforeMs === null && edge.weekAgoP95Ms !== null && t('lastWeek', { value: durationText(format, edge.weekAgoP95Ms) })}
      {network !== null && network !== undefined && t.rich('networkOf', { network, b: bold })}
      {server !== null && server !== undefined && t('serverP95', { p95: server })}
    </>
  )
}

const bold = (chunks: ReactNode) => <b>{chunks}</b>

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-t3">{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Ways({ finding, callee, parameters }: { finding: Finding; callee: TopologyNode; parameters: LinkParameters }) {
  const t = useTranslations('overview')
  const traced = finding.kind === 'edge' ? tracesOfEdge(finding.edge, [finding.source, finding.target], null) : tracesOfNode(finding.node, [], null)
  return (
    <>
      <Way path="/map" parameters={finding.kind === 'edge' ? { ...parameters, edge: finding.id } : { node: finding.id }} primary>
        {t('openMap')}
      </Way>
      {!finding.failing && (
        <Way path="/bottlenecks" parameters={{ through: callee.name }}>
          {t('whereTime')}
        </Way>
      )}
      {callee.kind === 'service' && <Way {...serviceLink(callee)}>{t('openService')}</Way>}
      {traced !== null && <Way {...tracesOf(traced, finding.failing ? 'failed' : 'slow')}>{finding.failing ? t('failingTraces') : t('slowTraces')}</Way>}
    </>
  )
}

function Way({ path, parameters = {}, primary = false, children }: Evidence & { primary?: boolean; children: ReactNode }) {
  return (
    <ViewLink path={path} parameters={parameters} className={buttonClass({ small: true, look: primary ? 'primary' : 'outline' })}>
      {children}
    </ViewLink>
  )
}
