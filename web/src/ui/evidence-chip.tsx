'use client'
import type { TopologyEdge } from '@skein/schemas/api/topology'
import { EVIDENCE } from '@skein/schemas/topology'
import type { Evidence } from '@skein/schemas/topology'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { Tag } from './chip.tsx'

/** How an edge is known: the share of each evidence among its calls, paired first. Names stay as on the wire, explained in the title. */
export function EvidenceChips({ evidence }: { evidence: TopologyEdge['evidence'] }) {
  const t = useTranslations('evidence')
  const format = useFormat()
  return (
    <>
      {evidenceShares(evidence).map(({ kind, calls, total }) => (
        <Tag key={kind} tone={kind === 'paired' ? 'ok' : 'plain'} title={t(kind)}>
          {kind} {format.text(format.share(calls, total))}
        </Tag>
      ))}
    </>
  )
}

/** The kinds that were seen, largest first. */
export function evidenceShares(evidence: Readonly<Record<Evidence, number>>): { kind: Evidence; calls: number; total: number }[] {
  const total = EVIDENCE.reduce((sum, kind) => sum + evidence[kind], 0)
  return EVIDENCE.map((kind) => ({ kind, calls: evidence[kind], total }))
    .filter(({ calls }) => calls > 0)
    .toSorted((a, b) => b.calls - a.calls)
}
