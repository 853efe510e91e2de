import { Topic } from '@skein/schemas/topics'
import type { RangeResult } from './range-job.ts'

/** Why a look-up brought back less than is stored. */
export type CutReason = 'spans_per_trace' | 'owners_per_trace' | 'too_many_together' | 'over_limits'

/** Counters of this process since its start, as Prometheus text. */
export interface IngestMetrics {
  range(topic: string, result: RangeResult, seconds: number): void
  retried(): void
  lost(records: number): void
  rejected(table: string, rows: number): void
  /** Traces asked of the store for partners that came late, and spans found. */
  lookedUp(traces: number, spans: number): void
  lookUpCut(reason: CutReason): void
  text(lag: number): string
}

export function createIngestMetrics(): IngestMetrics {
  const drops = new Map<string, number>()
  const rejected = new Map<string, number>()
  const cut = new Map<CutReason, number>()
  const totals = { ranges: 0, rangeSeconds: 0, spans: 0, lines: 0, bytes: 0, retries: 0, lost: 0, forgotten: 0, lookedUp: 0, broughtBack: 0 }
  return {
    range(topic, result, seconds) {
      totals.ranges++
      totals.rangeSeconds += seconds
      totals.forgotten = Math.max(totals.forgotten, result.forgottenIds)
      for (const { visible, bytes } of result.shares) {
        if (topic === Topic.logs) totals.lines += visible
        else if (topic === Topic.traces) totals.spans += visible
        totals.bytes += bytes
      }
      for (const { reason, records } of result.drops) drops.set(reason, (drops.get(reason) ?? 0) + records)
    },
    retried: () => void totals.retries++,
    lost: (records) => void (totals.lost += records),
    rejected: (table, rows) => void rejected.set(table, (rejected.get(table) ?? 0) + rows),
    lookedUp(traces, spans) {
      totals.lookedUp += traces
      totals.broughtBack += spans
    },
    lookUpCut: (reason) => void cut.set(reason, (cut.get(reason) ?? 0) + 1),
    text: (lag) =>
      [
        counter('skein_ingest_spans_total', 'Spans inserted', [['', totals.spans]]),
        counter('skein_ingest_log_lines_total', 'Log lines inserted', [['', totals.lines]]),
        counter(
          'skein_ingest_dropped_total',
          'Accepted records not shown, by reason',
          [...drops].map(([reason, count]) => [`{reason="${reason}"}`, count]),
        ),
        counter(
          'skein_ingest_rejected_rows_total',
          'Rows the store refused for good, by table',
          [...rejected].map(([table, count]) => [`{table="${table}"}`, count]),
        ),
        counter('skein_ingest_bytes_total', 'Envelope bytes taken from the log', [['', totals.bytes]]),
        counter('skein_ingest_ranges_total', 'Ranges inserted and committed', [['', totals.ranges]]),
        counter('skein_ingest_range_seconds_total', 'Time from the cut of a range until all of it was inserted', [['', totals.rangeSeconds]]),
        counter('skein_ingest_retries_total', 'Attempts repeated because store or log did not answer', [['', totals.retries]]),
        counter('skein_ingest_look_ups_total', 'Traces looked up in the store for partners that came late', [['', totals.lookedUp]]),
        counter('skein_ingest_looked_up_spans_total', 'Stored spans that those look-ups found', [['', totals.broughtBack]]),
        counter(
          'skein_ingest_look_ups_cut_total',
          'Look-ups that brought back less than is stored, by reason',
          [...cut].map(([reason, count]) => [`{reason="${reason}"}`, count]),
        ),
        counter('skein_ingest_lost_records_total', 'Records gone from the log before they were read', [['', totals.lost]]),
        counter('skein_ingest_forgotten_batch_ids_total', 'Batch ids forgotten early for want of memory', [['', totals.forgotten]]),
        `# HELP skein_ingest_lag_records Envelopes in the log that are not done\n# TYPE skein_ingest_lag_records gauge\nskein_ingest_lag_records ${lag}\n`,
      ].join(''),
  }
}

function counter(name: string, help: string, samples: readonly (readonly [labels: string, value: number])[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} counter\n${lines.join('')}`
}
