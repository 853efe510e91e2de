'use client'
import { useTranslations } from 'next-intl'
import { Page } from '../frame/page.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

export function ServicesPage() {
  const t = useTranslations('nav')
  return (
    <Page title={t('services')}>
      <EmptyState />
    </Page>
  )
}
