'use client'
import type { EdgeAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { BriefLines } from '../logs/brief-lines.tsx'
import { withValues } from '../logs/conditions.ts'
import { ViewLink } from '../ui/view-link.tsx'
import { PanelSection } from './panel-parts.tsx'

/** What both ends of an edge warned of in its window. */
export function EdgeLogs({ data }: { data: EdgeAnswer }) {
  const t = useTranslations('logs.related')
  const { source, target, window } = data
  const services = [source, target].flatMap(({ kind, name }) => (kind === 'service' ? [name] : []))
  const q = withValues('severity>=warn', 'service', [...new Set(services)])
  const { start, end } = window
  const conditions = useMemo(() => ({ q, window: { start, end } }), [q, start, end])
  if (services.length === 0) return null
  return (
    <PanelSection
      title={t('errorsOf')}
      end={
        <ViewLink path="/logs" parameters={{ q, from: start, to: end }}>
          {t('open')}
        </ViewLink>
      }
    >
      <BriefLines services conditions={conditions} />
    </PanelSection>
  )
}
