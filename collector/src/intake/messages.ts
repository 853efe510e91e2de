import type { OutcomeReason } from '@skein/schemas/outcomes'
import type { StoredSignal } from '../answers/export-response.ts'
import type { RecordScan } from '../scan/record-scan.ts'
import { WARNING_REASONS } from '../scan/scan-limits.ts'
import type { ScanLimits } from '../scan/scan-limits.ts'

type WarningReason = (typeof WARNING_REASONS)[number]

/** What a partial success says: what was rejected, then what was taken but will be shortened or corrected. */
export function partialMessage(signal: StoredSignal, scan: RecordScan, linksLeftOut: number, limits: ScanLimits): string {
  const parts: string[] = []
  const noun = signal === 'traces' ? 'span' : 'log record'
  const some = (count: number): string => (count === 1 ? `1 ${noun}` : `${count} ${noun}s`)
  if (scan.badIds > 0) parts.push(`${some(scan.badIds)} rejected: trace, span or parent id is missing, zero or of the wrong length`)
  if (scan.tooLarge > 0) parts.push(`${some(scan.tooLarge)} rejected: larger than ${limits.recordBytes} bytes with resource and scope`)
  for (const [index, reason] of WARNING_REASONS.entries()) {
    const count = scan.warnings[index]!
    if (count > 0) parts.push(`${some(count)} ${warningText(reason, limits)}`)
  }
  if (linksLeftOut > 0) parts.push(`${some(linksLeftOut)} linked to so many traces that not every link can be followed from the other side`)
  return parts.join('; ')
}

function warningText(reason: WarningReason, limits: ScanLimits): string {
  const texts: Record<WarningReason, string> = {
    intake_depth: `with values nested deeper than ${limits.depth}`,
    intake_attributes: `with more than ${limits.attributes} attributes in one place`,
    intake_key_bytes: `with attribute keys over ${limits.keyBytes} bytes`,
    intake_value_bytes: `with attribute values over ${limits.valueBytes} bytes`,
    intake_events: `with more than ${limits.events} events`,
    intake_links: `with more than ${limits.links} links`,
    intake_log_body_bytes: `with a body over ${limits.logBodyBytes} bytes: the rest is cut`,
    intake_past_days: `with a time more than ${limits.pastDays} days ago: the time of arrival is used`,
    intake_future_minutes: `with a time more than ${limits.futureMinutes} minutes from now: the time of arrival is used`,
    negative_duration: 'with an end before the start: the duration is 0',
    bad_id: 'with a trace or span id of the wrong length: taken without it',
  }
  return texts[reason]
}

/** Reasons that mean a part of the record is left out later; a corrected clock is not one. */
export const CUT_REASONS: ReadonlySet<OutcomeReason> = new Set<OutcomeReason>([
  'intake_depth',
  'intake_attributes',
  'intake_key_bytes',
  'intake_value_bytes',
  'intake_events',
  'intake_links',
  'intake_log_body_bytes',
  'bad_id',
])

export function metricsMessage(points: number): string {
  return `${points} data points rejected: this Skein stores traces and logs only; switch the metrics exporter off`
}
