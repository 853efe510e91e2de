import { request as httpRequest, Agent as HttpAgent } from 'node:http'
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https'
import type { OutcomeReason } from '@skein/schemas/outcomes'
import type { Encoding } from './compress.ts'
import type { AgentSignal } from './counters.ts'
import { readLogsResponse } from './logs-response.ts'

/**
 * What became of a request. `retry`: it was not taken, and may be later. `reject`: it never will be. `smaller`: half of it may be.
 * `encoding`: not compressed like that.
 */
export type Delivery =
  | { kind: 'ok'; rejected: number; message: string }
  | { kind: 'retry'; afterMs: number | null; why: string; config: boolean }
  | { kind: 'reject'; reason: OutcomeReason; why: string }
  | { kind: 'smaller'; why: string }
  | { kind: 'encoding' }

export interface Exporter {
  send(body: Buffer, encoding: Encoding): Promise<Delivery>
  close(): void
}

/** Longer than a collector may take to answer. */
const TIMEOUT_MS = 30_000
const ANSWER_BYTES = 64 * 1024
/** What somebody has to mend before anything is taken; nothing is lost meanwhile. */
const CONFIG_STATUS: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 421])

export interface ExporterOptions {
  endpoint: string
  signal: AgentSignal
  key: string | undefined
  userAgent: string
  connections: number
}

/** OTLP/HTTP to `<endpoint>/v1/<signal>`, over connections that are kept. */
export function createExporter(options: ExporterOptions): Exporter {
  const url = new URL(`${options.endpoint.replace(/\/+$/, '')}/v1/${options.signal}`)
  const secure = url.protocol === 'https:'
  const settings = { keepAlive: true, maxSockets: options.connections }
  const agent = secure ? new HttpsAgent(settings) : new HttpAgent(settings)
  const open = secure ? httpsRequest : httpRequest
  const headers = {
    'content-type': 'application/x-protobuf',
    'user-agent': options.userAgent,
    ...(options.key === undefined || options.key === '' ? {} : { 'x-skein-key': options.key }),
  }
  return {
    send: (body, encoding) =>
      new Promise((resolve) => {
        const retry = (error: Error): void => resolve({ kind: 'retry', afterMs: null, why: error.message || String(error), config: false })
        const request = open(url, {
          method: 'POST',
          agent,
          timeout: TIMEOUT_MS,
          headers: { ...headers, 'content-length': body.length, ...(encoding === 'none' ? {} : { 'content-encoding': encoding }) },
        })
        request.on('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)))
        request.on('error', retry)
        request.on('response', (response) => {
          const parts: Buffer[] = []
          let bytes = 0
          response.on('data', (part: Buffer) => {
            bytes += part.length
            if (bytes <= ANSWER_BYTES) parts.push(part)
          })
          response.on('error', retry)
          response.on('end', () => resolve(deliveryOf(response.statusCode ?? 0, response.headers['retry-after'], Buffer.concat(parts))))
        })
        request.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** The table of OTLP over HTTP, with the difference that a wrong address or key is waited for, because nothing of a file is lost by waiting. */
export function deliveryOf(status: number, retryAfter: string | undefined, answer: Buffer): Delivery {
  if (status >= 200 && status < 300) return { kind: 'ok', ...readLogsResponse(answer) }
  if (status === 415) return { kind: 'encoding' }
  if (status === 413) return { kind: 'smaller', why: 'the collector takes no request of this size (413)' }
  if (CONFIG_STATUS.has(status)) return { kind: 'retry', afterMs: null, why: configSentence(status), config: true }
  if (status === 408 || status === 429 || status >= 500 || status < 200 || (status >= 300 && status < 400))
    return { kind: 'retry', afterMs: afterMs(retryAfter), why: `the collector answers ${status}`, config: false }
  return { kind: 'reject', reason: 'malformed', why: `the collector refuses it for good (${status})` }
}

function configSentence(status: number): string {
  if (status === 401 || status === 403) return `the collector does not take the key (${status}): set agent.key to one made with skein keys create`
  return `there is no OTLP collector at the endpoint (${status}): mend agent.endpoint`
}

/** Seconds alone: a date would need a clock that both sides agree on. */
function afterMs(header: string | undefined): number | null {
  const seconds = Number(header)
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null
}
