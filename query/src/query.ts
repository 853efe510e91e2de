import type { QueryDeps } from './app-types.ts'
import { buildApp } from './app.ts'
import { assertSafeAddress } from './listen-address.ts'

export interface Query {
  /** Resolves when it answers. Rejects with a sentence for the operator when the address is not safe or taken. */
  start(): Promise<{ port: number; url: string }>
  /** Stops accepting, answers what is in flight, and gives up at the deadline; `remaining` requests were cut off. */
  stop(deadlineMs: number): Promise<{ remaining: number }>
}

export function createQuery(deps: QueryDeps): Query {
  const building = buildApp(deps)
  return {
    async start() {
      assertSafeAddress(deps.config)
      const app = await building
      await app.listen({ host: deps.config.host, port: deps.config.ports.http })
      const address = app.server.address()
      if (address === null || typeof address === 'string') throw new Error('listening on something that is no port')
      const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
      return { port: address.port, url: `http://${host}:${address.port}` }
    },
    async stop() {
      await (await building).close()
      return { remaining: 0 }
    },
  }
}
