import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from './problem-error.ts'
import { sendProblem } from './errors.ts'
import type { WebFiles } from './web/web-files.ts'

/** Ways in which this API can be asked until there is something to write. */
const ALLOWED = 'GET, HEAD'

export function installNotFound(app: FastifyInstance, files: WebFiles): void {
  app.setNotFoundHandler((request, reply) => {
    const page = wantsPage(request) ? files.find('/404') : null
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      reply.header('allow', ALLOWED)
      sendProblem(reply, new ProblemError('method_not_allowed', { detail: `${request.method} is not answered here.`, hint: `Ask with ${ALLOWED}.` }))
    } else if (page !== null) files.send(reply.code(404), page)
    else sendProblem(reply, new ProblemError('not_found', { hint: 'The paths of the API are listed at /api/docs.' }))
  })
}

function wantsPage({ url, headers }: FastifyRequest): boolean {
  return !url.startsWith('/api/') && (headers.accept ?? '').includes('text/html')
}
