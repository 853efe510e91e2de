'use client'
import { useTranslations } from 'next-intl'
import type { ApiError } from '../api/client.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { Icon } from './icon.tsx'

/** Failures a reader meets in a normal life; the rest is told in the server's own words. */
const EXPLAINED = [
  'unreachable',
  'timeout',
  'unexpected_answer',
  'store_unavailable',
  'log_unavailable',
  'query_timeout',
  'query_too_large',
  'too_many_queries',
  'draining',
  'forbidden',
  'unauthenticated',
] as const

/** What failed, what to do, retry, and the code to hand on. */
export function ErrorState({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const t = useTranslations()
  const { code, detail, hint, status } = error.failure
  const explained = EXPLAINED.find((known) => known === code)
  return (
    <div role="alert" className="m-3 flex flex-col items-start gap-2 rounded-2 bg-bad-bg p-3 text-t2">
      <p className="flex items-center gap-2 font-semibold text-t1">
        <Icon name={code === 'forbidden' || code === 'unauthenticated' ? 'lock' : 'warn'} className="text-bad" />
        {t('state.errorTitle')}
      </p>
      <p>{explained === undefined ? detail : t(`state.${explained}`)}</p>
      {explained === undefined && hint !== null && <p>{hint}</p>}
      <p className="flex flex-wrap items-center gap-2">
        <Button small onClick={onRetry}>
          {t('action.retry')}
        </Button>
        <code>
          {t('state.code')} {code}
          {status === 0 ? '' : ` · ${status}`}
        </code>
        <CopyButton word label={t('action.copy')} text={`${code} ${status} ${detail}`} />
      </p>
    </div>
  )
}
