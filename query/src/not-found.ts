import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from './problem-error.ts'
import { sendProblem } from './errors.ts'
import type { WebFiles } from './web/web-files.ts'

/** Ways in which a path that changes something may be asked, beside reading. */
const CHANGING = ['POST', 'PUT', 'PATCH', 'DELETE'] as const

export function installNotFound(app: FastifyInstance, files: WebFiles): void {
  app.setNotFoundHandler((request, reply) => {
    const page = wantsPage(request) ? files.find('/404') : null
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const allowed = allowedAt(app, request.url)
      reply.header('allow', allowed)
      sendProblem(reply, new ProblemError('method_not_allowed', { detail: `${request.method} is not answered here.`, hint: `Ask with ${allowed}.` }))
    } else if (page !== null) files.send(reply.code(404), page)
    else sendProblem(reply, new ProblemError('not_found', { hint: 'The paths of the API are listed at /api/docs.' }))
  })
}

function allowedAt(app: FastifyInstance, url: string): string {
  const path = url.split('?')[0] ?? url
  return ['GET', 'HEAD', ...CHANGING.filter((method) => app.hasRoute({ url: path, method }))].join(', ')
}

function wantsPage({ url, headers }: FastifyRequest): boolean {
  return !url.startsWith('/api/') && (headers.accept ?? '').includes('text/html')
}
