'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { Answer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { Tag } from './chip.tsx'
import { ErrorState } from './error-state.tsx'
import { Icon } from './icon.tsx'
import { Skeleton } from './skeleton.tsx'

export interface AnswerGateProps<T> {
  answer: Pick<Answer<T>, 'data' | 'isError' | 'error' | 'dataUpdatedAt'> & { refetch: () => Promise<unknown> }
  /** Shown while the first answer is awaited; default is a few bars. */
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}

/** Loading, failed, or there: the first two are the same everywhere. A failed refresh keeps the old data and dates it. */
export function AnswerGate<T>({ answer, skeleton, children }: AnswerGateProps<T>) {
  if (answer.data !== undefined) {
    return (
      <>
        {answer.isError && <StaleChip answer={answer} />}
        {children(answer.data)}
      </>
    )
  }
  if (answer.error !== null) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
  return <>{skeleton ?? <Skeleton rows={6} />}</>
}

/** `as of 20:08:12`, with the reason as its title. */
export function StaleChip({ answer }: { answer: Pick<Answer<unknown>, 'dataUpdatedAt' | 'error'> }) {
  const t = useTranslations('state')
  const format = useFormat()
  return (
    <div role="status" className="px-3 py-1">
      <Tag tone="degraded" title={answer.error?.message ?? ''}>
        <Icon name="clock" size={11} />
        {t('stale', { time: format.clockSeconds(answer.dataUpdatedAt) })}
      </Tag>
    </div>
  )
}
