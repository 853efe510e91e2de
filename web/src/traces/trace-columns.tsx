'use client'
import type { TraceSummary } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { browserNowMs } from '../frame/browser-clock.ts'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { Meter } from '../ui/meter.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { ViewLink } from '../ui/view-link.tsx'
import { fullBarMs } from './duration-bar.ts'

const SERVICES_SHOWN = 4

/** Columns of the list of traces; bars compare with the long traces of the list. */
export function useTraceColumns(rows: readonly TraceSummary[]): readonly TableColumn<TraceSummary>[] {
  const t = useTranslations('traces.column')
  const format = useFormat()
  const fullMs = fullBarMs(rows.map((row) => row.durationMs))
  return useMemo(
    () => [
      {
        id: 'entry',
        header: t('entry'),
        cell: (row) => <Entry trace={row} />,
        value: (row) => row.entry?.operation ?? null,
        className: 'max-w-[420px] truncate',
      },
      { id: 'time', header: t('time'), cell: (row) => <span className="text-t2">{format.dateTime(startMsOf(row))}</span>, value: startMsOf },
      {
        id: 'duration',
        header: t('duration'),
        cell: (row) => (
          <span className="inline-flex items-center gap-2">
            <span className="w-24">
              <Meter share={fullMs > 0 ? row.durationMs / fullMs : 0} color="cat-1" />
            </span>
            <b className="w-16 text-right font-semibold">{format.text(format.duration(row.durationMs))}</b>
          </span>
        ),
        value: (row) => row.durationMs,
        numeric: true,
      },
      { id: 'spans', header: t('spans'), cell: (row) => format.integer(row.spanCount), value: (row) => row.spanCount, numeric: true },
      {
        id: 'errors',
        header: t('errors'),
        cell: (row) => <Errors count={row.errors} text={format.integer(row.errors)} />,
        value: (row) => row.errors,
        numeric: true,
      },
      { id: 'services', header: t('services'), cell: (row) => <Services services={row.services} />, value: (row) => row.services.length, secondary: true },
      {
        id: 'id',
        header: t('id'),
        cell: (row) => (
          <ViewLink path="/trace" parameters={{ id: row.traceId }} className="mono" title={row.traceId}>
            {row.traceId.slice(0, 8)}
          </ViewLink>
        ),
        secondary: true,
      },
    ],
    [fullMs, format, t],
  )
}

export const startMsOf = (row: TraceSummary): number => Number(BigInt(row.startTimeUnixNano) / 1_000_000n)

/** A span is sent once it has ended, in batches: the first one of a trace comes last. */
const ARRIVES_MS = 15_000

function Entry({ trace }: { trace: TraceSummary }) {
  const isNew = browserNowMs() - startMsOf(trace) - trace.durationMs < ARRIVES_MS
  return (
    <ViewLink path="/trace" parameters={{ id: trace.traceId }}>
      <EntryName entry={trace.entry} missing={isNew ? 'arriving' : 'noRoot'} />
    </ViewLink>
  )
}

/** Service and operation that a trace begins with. */
export function EntryName({ entry, missing = 'noRoot' }: Pick<TraceSummary, 'entry'> & { missing?: 'arriving' | 'noRoot' }) {
  const t = useTranslations('traces')
  if (entry === null) {
    return (
      <span className="text-t3 italic" title={t(`${missing}Hint`)}>
        {t(missing)}
      </span>
    )
  }
  return (
    <>
      <b className="font-semibold text-t1">{entry.service}</b> {entry.operation}
    </>
  )
}

function Errors({ count, text }: { count: number; text: string }) {
  if (count === 0) return <span className="text-t3">0</span>
  return (
    <span className="inline-flex items-center gap-1.5 font-semibold text-bad-text">
      <HealthMark health="bad" size={10} />
      {text}
    </span>
  )
}

function Services({ services }: { services: readonly string[] }) {
  const rest = services.length - SERVICES_SHOWN
  return (
    <span className="text-t2" title={services.join(', ')}>
      {services.slice(0, SERVICES_SHOWN).join(', ')}
      {rest > 0 && <span className="text-t3"> +{rest}</span>}
    </span>
  )
}
