import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemOf } from '../errors.ts'
import { statusOf } from '../problem-error.ts'

/** Becomes an error as Jaeger tells it, with this status. */
export class JaegerRefusal extends Error {
  override readonly name = 'JaegerRefusal'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** What to tell of an error; what is our own fault is logged. */
export function refusalOf(error: unknown, request: FastifyRequest, reply: FastifyReply): { status: number; message: string } {
  const problem = error instanceof JaegerRefusal ? null : problemOf(error)
  const status = error instanceof JaegerRefusal ? error.status : problem === null ? 500 : statusOf(problem)
  const message = error instanceof JaegerRefusal ? error.message : (problem?.message ?? `something went wrong here: look for reqId ${request.id} in the log`)
  if (status >= 500) request.log.error({ event: 'query.jaeger_failed', err: error, route: request.routeOptions.url }, 'a question was not answered')
  const { retryAfterSeconds } = problem?.details ?? {}
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds)
  return { status, message }
}
