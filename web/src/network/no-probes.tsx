'use client'
import { useTranslations } from 'next-intl'
import { useStatus } from '../api/questions.ts'
import { useRangeText } from '../frame/use-range-text.ts'
import { Card } from '../ui/card.tsx'
import { CommandBox } from '../ui/command-box.tsx'
import { Centered } from '../ui/empty-state.tsx'

/** No agent measured anything: the configuration that makes two of them do; nothing while it is not known where to. */
export function NoProbes() {
  const t = useTranslations('network.empty')
  const range = useRangeText()
  const status = useStatus()
  if (status.data === undefined) return null
  return (
    <Card className="flex-none">
      <Centered>
        <h2 className="text-16">{t('title', { range })}</h2>
        <p className="text-t2">{t('body')}</p>
        <CommandBox command={configuration(status.data.otlp.http)} />
        <p className="text-t2">{t('start')}</p>
        <CommandBox command="npx skein agent --config skein.yaml" />
        <p className="text-t2">{t('groups')}</p>
      </Centered>
    </Card>
  )
}

function configuration(endpoint: string): string {
  return [
    'agent:',
    `  endpoint: ${endpoint}`,
    '  probe:',
    '    name: bj-1',
    '    labels: { network: calico, zone: bj }',
    '    host: 10.1.0.11',
    '    port: 4319',
    '    peers:',
    '      - address: 10.1.0.12:4319',
    '      - address: 10.2.0.11:4319',
  ].join('\n')
}
