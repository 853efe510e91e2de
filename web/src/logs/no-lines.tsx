'use client'
import type { LogNote } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useStatus } from '../api/questions.ts'
import { useRangeText } from '../frame/use-range-text.ts'
import { CommandBox } from '../ui/command-box.tsx'
import { Centered, NothingMatches } from '../ui/empty-state.tsx'
import { useNoteText } from '../ui/use-note-text.ts'
import { useEverLogged } from './use-ever-logged.ts'
import type { LogsState, SetLogs } from './url.ts'

/** Why there are no lines: none ever came, and how to send some; or the search leaves none. */
export function NoLines({ notes, state, set }: { notes: readonly LogNote[]; state: LogsState; set: SetLogs }) {
  const t = useTranslations('logs.empty')
  const range = useRangeText()
  const noteText = useNoteText('logs')
  const [first] = notes
  const empty = notes.some(({ code }) => code === 'no_logs')
  const filters = state.q === '' ? [] : [{ label: state.q, remove: () => set({ q: '', line: '' }) }]
  const quiet = <NothingMatches filters={filters} quiet={t('quiet', { range })} body={empty || first === undefined ? t('quietBody') : noteText(first)} />
  return empty ? <NeverLogged otherwise={quiet} /> : quiet
}

/** How to send first lines, as long as none ever came in. */
export function NeverLogged({ otherwise }: { otherwise: ReactNode }) {
  const t = useTranslations('logs.empty')
  const status = useStatus()
  const ever = useEverLogged(true)
  if (ever === null) return null
  return ever ? otherwise : <HowToSend title={t('title')} otlpHttp={status.data?.otlp.http ?? ''} />
}

/** The exact commands to send first lines; nothing while it is not known where to. */
function HowToSend({ title, otlpHttp }: { title: string; otlpHttp: string }) {
  const t = useTranslations('logs.empty')
  if (otlpHttp === '') return null
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <Centered>
        <h2 className="text-16">{title}</h2>
        <p className="text-t2">{t('once')}</p>
        <CommandBox command={curlCommand(otlpHttp)} />
        <h3 className="mt-2">{t('sdkTitle')}</h3>
        <CommandBox command={`export OTEL_LOGS_EXPORTER=otlp\nexport OTEL_EXPORTER_OTLP_ENDPOINT=${otlpHttp}`} />
        <h3 className="mt-2">{t('agentTitle')}</h3>
        <p className="text-t2">{t('agent')}</p>
        <CommandBox command={'npx skein agent "/var/log/app/*.log"'} />
      </Centered>
    </div>
  )
}

function curlCommand(otlpHttp: string): string {
  const record = { severityNumber: 17, severityText: 'ERROR', body: { stringValue: 'drm connect timeout after 2000ms' } }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'my-service' } }] }
  const request = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ timeUnixNano: 'NOW', ...record }] }] }] })
  return `curl ${otlpHttp}/v1/logs -H 'content-type: application/json' -d '${request.replace('NOW', `'$(date +%s)'000000000`)}'`
}
