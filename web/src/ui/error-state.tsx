'use client'
import { useTranslations } from 'next-intl'
import type { ApiError } from '../api/client.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { failureWords } from './failure-words.ts'
import { Icon } from './icon.tsx'

/** What failed, what to do, retry, and the code to hand on. */
export function ErrorState({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const t = useTranslations()
  const { code, detail, hint, status } = error.failure
  const told = failureWords(t, error.failure)
  return (
    <div role="alert" className="m-3 flex flex-col items-start gap-2 rounded-2 bg-bad-bg p-3 text-t2">
      <p className="flex items-center gap-2 font-semibold text-t1">
        <Icon name={code === 'forbidden' || code === 'unauthenticated' ? 'lock' : 'warn'} className="text-bad" />
        {t('state.errorTitle')}
      </p>
      <p>{told ?? detail}</p>
      {told === null && hint !== null && <p>{hint}</p>}
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
