import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { timingSafeEqual } from 'node:crypto'
import type { AgentProbeConfig } from '@skein/schemas/agent-probe'
import type { AgentLogger } from '../agent-deps.ts'
import { listen } from '../listen.ts'
import { type Carried, type Identity, KEY_HEADER, PEER_PATH, type PeerAnswer } from './peer-words.ts'

/** What other agents measure: answers at once, sends and takes bytes. It tells its name and labels and nothing else of the host. */
export interface PeerServer {
  /** Resolves with the port. */
  start(): Promise<number>
  stop(): void
}

export interface PeerServerOptions extends Pick<AgentProbeConfig, 'host' | 'port' | 'key' | 'transferBytes' | 'limitMs'> {
  identity: Identity
  nowMs: () => number
  logger: AgentLogger
}

const MAX_CONNECTIONS = 256
/** More transfers at a time would measure each other. */
const MAX_TRANSFERS = 2
const CHUNK = Buffer.alloc(64 * 1024)

export function createPeerServer(options: PeerServerOptions): PeerServer {
  const { host, port, limitMs, logger } = options
  const answer = JSON.stringify({ ...options.identity, transferBytes: options.transferBytes } satisfies PeerAnswer)
  let transfers = 0
  const server = createServer({ requestTimeout: limitMs * 4 + 5000, headersTimeout: 5000, keepAliveTimeout: 10_000, noDelay: true })
  server.maxConnections = MAX_CONNECTIONS

  async function transfer(response: ServerResponse, work: () => Promise<void>): Promise<void> {
    if (transfers >= MAX_TRANSFERS) return void response.writeHead(503, { connection: 'close' }).end()
    transfers++
    try {
      await work()
    } catch (error) {
      // Whoever measures sees the connection end; the agent goes on.
      logger.debug({ event: 'transfer_failed', why: String(error) }, 'A transfer to or from a peer failed')
      response.destroy()
    } finally {
      transfers--
    }
  }

  server.on('request', (request, response) => {
    // No URL is made of it: whatever stands there, it only has to be one of three words.
    const [pathname, search] = (request.url ?? '').split('?', 2)
    if (!mayAsk(request, options.key)) response.writeHead(403, { connection: 'close' }).end()
    else if (request.method === 'GET' && pathname === PEER_PATH.ask) response.setHeader('content-type', 'application/json').end(answer)
    else if (request.method === 'GET' && pathname === PEER_PATH.down)
      void transfer(response, () => send(response, bytesOf(new URLSearchParams(search).get('bytes'), options), options))
    else if (request.method === 'POST' && pathname === PEER_PATH.up) void transfer(response, () => take(request, response, options))
    else response.writeHead(404, { connection: 'close' }).end()
  })
  return {
    start: () =>
      listen(server, {
        host,
        port,
        settings: { host: 'SKEIN_AGENT__PROBE__HOST', port: 'SKEIN_AGENT__PROBE__PORT' },
        failed: (error) => logger.warn({ event: 'peer_refused', why: String(error) }, 'A peer cannot be answered'),
      }),
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function mayAsk(request: IncomingMessage, key: string | undefined): boolean {
  if (key === undefined) return true
  const sent = Buffer.from(String(request.headers[KEY_HEADER] ?? ''))
  const wanted = Buffer.from(key)
  return sent.length === wanted.length && timingSafeEqual(sent, wanted)
}

function bytesOf(text: string | null, { transferBytes }: PeerServerOptions): number {
  const wanted = Number(text)
  return Number.isSafeInteger(wanted) && wanted > 0 ? Math.min(wanted, transferBytes) : 0
}

/** Ends when all was sent, when the time is up, or when the reader is gone. */
async function send(response: ServerResponse, bytes: number, { nowMs, limitMs }: PeerServerOptions): Promise<void> {
  const endMs = nowMs() + limitMs
  let left = bytes
  response.setHeader('content-type', 'application/octet-stream').flushHeaders()
  // A reader that stops reading is let go of.
  const timer = setTimeout(() => response.destroy(), limitMs * 2)
  while (left > 0 && nowMs() < endMs && !response.destroyed) {
    const part = CHUNK.subarray(0, Math.min(left, CHUNK.length))
    left -= part.length
    if (!response.write(part)) await drained(response)
  }
  response.end()
  if (!response.writableFinished && !response.destroyed) await once(response, ['finish', 'close'])
  clearTimeout(timer)
}

async function take(request: IncomingMessage, response: ServerResponse, { transferBytes, limitMs, nowMs }: PeerServerOptions): Promise<void> {
  const carried: Carried = { bytes: 0, ms: 0 }
  let firstMs: number | null = null
  const timer = setTimeout(() => request.destroy(), limitMs * 4)
  request.on('data', (part: Buffer) => {
    firstMs ??= nowMs()
    carried.bytes += part.length
    carried.ms = nowMs() - firstMs
    if (carried.bytes > transferBytes) request.destroy()
  })
  request.on('error', () => undefined)
  await once(request, ['end', 'close'])
  clearTimeout(timer)
  if (request.complete) response.setHeader('content-type', 'application/json').end(JSON.stringify(carried))
}

function drained(response: ServerResponse): Promise<void> {
  return once(response, ['drain', 'close'])
}

function once(emitter: IncomingMessage | ServerResponse, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) emitter.off(event, done)
      resolve()
    }
    for (const event of events) emitter.on(event, done)
  })
}
