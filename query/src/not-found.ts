import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem-error.ts'
import { sendProblem } from './errors.ts'
import type { WebFiles } from './web/web-files.ts'

/** Ways in which this API can be asked until there is something to write. */
const ALLOWED = 'GET, HEAD'

export function installNotFound(app: FastifyInstance, files: WebFiles): void {
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      reply.header('allow', ALLOWED)
      return sendProblem(reply, new ProblemError('method_not_allowed', { detail: `${request.method} is not answered here.`, hint: `Ask with ${ALLOWED}.` }))
    }
    const page = wantsPage(request.url, request.headers.accept) ? files.find('/404') : null
    if (page !== null) return files.send(reply.code(404), page)
    return sendProblem(reply, new ProblemError('not_found', { hint: 'The paths of the API are listed at /api/docs.' }))
  })
}

function wantsPage(url: string, accept: string | undefined): boolean {
  return !url.startsWith('/api/') && (accept ?? '').includes('text/html')
}
