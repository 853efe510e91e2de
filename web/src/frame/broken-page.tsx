'use client'
import { useTranslations } from 'next-intl'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Page } from './page.tsx'

/** A page whose drawing failed: our fault, said plainly, with what to report. */
export function BrokenPage({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTranslations()
  return (
    <Page title={t('broken.title')}>
      <Card className="p-6">
        <div role="alert" className="flex flex-col items-start gap-3">
          <p>{t('broken.body')}</p>
          <code className="max-w-full break-words text-t2">{error.message}</code>
          <p className="flex gap-2">
            <Button look="primary" onClick={onRetry}>
              {t('action.retry')}
            </Button>
            <CopyButton word label={t('action.copy')} text={error.stack ?? error.message} />
          </p>
        </div>
      </Card>
    </Page>
  )
}
