'use client'
import type { TraceLinksAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { Button } from '../ui/button.tsx'
import { Tag } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { absolute } from '../url/time-range.ts'
import type { TraceReaderClient, TraceReading } from './reader-client.ts'
import { saveJson } from './save-json.ts'
import type { SpanRow } from './span-row.ts'
import { TraceFacts } from './trace-facts.tsx'
import { TraceFind } from './trace-find.tsx'
import { TRACE_VIEWS, type TraceState } from './url.ts'

export interface TraceBarProps {
  reading: TraceReading
  reader: TraceReaderClient
  rows: readonly SpanRow[]
  found: ReadonlySet<string> | null
  linking: TraceLinksAnswer
  state: TraceState
  setState: (state: Partial<TraceState>) => void
}

/** The views, what narrows them, and what the trace is. */
export function TraceBar({ reading, reader, rows, found, linking, state, setState }: TraceBarProps) {
  const t = useTranslations('trace')
  const { model } = reading
  return (
    <>
      <Segmented
        label={t('view')}
        value={state.view}
        onChange={(view) => setState({ view })}
        options={TRACE_VIEWS.map((view) => ({ value: view, label: t(`views.${view}`) }))}
      />
      {model.path.rows.size > 0 && (
        <Button aria-pressed={state.critical} onClick={() => setState({ critical: !state.critical })}>
          {t('pathOnly')}
        </Button>
      )}
      <TraceFacts model={model} />
      <LinkedFrom linking={linking} onSelect={(span) => setState({ span })} />
      <Sessions sessions={reading.sessions} startMs={Number(model.originUnixNano / 1_000_000n)} />
      <EntryBottlenecks entry={model.entry?.span ?? null} />
      <ViewLink path="/compare" parameters={{ a: reading.traceId }} className="inline-flex h-7 items-center whitespace-nowrap">
        {t('compare')}
      </ViewLink>
      <Button
        square
        aria-label={t('download')}
        title={t('download')}
        onClick={() => void reader.otlp().then((text) => saveJson(`trace-${reading.traceId}.json`, text))}
      >
        <Icon name="download" size={14} />
      </Button>
      <TraceFind
        rows={rows}
        found={found}
        text={state.q}
        selected={state.span}
        only={state.matches}
        onText={(q) => setState({ q })}
        onOnly={(matches) => setState({ matches })}
        onFound={(span) => setState({ span })}
      />
    </>
  )
}

/** Whether other traces that start as this one does spend their time at the same place. */
function EntryBottlenecks({ entry }: { entry: { service: string; name: string } | null }) {
  const t = useTranslations('trace')
  const nav = useTranslations('nav')
  if (entry === null) return null
  return (
    <ViewLink
      path="/bottlenecks"
      parameters={{ service: entry.service, operation: entry.name }}
      title={t('bottlenecksHint')}
      className="inline-flex h-7 items-center whitespace-nowrap"
    >
      {nav('bottlenecks')}
    </ViewLink>
  )
}

/** Opens the first span that others link to. */
function LinkedFrom({ linking, onSelect }: { linking: TraceLinksAnswer; onSelect: (key: string) => void }) {
  const t = useTranslations('trace')
  const target = linking.links[0]?.to[0]
  if (target === undefined) return null
  return (
    <button type="button" title={t('linkedFromHint')} onClick={() => onSelect(target)}>
      <Tag tone="accent">
        <Icon name="link" size={11} />
        {t(linking.truncated ? 'linkedFromMore' : 'linkedFrom', { count: linking.links.length })}
      </Tag>
    </button>
  )
}

/** What of a session is replayed before and after the trace. */
const REPLAYED_MS = 30 * 60_000

/** The sessions the trace belongs to, most often one. */
function Sessions({ sessions, startMs }: { sessions: readonly string[]; startMs: number }) {
  const t = useTranslations('trace')
  const nav = useTranslations('nav')
  const [session] = sessions
  if (session === undefined) return null
  return (
    <>
      <ViewLink path="/traces" parameters={{ attr: `session.id=${session}` }} title={t('sessionHint')} className="inline-flex max-w-48 items-center">
        <Tag>
          {t('session')} <span className="mono truncate">{session}</span>
          {sessions.length > 1 && ` +${sessions.length - 1}`}
        </Tag>
      </ViewLink>
      <ViewLink path="/replay" parameters={{ session, ...absolute(startMs - REPLAYED_MS, startMs + REPLAYED_MS) }}>
        {nav('replay')}
      </ViewLink>
    </>
  )
}
