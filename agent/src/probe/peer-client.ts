import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { type Carried, carriedSchema, KEY_HEADER, PEER_PATH, type PeerAnswer, peerAnswerSchema } from './peer-words.ts'

/** One way to a peer, one exchange at a time or several. Every method rejects with a sentence, and after its time. */
export interface PeerClient {
  /** Opens a connection of its own and closes it. */
  connect(limitMs: number): Promise<void>
  ask(limitMs: number): Promise<PeerAnswer>
  /** Bytes that arrived within the time, and how long that took. */
  download(bytes: number, limitMs: number): Promise<Carried>
  /** Bytes sent within the time, as the peer saw them arrive. */
  upload(bytes: number, limitMs: number): Promise<Carried>
  close(): void
}

export interface PeerClientOptions {
  address: string
  key: string | undefined
  connections: number
  nowMs: () => number
  /** Ends whatever is under way; what is asked for afterwards is not begun. */
  signal: AbortSignal
}

const ANSWER_BYTES = 64 * 1024
const CHUNK = Buffer.alloc(64 * 1024)

export function createPeerClient(options: PeerClientOptions): PeerClient {
  const { address, nowMs, signal } = options
  const base = new URL(`http://${address}`)
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections })
  const headers = options.key === undefined ? {} : { [KEY_HEADER]: options.key }
  const underWay = new Set<ClientRequest>()
  const open = (path: string, limitMs: number, method = 'GET'): ClientRequest => {
    if (signal.aborted) throw stopped()
    const request = httpRequest(new URL(path, base), { agent, method, headers })
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), limitMs)
    underWay.add(request)
    return request.on('close', () => {
      clearTimeout(timer)
      underWay.delete(request)
    })
  }
  // One listener for all requests: a signal for each would be kept as long as this one lives.
  const stop = (): void => {
    for (const request of underWay) request.destroy(stopped())
    agent.destroy()
  }
  signal.addEventListener('abort', stop)
  return {
    connect: (limitMs) => connectOnce(base, limitMs, signal),
    async ask(limitMs) {
      return peerAnswerSchema.parse(JSON.parse(await textOf(await answerOf(open(PEER_PATH.ask, limitMs)))))
    },
    async download(bytes, limitMs) {
      const answer = await answerOf(open(`${PEER_PATH.down}?bytes=${bytes}`, limitMs * 2))
      const startMs = nowMs()
      const carried: Carried = { bytes: 0, ms: 0 }
      for await (const part of answer as AsyncIterable<Buffer>) {
        carried.bytes += part.length
        carried.ms = nowMs() - startMs
        if (carried.bytes >= bytes || carried.ms >= limitMs) break
      }
      return carried
    },
    async upload(bytes, limitMs) {
      const request = open(PEER_PATH.up, limitMs * 4, 'POST')
      const answer = answerOf(request)
      answer.catch(() => undefined)
      const endMs = nowMs() + limitMs
      for (let left = bytes; left > 0 && nowMs() < endMs && !request.destroyed; ) {
        const part = CHUNK.subarray(0, Math.min(left, CHUNK.length))
        left -= part.length
        if (!request.write(part)) await Promise.race([answer.then(undefined, () => undefined), new Promise((resolve) => request.once('drain', resolve))])
      }
      request.end()
      const carried = carriedSchema.parse(JSON.parse(await textOf(await answer)))
      return { bytes: Math.min(carried.bytes, bytes), ms: carried.ms }
    },
    close() {
      signal.removeEventListener('abort', stop)
      agent.destroy()
    },
  }
}

function stopped(): Error {
  return new Error('stopped')
}

function connectOnce(base: URL, limitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(stopped())
    const host = base.hostname.replace(/^\[|\]$/g, '')
    const socket = connect({ host, port: Number(base.port), timeout: limitMs })
    const stop = (): void => void socket.destroy(stopped())
    signal.addEventListener('abort', stop)
    const settle = (why: Error | null): void => {
      signal.removeEventListener('abort', stop)
      socket.destroy()
      if (why === null) resolve()
      else reject(why)
    }
    socket.once('connect', () => settle(null))
    socket.once('timeout', () => settle(new Error(`no connection in ${limitMs} ms`)))
    socket.on('error', settle)
  })
}

function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (answer) => {
      answer.on('error', reject)
      if (answer.statusCode === 200) return resolve(answer)
      answer.resume()
      reject(new Error(answer.statusCode === 403 ? 'the peer wants another agent.probe.key (403)' : `the peer answers ${answer.statusCode}`))
    })
    if (request.method === 'GET') request.end()
  })
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > ANSWER_BYTES) throw new Error('the peer answers too much')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
