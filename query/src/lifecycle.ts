import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem-error.ts'

export interface Lifecycle {
  /** From now on only probes are answered. */
  drain: () => void
  isDraining: () => boolean
  /** Requests that have no answer yet. */
  inFlight: () => number
  install: (app: FastifyInstance) => void
}

const PROBES = new Set(['/livez', '/readyz'])

export function createLifecycle(): Lifecycle {
  let draining = false
  let inFlight = 0
  return {
    drain() {
      draining = true
    },
    isDraining: () => draining,
    inFlight: () => inFlight,
    install(app) {
      app.addHook('onRequest', async (request, reply) => {
        inFlight += 1
        reply.raw.once('close', () => {
          inFlight -= 1
        })
        if (draining && !PROBES.has(request.routeOptions.url ?? '')) {
          throw new ProblemError('draining', { hint: 'Ask again in a few seconds: another one is starting.', retryAfterSeconds: 5 })
        }
      })
    },
  }
}
