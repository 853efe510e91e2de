'use client'
import { useTranslations } from 'next-intl'
import { type ReactNode, useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { BriefLines } from '../logs/brief-lines.tsx'
import { joinedPages } from '../logs/joined-pages.ts'
import { type LogConditions, useLogs } from '../logs/questions.ts'
import { RelatedLogs } from '../logs/related-logs.tsx'
import { PanelSection } from '../map/panel-parts.tsx'
import { absolute } from '../url/time-range.ts'
import { lineCountText } from './line-count.ts'
import { LineMarksContext, marksBySpan } from './line-marks.ts'
import type { TraceReading } from './reader-client.ts'

/** Lines of a trace are written a little before and after its spans, by clocks that may differ. */
const AROUND_MS = 120_000

function useTraceWindow({ model }: TraceReading): { start: string; end: string } {
  const startMs = Number(model.originUnixNano / 1_000_000n)
  const endMs = startMs + model.durationNs / 1e6
  return useMemo(() => {
    const { from, to } = absolute(startMs - AROUND_MS, endMs + AROUND_MS)
    return { start: from, end: to }
  }, [startMs, endMs])
}

function useTraceConditions(reading: TraceReading, spanId?: string): LogConditions {
  const window = useTraceWindow(reading)
  const { traceId } = reading
  return useMemo(() => ({ q: '', traceId, spanId, window }), [traceId, spanId, window])
}

/** Gives the waterfall the lines of its spans. */
export function LineMarks({ reading, children }: { reading: TraceReading; children: ReactNode }) {
  const { originUnixNano } = reading.model
  const logs = useLogs(useTraceConditions(reading), 'asc')
  const marks = useMemo(() => marksBySpan(joinedPages(logs.data?.pages ?? []).lines, originUnixNano), [logs.data, originUnixNano])
  return <LineMarksContext value={marks}>{children}</LineMarksContext>
}

/** All lines of the trace, in the order they were written. */
export function TraceLogs({ reading }: { reading: TraceReading }) {
  const t = useTranslations('logs.related')
  const { start, end } = useTraceWindow(reading)
  return (
    <RelatedLogs
      conditions={useTraceConditions(reading)}
      order="asc"
      search={`trace_id:${reading.traceId}`}
      parameters={{ from: start, to: end }}
      empty={<p className="p-3 text-t2">{t('traceNone')}</p>}
    />
  )
}

/** The lines of one span; nothing where it has none. */
export function SpanLogs({ reading, spanId }: { reading: TraceReading; spanId: string }) {
  const t = useTranslations('logs.related')
  const format = useFormat()
  const conditions = useTraceConditions(reading, spanId)
  const logs = useLogs(conditions)
  const [page] = logs.data?.pages ?? []
  if (!logs.isError && (page === undefined || page.lines.length === 0)) return null
  return (
    <PanelSection title={t('ofSpan')} end={page && lineCountText(page, format.integer)}>
      <BriefLines conditions={conditions} />
    </PanelSection>
  )
}
