import { createServer, type Server, type Socket } from 'node:net'

export interface QueueMessage {
  body: unknown
  /** Trace context, as a real queue carries it in headers. */
  headers: Record<string, string>
}

const BATCH_MS = 500
const BATCH_MESSAGES = 5
const MAX_WAITING = 10_000

/**
 * A queue over TCP, a JSON value a line: `{"publish": message}`, or `{"pull": true}`, which is answered by an array of messages as soon as there are
 * any: who does not pull lets the queue back up.
 */
export function createQueueStandIn(): Server {
  const waiting: QueueMessage[] = []
  const pulling = new Set<Socket>()
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('close', () => pulling.delete(socket))
    let pending = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      const lines = (pending + chunk).split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) {
        const command = JSON.parse(line) as { publish?: QueueMessage; pull?: true }
        if (command.pull === true) pulling.add(socket)
        if (command.publish !== undefined && waiting.length < MAX_WAITING) waiting.push(command.publish)
      }
    })
  })
  const timer = setInterval(() => {
    for (const socket of pulling) {
      if (waiting.length === 0) return
      pulling.delete(socket)
      socket.write(`${JSON.stringify(waiting.splice(0, BATCH_MESSAGES))}\n`)
    }
  }, BATCH_MS)
  server.on('close', () => clearInterval(timer))
  return server
}
