'use client'
import type { TraceLinksAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { FlameView } from './flame-view.tsx'
import type { TraceReaderClient, TraceReading } from './reader-client.ts'
import { ServiceTimeline } from './service-timeline.tsx'
import { SpanPanel } from './span-panel.tsx'
import { SpanTable } from './span-table.tsx'
import { LineMarks, TraceLogs } from './trace-logs.tsx'
import type { SpanRow } from './span-row.ts'
import type { TraceState } from './url.ts'
import { WaterfallView } from './waterfall-view.tsx'

export interface TraceViewProps {
  reading: TraceReading
  reader: TraceReaderClient
  /** Rows of the model to show. */
  rows: readonly SpanRow[]
  /** Keys of what is sought, null when nothing is. */
  found: ReadonlySet<string> | null
  /** Spans of other traces that link here. */
  linking: TraceLinksAnswer
  state: TraceState
  setState: (state: Partial<TraceState>) => void
}

/** One of the views of a trace, and the details of one span beside it. */
export function TraceView(props: TraceViewProps) {
  const { reading, reader, linking, state, setState } = props
  const { model } = reading
  // details stay open when their row is not shown
  const detailed = useMemo(() => model.rows.findIndex((each) => each.key === state.span), [model.rows, state.span])
  const row = model.rows[detailed]
  return (
    <LineMarks reading={reading}>
      <div className="relative flex min-h-0 flex-1">
        <section className="flex min-w-0 flex-1 flex-col bg-surface [--indent:6px] [--name-w:180px] phone:[--name-w:270px] wide:[--indent:15px] wide:[--name-w:340px]">
          <Shown {...props} />
        </section>
        {row !== undefined && (
          <SpanPanel
            key={row.key}
            reading={reading}
            reader={reader}
            row={row}
            index={detailed}
            linking={linking}
            onSelect={(span) => setState({ span })}
            onClose={() => setState({ span: '' })}
          />
        )}
      </div>
    </LineMarks>
  )
}

function Shown({ reading, rows, found, state, setState }: TraceViewProps) {
  const t = useTranslations('trace')
  const { model } = reading
  const select = (span: string) => setState({ span })
  if (state.view === 'logs') return <TraceLogs reading={reading} />
  if (rows.length === 0) return <p className="p-4 text-t2">{t('noMatch')}</p>
  if (state.view === 'flame') return <FlameView model={model} rows={rows} found={found} onSelect={select} />
  if (state.view === 'services') return <ServiceTimeline model={model} rows={rows} state={state} setState={setState} />
  if (state.view === 'table') return <SpanTable reading={reading} rows={rows} found={found} selected={state.span} onSelect={select} />
  return <WaterfallView model={model} rows={rows} found={found} state={state} setState={setState} />
}
