'use client'
import type { BottleneckContributor } from '@skein/schemas/api/bottlenecks'
import { useTranslations } from 'next-intl'
import { partStyle } from './part-look.ts'

/** `playback → drm`, or the node alone: whose time it is. */
export function nameOf({ edge, node }: Pick<BottleneckContributor, 'edge' | 'node'>): string {
  return edge === null ? node.name : `${edge.source.name} → ${edge.target.name}`
}

export function ContributorName({ contributor }: { contributor: BottleneckContributor }) {
  const t = useTranslations('bottlenecks.part')
  const { part, operation } = contributor
  return (
    <span className="flex min-w-0 items-center gap-2">
      <PartSwatch part={part} />
      <span className="truncate" title={`${nameOf(contributor)} ${operation} · ${t(part)}`}>
        <b className="font-medium">{nameOf(contributor)}</b>{' '}
        <span className="text-t3">
          {operation} · {t(part)}
        </span>
      </span>
    </span>
  )
}

export function PartSwatch({ part }: { part: BottleneckContributor['part'] }) {
  return <i aria-hidden="true" className="h-[9px] w-[9px] flex-none rounded-[2px]" style={partStyle(part)} />
}
