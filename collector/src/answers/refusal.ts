import type { OutcomeReason } from '@skein/schemas/outcomes'

/** Why a whole request was not accepted. */
export interface Refusal {
  reason: RefusalReason
  /** English, for whoever operates the client. */
  message: string
  /** What of the request is wrong, for a request that can never be accepted. */
  field?: string
}

/** Codes of gRPC that an OTLP answer uses. */
export const GrpcCode = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const

export interface AnswerRule {
  http: number
  grpc: number
  /** Present when the client should come again, and when. */
  retryAfterMs?: number
}

/** The one place where a reason becomes a status. Clients drop on 500, so it is not here. */
export const ANSWER_RULES = {
  unauthenticated: { http: 401, grpc: GrpcCode.unauthenticated },
  key_revoked: { http: 403, grpc: GrpcCode.permissionDenied },
  key_not_allowed: { http: 403, grpc: GrpcCode.permissionDenied },
  malformed: { http: 400, grpc: GrpcCode.invalidArgument },
  bad_compression: { http: 400, grpc: GrpcCode.invalidArgument },
  intake_depth_hard: { http: 400, grpc: GrpcCode.invalidArgument },
  poison: { http: 400, grpc: GrpcCode.invalidArgument },
  unsupported_media_type: { http: 415, grpc: GrpcCode.unimplemented },
  unsupported_encoding: { http: 415, grpc: GrpcCode.unimplemented },
  intake_body_bytes: { http: 413, grpc: GrpcCode.resourceExhausted },
  intake_records: { http: 413, grpc: GrpcCode.resourceExhausted },
  intake_body_ms: { http: 408, grpc: GrpcCode.deadlineExceeded },
  intake_decode_bytes: { http: 503, grpc: GrpcCode.unavailable, retryAfterMs: 1000 },
  intake_inflight_bytes: { http: 503, grpc: GrpcCode.unavailable, retryAfterMs: 1000 },
  intake_ack_ms: { http: 503, grpc: GrpcCode.unavailable, retryAfterMs: 1000 },
  log_full: { http: 503, grpc: GrpcCode.unavailable, retryAfterMs: 30_000 },
  log_unavailable: { http: 503, grpc: GrpcCode.unavailable, retryAfterMs: 2000 },
  draining: { http: 503, grpc: GrpcCode.unavailable, retryAfterMs: 1000 },
  internal: { http: 503, grpc: GrpcCode.unavailable, retryAfterMs: 5000 },
} as const satisfies Partial<Record<OutcomeReason, AnswerRule>>

export type RefusalReason = keyof typeof ANSWER_RULES

export function answerRule(reason: RefusalReason): AnswerRule {
  return ANSWER_RULES[reason]
}

/** Spreads a wait by ±20 %, so that clients refused together do not come back together. `random` is in [0, 1). */
export function spread(waitMs: number, random: () => number): number {
  return Math.round(waitMs * (0.8 + 0.4 * random()))
}
