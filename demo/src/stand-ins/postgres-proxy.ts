import { connect, createServer, type Server, type Socket } from 'node:net'
import { databaseOf } from './postgres.ts'

/** In front of a real PostgreSQL: what it says arrives `extraMs` later, in order. */
export function createPostgresProxy(upstreamPort: number, extraMs: (database: string) => number): Server {
  return createServer((client) => {
    client.setNoDelay(true)
    const upstream = connect(upstreamPort, '127.0.0.1').setNoDelay(true)
    let database: string | null = null
    const later = createDelay(client)
    client.on('data', (chunk: Buffer) => {
      database ??= databaseOf(chunk)
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => later(chunk, extraMs(database ?? '')))
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
}

/** Writes each chunk after its wait, never before one that came earlier. */
function createDelay(to: Socket): (chunk: Buffer, waitMs: number) => void {
  let before: Promise<void> = Promise.resolve()
  return (chunk, waitMs) => {
    const waited = waitMs > 0 ? new Promise<void>((resolve) => setTimeout(resolve, waitMs)) : Promise.resolve()
    before = Promise.all([before, waited]).then(() => void to.write(chunk))
  }
}
