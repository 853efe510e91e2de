'use client'
import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormat } from '../format/use-format.ts'
import { durationText } from '../services/red-columns.tsx'
import { serviceLink } from '../services/service-link.ts'
import { buttonClass } from '../ui/button.tsx'
import { EvidenceChips } from '../ui/evidence-chip.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import type { LinkParameters } from '../url/view-state.ts'
import { countsOf } from './findings.ts'
import type { Finding } from './findings.ts'

/** One finding: a sentence, the facts that prove it, the ways on. */
export function FindingRow({ finding, seconds }: { finding: Finding; seconds: number }) {
  const callee = finding.kind === 'edge' ? finding.target : finding.node
  return (
    <li className="border-t border-line px-3 py-2.5">
      <div className="flex items-center gap-2">
        <HealthMark health={finding.health} size={14} />
        <h3 className="truncate text-14 tracking-[-.005em]">
          <Sentence finding={finding} />
        </h3>
      </div>
      <dl className="mt-1.5 grid grid-cols-[58px_minmax(0,1fr)] gap-x-2 gap-y-[3px] text-t2 [&_b]:font-semibold [&_b]:text-t1">
        <Facts finding={finding} seconds={seconds} callee={callee} />
      </dl>
      <div className="mt-2 flex flex-wrap gap-1.5">
        <Ways finding={finding} callee={callee} />
      </div>
    </li>
  )
}

function Sentence({ finding }: { finding: Finding }) {
  const t = useTranslations()
  const name = finding.kind === 'edge' ? `${finding.source.name} → ${finding.target.name}` : finding.node.name
  if (finding.failing) return t('overview.failing', { name })
  return countsOf(finding).errors === 0 ? t('overview.slow', { name }) : t('overview.unhealthy', { name, health: t(`health.${finding.health}`) })
}

function Facts({ finding, seconds, callee }: { finding: Finding; seconds: number; callee: TopologyNode }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const { calls, errors } = countsOf(finding)
  const bold = { b: (chunks: ReactNode) => <b>{chunks}</b> }
  const place = [callee.environment, callee.cluster, callee.namespace].filter((part) => part !== '').join(' · ')
  return (
    <>
      <Fact name={t('what')}>
        {calls === 0
          ? t('silent')
          : t.rich('errorsOf', { share: format.text(format.share(errors, calls)), rate: format.text(format.rate(calls, seconds)), ...bold })}
        {finding.kind === 'edge' ? (
          <EdgeTimes edge={finding.edge} />
        ) : (
          finding.node.p95Ms !== null && `, ${t('p95Is', { p95: durationText(format, finding.node.p95Ms) })}`
        )}
      </Fact>
      {place !== '' && <Fact name={t('where')}>{place}</Fact>}
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

function EdgeTimes({ edge }: { edge: TopologyEdge }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const parts = [
    edge.client === null ? null : t('clientP95', { p95: durationText(format, edge.client.p95Ms) }),
    edge.network === null ? null : t('networkOf', { network: durationText(format, edge.network.p95Ms) }),
    edge.server === null ? null : t('serverP95', { p95: durationText(format, edge.server.p95Ms) }),
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : <>{`; ${parts.join(', ')}`}</>
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-t3">{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Ways({ finding, callee }: { finding: Finding; callee: TopologyNode }) {
  const t = useTranslations('overview')
  const caller = finding.kind === 'edge' ? finding.source : finding.node
  const traced = callee.kind === 'service' ? callee : caller
  return (
    <>
      <Way path="/map" parameters={finding.kind === 'edge' ? { edge: finding.id } : { node: finding.id }} primary>
        {t('openMap')}
      </Way>
      {callee.kind === 'service' && <Way {...serviceLink(callee)}>{t('openService')}</Way>}
      {traced.kind === 'service' && (
        <Way path="/traces" parameters={finding.failing ? { service: traced.name, error: 'true' } : { service: traced.name, sort: 'longest' }}>
          {finding.failing ? t('failingTraces') : t('slowTraces')}
        </Way>
      )}
    </>
  )
}

function Way({ path, parameters, primary = false, children }: { path: string; parameters: LinkParameters; primary?: boolean; children: ReactNode }) {
  return (
    <ViewLink path={path} parameters={parameters} className={buttonClass({ small: true, look: primary ? 'primary' : 'outline' })}>
      {children}
    </ViewLink>
  )
}
