import type { FastifyRequest } from 'fastify'
import { ProblemError } from './problem-error.ts'

/**
 * Refuses a change that a page of another site asks for through somebody's browser. Browsers say where a request comes from; clients that
 * are no browsers say nothing and are let in.
 */
export async function refuseCrossSite(request: FastifyRequest): Promise<void> {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (!foreignSite && (origin === undefined || hostOf(origin) === host?.toLowerCase())) return
  throw new ProblemError('forbidden', {
    detail: 'A page of another site may not change anything here.',
    hint: 'Ask from a page of this server, or from a program that is no browser.',
  })
}

/** Host and port of an Origin; null of one that has none, such as `null`. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
