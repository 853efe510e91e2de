'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { LogHistogram } from '../logs/log-histogram.tsx'
import { RelatedLogs } from '../logs/related-logs.tsx'
import { quoted } from '../search/suggestion.ts'
import { Card } from '../ui/card.tsx'

/** The search for the lines of a service. */
export function serviceSearch({ name, namespace }: { name: string; namespace: string }): string {
  return `service:${quoted(name)}${namespace === '' ? '' : ` namespace:${quoted(namespace)}`}`
}

/** What one service says. */
export function ServiceLogs({ name, namespace }: { name: string; namespace: string }) {
  const t = useTranslations('logs')
  const q = serviceSearch({ name, namespace })
  const conditions = useMemo(() => ({ q }), [q])
  return (
    <Card className="min-h-[420px] flex-1">
      <LogHistogram conditions={conditions} />
      <RelatedLogs conditions={conditions} search={q} empty={<p className="p-3 text-t2">{t('related.serviceNone')}</p>} />
    </Card>
  )
}
