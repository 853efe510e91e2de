'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

/** Key and value of a filter; with `onRemove` it can be taken away. */
export function Chip({ name, value, onRemove }: { name: string; value: string; onRemove?: () => void }) {
  const t = useTranslations('empty')
  return (
    <span className="inline-flex h-[22px] items-center gap-[5px] rounded-1 border border-line bg-sunken px-[7px] text-11 font-medium whitespace-nowrap text-t2">
      {name} <b className="font-semibold text-t1">{value}</b>
      {onRemove !== undefined && (
        <button type="button" aria-label={t('remove', { filter: `${name}:${value}` })} onClick={onRemove} className="-mr-1 p-0.5 text-t3 hover:text-t1">
          <Icon name="close" size={12} />
        </button>
      )}
    </span>
  )
}

export type TagTone = 'plain' | 'ok' | 'degraded' | 'bad' | 'accent' | 'marker'

const TONES: Readonly<Record<TagTone, string>> = {
  plain: 'bg-unknown-bg text-unknown-text',
  ok: 'bg-ok-bg text-ok-text',
  degraded: 'bg-degraded-bg text-degraded-text',
  bad: 'bg-bad-bg text-bad-text',
  accent: 'bg-accent-bg text-accent-text',
  marker: 'bg-marker-bg text-marker',
}

/** A short fact with a tone, such as how an edge is known. */
export function Tag({ tone = 'plain', children, title }: { tone?: TagTone; children: ReactNode; title?: string }) {
  return (
    <span title={title} className={`inline-flex h-[18px] items-center gap-1 rounded-1 px-[5px] text-10 font-semibold whitespace-nowrap ${TONES[tone]}`}>
      {children}
    </span>
  )
}
