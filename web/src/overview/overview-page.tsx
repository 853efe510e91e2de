'use client'
import { useTranslations } from 'next-intl'
import { Page } from '../frame/page.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

export function OverviewPage() {
  const t = useTranslations('nav')
  return (
    <Page title={t('overview')}>
      <EmptyState />
    </Page>
  )
}
