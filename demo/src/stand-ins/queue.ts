import { createServer, type Server, type Socket } from 'node:net'

export interface QueueMessage {
  body: unknown
  /** Trace context, as a real queue carries it in headers. */
  headers: Record<string, string>
}

const BATCH_MS = 500
const MAX_WAITING = 10_000

/** A queue over TCP, a JSON value a line: `{"publish": message}` or `{"subscribe": true}`; subscribers get arrays of messages twice a second. */
export function createQueueStandIn(): Server {
  let waiting: QueueMessage[] = []
  const subscribers = new Set<Socket>()
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('close', () => subscribers.delete(socket))
    let pending = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      const lines = (pending + chunk).split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) {
        const command = JSON.parse(line) as { publish?: QueueMessage; subscribe?: true }
        if (command.subscribe === true) subscribers.add(socket)
        if (command.publish !== undefined && waiting.length < MAX_WAITING) waiting.push(command.publish)
      }
    })
  })
  const timer = setInterval(() => {
    const [subscriber] = subscribers
    if (subscriber === undefined || waiting.length === 0) return
    subscriber.write(`${JSON.stringify(waiting)}\n`)
    waiting = []
  }, BATCH_MS)
  server.on('close', () => clearInterval(timer))
  return server
}
