import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { QueryDeps } from './app-types.ts'
import { buildApp } from './app.ts'
import { createLifecycle } from './lifecycle.ts'
import { assertSafeAddress } from './listen-address.ts'

export interface Query {
  /** Resolves when it answers. Rejects with a sentence for the operator when the address is not safe or taken. */
  start(): Promise<{ port: number; url: string }>
  /** Stops accepting, answers what is in flight, and gives up at the deadline; `remaining` requests were cut off. */
  stop(deadlineMs: number): Promise<{ remaining: number }>
}

/** The API and the web interface on one listener. The store and the log stay open: who opened them closes them. */
export function createQuery(deps: QueryDeps): Query {
  const lifecycle = createLifecycle()
  let app: FastifyInstance | null = null
  return {
    async start() {
      assertSafeAddress(deps.config)
      app = await buildApp(deps, lifecycle)
      await app.listen({ host: deps.config.host, port: deps.config.ports.http, listenTextResolver: (address) => `query listens at ${address}` })
      const address = app.server.address()
      if (address === null || typeof address === 'string') throw new Error('listening on something that is no port')
      const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
      return { port: address.port, url: `http://${host}:${address.port}` }
    },
    async stop(deadlineMs) {
      if (app === null) return { remaining: 0 }
      lifecycle.drain()
      const closed = app.close().then(() => 0)
      const gaveUp = new AbortController()
      const late = delay(deadlineMs, null, { signal: gaveUp.signal }).then(() => lifecycle.inFlight())
      const remaining = await Promise.race([closed, late.catch(() => 0)])
      gaveUp.abort()
      app.server.closeAllConnections()
      await closed
      return { remaining }
    },
  }
}
