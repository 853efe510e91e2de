'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useStatus } from '../../api/questions.ts'
import { Button } from '../../ui/button.tsx'
import { Centered, useScopeFilters } from '../../ui/empty-state.tsx'
import { NeverLogged } from '../no-lines.tsx'
import type { Tail } from './use-tail.ts'

interface EmptyTailProps {
  tail: Tail
  held: boolean
  q: string
  onResume: () => void
  onClear: () => void
}

/** Why a tail shows no line: it is held, was cleared, is not connected, nothing comes in at all, or nothing of what is asked for. */
export function EmptyTail({ tail, held, q, onResume, onClear }: EmptyTailProps) {
  const t = useTranslations('logs.tailing.empty')
  if (held) {
    return (
      <Reason title={t('held', { count: tail.waiting })}>
        <p>
          <Button look="primary" onClick={onResume}>
            {t('resume')}
          </Button>
        </p>
      </Reason>
    )
  }
  if (tail.connection === 'reconnecting') return <Reason title={t('away')} />
  if (tail.connection !== 'connected' || !tail.begun || tail.state === null) return null
  if (tail.shown.received > 0) return <Reason title={t('cleared')} />
  return <NothingCame seen={tail.state.seen} q={q} onClear={onClear} />
}

function NothingCame({ seen, q, onClear }: { seen: number; q: string; onClear: () => void }) {
  const t = useTranslations('logs.tailing.empty')
  const empty = useTranslations('empty')
  const status = useStatus()
  const scope = useScopeFilters()
  const filters = q === '' ? scope : [{ label: q, remove: onClear }, ...scope]
  const remove = (
    <p className="flex flex-wrap gap-2">
      {filters.map((filter) => (
        <Button key={filter.label} onClick={filter.remove}>
          {empty('remove', { filter: filter.label })}
        </Button>
      ))}
    </p>
  )
  if (seen > 0 && filters.length > 0) {
    return (
      <Reason title={t('noMatch', { count: seen })} hint={t('noMatchHint')}>
        {remove}
      </Reason>
    )
  }
  // they are shown within a moment
  if (seen > 0) return null
  return <NeverLogged otherwise={<Reason title={t('nothing')} hint={status.data && t('nothingHint', { endpoint: `${status.data.otlp.http}/v1/logs` })} />} />
}

function Reason({ title, hint, children }: { title: string; hint?: string | undefined; children?: ReactNode }) {
  return (
    <Centered>
      <h2>{title}</h2>
      {hint !== undefined && <p className="text-t2">{hint}</p>}
      {children}
    </Centered>
  )
}
