'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useStatus } from '../api/questions.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { useRangeText } from '../frame/use-range-text.ts'
import { useFormat } from '../format/use-format.ts'
import { RELATIVE_RANGES, resolveRange } from '../url/time-range.ts'
import { useView } from '../url/view-state.ts'
import { Button } from './button.tsx'
import { Card } from './card.tsx'
import { CommandBox } from './command-box.tsx'

/** A filter of the page that can be taken away from an empty result. */
export interface RemovableFilter {
  label: string
  remove: () => void
}

/**
 * Why there is nothing: no spans were ever sent (and how to send some), the filters leave none, or the window is quiet. The status of the
 * platform decides between the first and the others.
 */
export function EmptyState({ filters = [] }: { filters?: readonly RemovableFilter[] }) {
  const status = useStatus()
  if (status.data === undefined) return null
  if (status.data.newestData === null) return <NothingSent otlpHttp={status.data.otlp.http} />
  return <NothingHere filters={filters} newestMs={Date.parse(status.data.newestData)} />
}

/** Only the first case of `EmptyState`: how to send a first span, as long as none ever came. */
export function NothingYet() {
  const status = useStatus()
  if (status.data?.store.ok !== true || status.data.newestData !== null) return null
  return (
    <Card className="flex-none">
      <NothingSent otlpHttp={status.data.otlp.http} />
    </Card>
  )
}

/** The exact command to send a first span. */
function NothingSent({ otlpHttp }: { otlpHttp: string }) {
  const t = useTranslations('empty')
  const { view } = useView()
  return (
    <Centered>
      <h2 className="text-16">{view.env === '' ? t('noSpansTitle') : t('noSpansIn', { environment: view.env })}</h2>
      <p className="text-t2">{t('sendOne')}</p>
      <CommandBox command={sendCommand(otlpHttp)} />
      <h3 className="mt-2">{t('demoTitle')}</h3>
      <p className="text-t2">{t('demo')}</p>
      <CommandBox command="npm run demo" />
    </Centered>
  )
}

function sendCommand(otlpHttp: string): string {
  return [
    'npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node',
    'export OTEL_SERVICE_NAME=my-service',
    'export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${otlpHttp}`,
    'node --require @opentelemetry/auto-instrumentations-node/register app.js',
  ].join('\n')
}

function NothingHere({ filters, newestMs }: { filters: readonly RemovableFilter[]; newestMs: number }) {
  const t = useTranslations('empty')
  const format = useFormat()
  const range = useRangeText()
  return <NothingMatches filters={filters} quiet={t('quietTitle', { range })} body={t('quietBody', { time: format.dateTime(newestMs) })} />
}

export interface NothingMatchesProps {
  filters: readonly RemovableFilter[]
  /** The title where nothing narrows the window. */
  quiet: string
  body: string
}

/** The window is quiet, or its filters leave nothing: each can be taken away, and the window made wider. */
export function NothingMatches({ filters, quiet, body }: NothingMatchesProps) {
  const t = useTranslations('empty')
  const { setView } = useView()
  const range = useRangeText()
  const scope = useScopeFilters()
  const all = [...filters, ...scope]
  const wider = useWiderRange()
  return (
    <Centered>
      <h2>{all.length === 0 ? quiet : t('filteredTitle', { count: all.length, range })}</h2>
      <p className="text-t2">{body}</p>
      <p className="flex flex-wrap gap-2">
        {all.map((filter) => (
          <Button key={filter.label} onClick={filter.remove}>
            {t('remove', { filter: filter.label })}
          </Button>
        ))}
        {wider !== null && (
          <Button look="primary" onClick={() => void setView({ from: wider.from, to: 'now' })}>
            {t('widen', { range: wider.label })}
          </Button>
        )}
      </p>
    </Centered>
  )
}

/** Environment and cluster of the view, as far as they are set. */
export function useScopeFilters(): readonly RemovableFilter[] {
  const { view, setView } = useView()
  const filters: RemovableFilter[] = []
  if (view.env !== '') filters.push({ label: `environment:${view.env}`, remove: () => void setView({ env: '' }) })
  if (view.cluster !== '') filters.push({ label: `cluster:${view.cluster}`, remove: () => void setView({ cluster: '' }) })
  return filters
}

function useWiderRange(): { from: string; label: string } | null {
  const t = useTranslations('span')
  const { view } = useView()
  const nowMs = browserNowMs()
  const { startMs } = resolveRange(view, nowMs)
  const from = RELATIVE_RANGES.find((range) => resolveRange({ from: range, to: 'now' }, nowMs).startMs < startMs - 1000)
  return from === undefined ? null : { from, label: t(from) }
}

/** In the middle of what would have been there. */
export function Centered({ children }: { children: ReactNode }) {
  return <div className="mx-auto flex w-full max-w-[640px] flex-col gap-2 p-6">{children}</div>
}
