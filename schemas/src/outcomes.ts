import { z } from 'zod'

/** Why something was refused before acceptance, cut, or dropped after it. Closed: a new reason is added here first. */
export const OUTCOME_REASONS = [
  'unauthenticated',
  'key_revoked',
  'key_not_allowed',
  'malformed',
  'bad_compression',
  'unsupported_media_type',
  'unsupported_encoding',
  'intake_body_bytes',
  'intake_decode_bytes',
  'intake_inflight_bytes',
  'intake_records',
  'intake_record_bytes',
  'intake_depth_hard',
  'intake_body_ms',
  'intake_ack_ms',
  'bad_id',
  'signal_not_stored',
  'rate_records',
  'rate_bytes',
  'log_full',
  'log_unavailable',
  'draining',
  'poison',
  'internal',
  'intake_depth',
  'intake_attributes',
  'intake_key_bytes',
  'intake_value_bytes',
  'intake_events',
  'intake_links',
  'intake_log_body_bytes',
  'intake_past_days',
  'intake_future_minutes',
  'negative_duration',
  'repeat_batch',
  'repeat_span',
  'repeat_record',
  'rule_failed',
  'dead_letter',
  // Counted by agents, for what they could not deliver.
  'collector_refused',
  'agent_buffer_full',
  'agent_disk_refused',
] as const
export type OutcomeReason = (typeof OUTCOME_REASONS)[number]

/** refused: never acknowledged. cut: accepted, part left out. repeat, dead: acknowledged, and not shown a second time or at all. */
export const OUTCOME_KINDS = ['refused', 'cut', 'repeat', 'dead'] as const
export type OutcomeKind = (typeof OUTCOME_KINDS)[number]

export const SIGNALS = ['traces', 'logs', 'metrics'] as const

/** What a collector appends to `skein.outcomes` (content `json`), at most every 10 s; counts since the last one. */
export const outcomeBatch = z.object({
  outcomes: z.array(
    z.object({
      minuteMs: z.number().int(),
      signal: z.enum(SIGNALS),
      keyId: z.string(),
      kind: z.enum(OUTCOME_KINDS),
      reason: z.enum(OUTCOME_REASONS),
      requests: z.number().int().nonnegative(),
      records: z.number().int().nonnegative(),
      bytes: z.number().int().nonnegative(),
    }),
  ),
})
export type OutcomeBatch = z.infer<typeof outcomeBatch>
