/** What the scan measures against; the keys of `limits.intake`. */
export interface ScanLimits {
  records: number
  recordBytes: number
  depth: number
  depthHard: number
  attributes: number
  keyBytes: number
  valueBytes: number
  logBodyBytes: number
  events: number
  links: number
  pastDays: number
  futureMinutes: number
}

/** Reasons of accepted records that a later step cuts or corrects, in the order of `RecordScan.warnings`. */
export const WARNING_REASONS = [
  'intake_depth',
  'intake_attributes',
  'intake_key_bytes',
  'intake_value_bytes',
  'intake_events',
  'intake_links',
  'intake_past_days',
  'intake_future_minutes',
  'negative_duration',
  'intake_log_body_bytes',
  'bad_id',
] as const
export const Warning = {
  depth: 1,
  attributes: 2,
  keyBytes: 4,
  valueBytes: 8,
  events: 16,
  links: 32,
  past: 64,
  future: 128,
  negativeDuration: 256,
  logBodyBytes: 512,
  badId: 1024,
} as const
