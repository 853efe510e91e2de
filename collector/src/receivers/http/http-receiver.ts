import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { DEFAULT_PRINCIPAL } from '../../admit/admission.ts'
import { limitConnections } from '../../admit/connection-limit.ts'
import type { OtlpSignal } from '../../answers/export-response.ts'
import type { ReceiverDeps } from '../receiver-deps.ts'
import { MAX_CONNECTIONS_PER_ADDRESS, MAX_HEADER_BYTES, MAX_HEADERS } from '../receiver-deps.ts'
import { handleExport } from './export-route.ts'
import { answerText } from './http-answer.ts'

const EXPORT_PATHS: ReadonlyMap<string, OtlpSignal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/logs', 'logs'],
  ['/v1/metrics', 'metrics'],
])
/** Whoever gets here has the wrong path, as an SDK whose endpoint is that of one signal, or the wrong port. */
const NOT_FOUND = `not found: OTLP is sent by POST to ${[...EXPORT_PATHS.keys()].join(', ')}; pages and the API are at another port\n`
/** Longer than any exporter's interval, so that the client and not we end an idle connection. */
const KEEP_ALIVE_MS = 65_000
const CHECK_MS = 1000
const SWEEP_MS = 20

export interface HttpReceiver {
  /** Resolves with the port when listening. */
  listen(host: string, port: number): Promise<number>
  /** Accepts no more connections; resolves when the open ones are done, or were closed at the deadline. */
  close(deadlineMs: number): Promise<void>
}

/** `operator` answers GET requests of people and machines that look after the collector; false when the path is not its own. */
export function createHttpReceiver(deps: ReceiverDeps, operator: (request: IncomingMessage, response: ServerResponse) => boolean): HttpReceiver {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: Math.min(deps.limits.headerMs, deps.limits.bodyMs),
    requestTimeout: deps.limits.bodyMs,
    connectionsCheckingInterval: CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  })
  // One more than allowed is kept, so that it can be seen.
  server.maxHeadersCount = MAX_HEADERS + 1
  const open = limitConnections(server, { maxConnections: deps.limits.connections, maxPerAddress: MAX_CONNECTIONS_PER_ADDRESS })
  server.on('request', (request, response) => route(request, response, deps, operator))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerBroken(error, socket as Socket, deps))
  return {
    async listen(host, port) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      server.once('error', reject)
      server.listen(port, host, resolve)
      await promise
      return (server.address() as AddressInfo).port
    },
    close: (deadlineMs) => closeServer(server, open, deadlineMs),
  }
}

function route(
  request: IncomingMessage,
  response: ServerResponse,
  deps: ReceiverDeps,
  operator: (request: IncomingMessage, response: ServerResponse) => boolean,
): void {
  if (request.rawHeaders.length > MAX_HEADERS * 2) {
    response.setHeader('connection', 'close')
    return answerText(response, 431, 'too many headers\n')
  }
  if (deps.draining()) response.setHeader('connection', 'close')
  const path = (request.url ?? '').split('?', 1)[0]!
  const signal = EXPORT_PATHS.get(path)
  if (signal === undefined) {
    if (!operator(request, response)) answerText(response, 404, NOT_FOUND)
  } else if (request.method === 'POST') void handleExport(request, response, signal, deps)
  else {
    response.setHeader('allow', 'POST')
    answerText(response, 405, 'use POST\n')
  }
}

/** What is not HTTP, or came too slowly: one line of answer, then the connection is closed. */
function answerBroken(error: NodeJS.ErrnoException, socket: Socket, deps: ReceiverDeps): void {
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  if (late) deps.intake.refuse('traces', DEFAULT_PRINCIPAL, { reason: 'intake_body_ms', message: 'too slow' }, 0)
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const status = late ? '408 Request Timeout' : error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`, () => socket.destroy())
}

async function closeServer(server: Server, open: ReadonlySet<Socket>, deadlineMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  // A connection kept alive goes idle only after its last answer.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
  const timer = setTimeout(() => {
    for (const socket of open) socket.destroy()
  }, deadlineMs)
  await promise
  clearInterval(sweep)
  clearTimeout(timer)
}
