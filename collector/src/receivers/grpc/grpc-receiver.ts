import type { IncomingHttpHeaders, Http2Server, ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import { createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { limitConnections } from '../../admit/connection-limit.ts'
import type { OtlpSignal } from '../../answers/export-response.ts'
import type { ReceiverDeps } from '../receiver-deps.ts'
import { MAX_CONNECTIONS_PER_ADDRESS, MAX_HEADER_BYTES, MAX_HEADERS } from '../receiver-deps.ts'
import { handleCall } from './export-call.ts'
import { answerHttp, answerUnimplemented } from './grpc-answer.ts'

const EXPORT_PATHS: ReadonlyMap<string, OtlpSignal> = new Map([
  ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', 'traces'],
  ['/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'logs'],
  ['/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', 'metrics'],
])
/** A batch fits without waiting for the window to be opened again. */
const STREAM_WINDOW_BYTES = 1024 * 1024
const SESSION_WINDOW_BYTES = 8 * 1024 * 1024
/** Streams a client may reset before it is sent away: at once, and then a second (200 in 10 s). */
const RESET_BURST = 200
const RESETS_PER_SECOND = 20
const IDLE_MS = 30 * 60_000

export interface GrpcReceiver {
  /** Resolves with the port when listening. */
  listen(host: string, port: number): Promise<number>
  /** Says GOAWAY; resolves when the calls under way are answered, or were cut off at the deadline. */
  close(deadlineMs: number): Promise<void>
}

/**
 * Unary gRPC straight on HTTP/2: bytes are counted as they come and bodies are decompressed under the same budgets as over
 * HTTP, which a gRPC library does out of reach (docs/adr).
 */
export function createGrpcReceiver(deps: ReceiverDeps): GrpcReceiver {
  const server = createServer({
    settings: { maxConcurrentStreams: deps.limits.streams, initialWindowSize: STREAM_WINDOW_BYTES, maxHeaderListSize: MAX_HEADER_BYTES, enablePush: false },
    maxHeaderListPairs: MAX_HEADERS,
    streamResetBurst: RESET_BURST,
    streamResetRate: RESETS_PER_SECOND,
    unknownProtocolTimeout: deps.limits.headerMs,
  })
  const sessions = new Set<ServerHttp2Session>()
  limitConnections(server as unknown as import('node:net').Server, { maxConnections: deps.limits.connections, maxPerAddress: MAX_CONNECTIONS_PER_ADDRESS })
  server.on('session', (session) => keepSession(session, sessions, deps))
  server.on('stream', (stream, headers) => route(stream, headers, deps))
  return {
    async listen(host, port) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      server.once('error', reject)
      server.listen(port, host, resolve)
      await promise
      return (server.address() as AddressInfo).port
    },
    close: (deadlineMs) => closeServer(server, sessions, deadlineMs),
  }
}

function keepSession(session: ServerHttp2Session, sessions: Set<ServerHttp2Session>, deps: ReceiverDeps): void {
  sessions.add(session)
  session.setLocalWindowSize(SESSION_WINDOW_BYTES)
  session.setTimeout(IDLE_MS, () => session.close())
  // Whoever connects and then says nothing that is HTTP/2 is let go.
  const silent = setTimeout(() => session.destroy(), deps.limits.headerMs)
  session.once('remoteSettings', () => clearTimeout(silent))
  const harm = watchHarm(session)
  const peer = session.socket.remoteAddress
  session.on('error', (error: Error) => {
    // Go's client takes its leave with an id of its own, which Node takes for an error.
    if (harm.isDone()) deps.events.warn('grpc_connection_failed', 'a gRPC connection ended with an error', { err: error, peer })
    session.destroy()
  })
  session.once('close', () => {
    clearTimeout(silent)
    sessions.delete(session)
  })
}

/** Whether the end of a connection cuts off calls, or it never was one. */
function watchHarm(session: ServerHttp2Session): { isDone(): boolean } {
  let speaksHttp2 = false
  let cut = 0
  session.once('remoteSettings', () => {
    speaksHttp2 = true
  })
  session.on('stream', (stream) => {
    stream.once('close', () => {
      if (session.destroyed && !stream.writableFinished) cut++
    })
  })
  return { isDone: () => !speaksHttp2 || cut > 0 }
}

function route(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, deps: ReceiverDeps): void {
  // Without a listener a reset by the client would end the process.
  stream.on('error', () => stream.destroy())
  const path = headers[':path'] as string | undefined
  if (headers[':method'] !== 'POST') return answerHttp(stream, 405)
  if (!/^application\/grpc(\+proto)?(;|$)/.test(headers['content-type'] ?? '')) return answerHttp(stream, 415)
  const signal = EXPORT_PATHS.get(path ?? '')
  if (signal === undefined) return answerUnimplemented(stream, `unknown method ${path ?? ''}`)
  void handleCall(stream, headers, signal, deps)
}

async function closeServer(server: Http2Server, sessions: ReadonlySet<ServerHttp2Session>, deadlineMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  for (const session of sessions) session.close()
  const timer = setTimeout(() => {
    for (const session of sessions) session.destroy()
  }, deadlineMs)
  await promise
  clearTimeout(timer)
}
