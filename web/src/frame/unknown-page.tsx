'use client'
import { useTranslations } from 'next-intl'
import { buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { Page } from './page.tsx'

/** An address that leads nowhere. */
export function UnknownPage() {
  const t = useTranslations()
  return (
    <Page title={t('unknown.title')}>
      <Card className="flex flex-col items-start gap-3 p-6">
        <p>{t('unknown.body')}</p>
        <ViewLink path="/" className={buttonClass({ look: 'primary' })}>
          {t('nav.overview')}
        </ViewLink>
      </Card>
    </Page>
  )
}
