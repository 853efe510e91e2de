import type { OutcomeReason } from '@skein/schemas/outcomes'
import type { OtlpSignal } from '../answers/export-response.ts'

/** Upper bounds of the append histogram, seconds. */
const APPEND_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8] as const

export interface IntakeMetrics {
  accepted(signal: OtlpSignal, records: number, bytes: number): void
  refused(reason: OutcomeReason, records: number): void
  cut(reason: OutcomeReason, records: number): void
  /** Findings overwritten before records were durable. */
  masked(signal: OtlpSignal, findings: number): void
  appended(seconds: number, envelopes: number): void
  heartbeats(count: number): void
  /** Prometheus text, version 0.0.4. */
  text(gauges: Readonly<Record<string, number>>): string
}

export function createIntakeMetrics(): IntakeMetrics {
  const counters = new Map<string, number>()
  const buckets = APPEND_BUCKETS.map(() => 0)
  let appendCount = 0
  let appendSeconds = 0

  function add(name: string, value: number): void {
    counters.set(name, (counters.get(name) ?? 0) + value)
  }

  return {
    accepted(signal, records, bytes) {
      add(`skein_intake_requests_total{signal="${signal}"}`, 1)
      add(`skein_intake_records_total{signal="${signal}"}`, records)
      add(`skein_intake_bytes_total{signal="${signal}"}`, bytes)
    },
    refused(reason, records) {
      add(`skein_intake_refused_total{reason="${reason}"}`, 1)
      add(`skein_intake_refused_records_total{reason="${reason}"}`, records)
    },
    cut(reason, records) {
      add(`skein_intake_cut_total{reason="${reason}"}`, records)
    },
    masked(signal, findings) {
      if (findings > 0) add(`skein_intake_masked_total{signal="${signal}"}`, findings)
    },
    appended(seconds, envelopes) {
      add('skein_append_envelopes_total', envelopes)
      appendCount++
      appendSeconds += seconds
      for (let i = 0; i < buckets.length; i++) if (seconds <= APPEND_BUCKETS[i]!) buckets[i]!++
    },
    heartbeats(count) {
      add('skein_heartbeats_total', count)
    },
    text(gauges) {
      const lines = counterLines(counters)
      lines.push('# TYPE skein_append_seconds histogram')
      APPEND_BUCKETS.forEach((bound, i) => lines.push(`skein_append_seconds_bucket{le="${bound}"} ${buckets[i]}`))
      lines.push(
        `skein_append_seconds_bucket{le="+Inf"} ${appendCount}`,
        `skein_append_seconds_sum ${appendSeconds}`,
        `skein_append_seconds_count ${appendCount}`,
      )
      for (const [name, value] of Object.entries(gauges)) lines.push(`# TYPE ${name} gauge`, `${name} ${value}`)
      return `${lines.join('\n')}\n`
    },
  }
}

// Lines of one family must stand together under its type.
function counterLines(counters: ReadonlyMap<string, number>): string[] {
  const lines: string[] = []
  let family = ''
  for (const [name, value] of [...counters].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const own = name.split('{')[0]!
    if (own !== family) lines.push(`# TYPE ${own} counter`)
    family = own
    lines.push(`${name} ${value}`)
  }
  return lines
}
