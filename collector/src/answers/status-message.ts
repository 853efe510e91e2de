import { bytesField, textField, varintField } from './field-writer.ts'
import type { Refusal } from './refusal.ts'
import { answerRule } from './refusal.ts'

/** google.rpc.Status and the two details OTLP knows: BadRequest and RetryInfo (google/rpc/status.proto, error_details.proto). */
export interface StatusMessage {
  code: number
  message: string
  badField?: string
  retryDelayMs?: number
}

/** With everything in it an answer stays below 4 KiB. */
const MAX_TEXT = 1000
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest'
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo'

/** `retryDelayMs` is the wait already spread, the same that Retry-After says. */
export function statusOf(refusal: Refusal, retryDelayMs: number | undefined): StatusMessage {
  const rule = answerRule(refusal.reason)
  return {
    code: rule.grpc,
    message: refusal.message.slice(0, MAX_TEXT),
    ...(rule.http === 400 ? { badField: (refusal.field ?? 'body').slice(0, MAX_TEXT) } : {}),
    ...(retryDelayMs === undefined ? {} : { retryDelayMs }),
  }
}

export function encodeStatus(status: StatusMessage): Buffer {
  const parts = [varintField(1, status.code), textField(2, status.message)]
  if (status.badField !== undefined) {
    const violation = Buffer.concat([textField(1, status.badField), textField(2, status.message)])
    parts.push(bytesField(3, Buffer.concat([textField(1, BAD_REQUEST), bytesField(2, bytesField(1, violation))])))
  }
  if (status.retryDelayMs !== undefined) {
    const delay = Buffer.concat([varintField(1, Math.floor(status.retryDelayMs / 1000)), varintField(2, (status.retryDelayMs % 1000) * 1_000_000)])
    parts.push(bytesField(3, Buffer.concat([textField(1, RETRY_INFO), bytesField(2, bytesField(1, delay))])))
  }
  return Buffer.concat(parts)
}

export function statusJson(status: StatusMessage): string {
  const details: object[] = []
  if (status.badField !== undefined) details.push({ '@type': BAD_REQUEST, fieldViolations: [{ field: status.badField, description: status.message }] })
  if (status.retryDelayMs !== undefined) details.push({ '@type': RETRY_INFO, retryDelay: `${status.retryDelayMs / 1000}s` })
  return JSON.stringify({ code: status.code, message: status.message, ...(details.length > 0 ? { details } : {}) })
}
