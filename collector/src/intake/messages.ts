import type { OutcomeReason } from '@skein/schemas/outcomes'
import { WARNING_REASONS } from '../scan/scan-limits.ts'
import type { ScanLimits } from '../scan/scan-limits.ts'
import type { TraceScan } from '../scan/trace-scan.ts'

type WarningReason = (typeof WARNING_REASONS)[number]

/** What a partial success says: what was rejected, then what was taken but will be shortened or corrected. */
export function tracesMessage(scan: TraceScan, linksLeftOut: number, limits: ScanLimits): string {
  const parts: string[] = []
  if (scan.badIds > 0) parts.push(`${spans(scan.badIds)} rejected: trace, span or parent id is missing, zero or of the wrong length`)
  if (scan.tooLarge > 0) parts.push(`${spans(scan.tooLarge)} rejected: larger than ${limits.recordBytes} bytes with resource and scope`)
  for (const [index, reason] of WARNING_REASONS.entries()) {
    const count = scan.warnings[index]!
    if (count > 0) parts.push(`${spans(count)} ${warningText(reason, limits)}`)
  }
  if (linksLeftOut > 0) parts.push(`${spans(linksLeftOut)} linked to so many traces that not every link can be followed from the other side`)
  return parts.join('; ')
}

function spans(count: number): string {
  return count === 1 ? '1 span' : `${count} spans`
}

function warningText(reason: WarningReason, limits: ScanLimits): string {
  const texts: Record<WarningReason, string> = {
    intake_depth: `have values nested deeper than ${limits.depth}`,
    intake_attributes: `have more than ${limits.attributes} attributes in one place`,
    intake_key_bytes: `have attribute keys over ${limits.keyBytes} bytes`,
    intake_value_bytes: `have attribute values over ${limits.valueBytes} bytes`,
    intake_events: `have more than ${limits.events} events`,
    intake_links: `have more than ${limits.links} links`,
    intake_past_days: `started more than ${limits.pastDays} days ago: the time of arrival is used`,
    intake_future_minutes: `start more than ${limits.futureMinutes} minutes from now: the time of arrival is used`,
    negative_duration: 'end before they start: their duration is 0',
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
])

export function notStoredMessage(signal: 'logs' | 'metrics', records: number): string {
  const noun = signal === 'logs' ? 'log records' : 'data points'
  return `${records} ${noun} rejected: this Skein stores traces only; switch the ${signal} exporter off`
}
