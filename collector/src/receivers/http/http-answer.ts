import type { ServerResponse } from 'node:http'
import { ACCEPT_ENCODING } from '../../admit/decompress.ts'
import type { Accepted, OtlpSignal } from '../../answers/export-response.ts'
import { encodeExportResponse, exportResponseJson } from '../../answers/export-response.ts'
import type { Refusal } from '../../answers/refusal.ts'
import { answerRule, spread } from '../../answers/refusal.ts'
import { encodeStatus, statusJson, statusOf } from '../../answers/status-message.ts'

export const PROTOBUF = 'application/x-protobuf'
export const JSON_TYPE = 'application/json'
export type MediaType = typeof PROTOBUF | typeof JSON_TYPE

export function answerAccepted(response: ServerResponse, signal: OtlpSignal, type: MediaType, accepted: Accepted): void {
  send(response, 200, type, type === PROTOBUF ? encodeExportResponse(accepted) : Buffer.from(exportResponseJson(signal, accepted)))
}

/** A refusal in the type of the request; a type that is not understood is answered in JSON. */
export function answerRefusal(response: ServerResponse, type: MediaType | null, refusal: Refusal, random: () => number): void {
  const rule = answerRule(refusal.reason)
  const waitMs = rule.retryAfterMs === undefined ? undefined : spread(rule.retryAfterMs, random)
  // Whole seconds are all that the header can say, and 0 would mean at once.
  if (waitMs !== undefined) response.setHeader('retry-after', String(Math.max(1, Math.round(waitMs / 1000))))
  if (rule.http === 401) response.setHeader('www-authenticate', 'Bearer realm="skein"')
  if (refusal.reason === 'unsupported_encoding') response.setHeader('accept-encoding', ACCEPT_ENCODING)
  const status = statusOf(refusal, waitMs)
  const answerType = rule.http === 415 ? JSON_TYPE : (type ?? JSON_TYPE)
  send(response, rule.http, answerType, answerType === PROTOBUF ? encodeStatus(status) : Buffer.from(statusJson(status)))
}

/** For what is not an OTLP request at all. */
export function answerText(response: ServerResponse, code: number, text: string, type = 'text/plain; charset=utf-8'): void {
  send(response, code, type, Buffer.from(text))
}

function send(response: ServerResponse, code: number, type: string, body: Buffer): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(code, { 'content-type': type, 'content-length': body.length, 'x-content-type-options': 'nosniff' })
  response.end(body)
}
