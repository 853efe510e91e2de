import { faultCode, faultOf } from '@skein/schemas/fault'
import type { ProblemPart } from '@skein/schemas/problem'
import { QueryLimitError, StoreUnavailableError, StoreVersionError } from '@skein/store/errors'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { createEventLimit } from './event-limit.ts'
import { ProblemError, problemBody, statusOf } from './problem-error.ts'

const LIMIT_PROBLEMS: Record<QueryLimitError['limit'], (detail: string) => ProblemError> = {
  time: (detail) => new ProblemError('query_timeout', { detail, limit: 'query_ui_seconds', hint: 'Ask for a shorter window or narrow it by service.' }),
  memory: (detail) =>
    new ProblemError('query_too_large', { detail, limit: 'query_memory_bytes', hint: 'Ask for a shorter window, a smaller limit, or narrow it by service.' }),
  rows: (detail) =>
    new ProblemError('query_too_large', { detail, limit: 'query_rows_read', hint: 'Ask for a shorter window or narrow it by service or attribute.' }),
  concurrency: (detail) => new ProblemError('too_many_queries', { detail, limit: 'query_queued', hint: 'Wait a second and ask again.', retryAfterSeconds: 1 }),
}

/** The one table from what can be thrown to what is answered. Null: our own mistake, answered as `internal` without its message. */
export function problemOf(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error
  if (error instanceof StoreUnavailableError) {
    return new ProblemError('store_unavailable', { detail: error.message, hint: 'Intake goes on; ask again in a few seconds.', retryAfterSeconds: 5 })
  }
  if (error instanceof QueryLimitError) return LIMIT_PROBLEMS[error.limit](error.message)
  if (error instanceof StoreVersionError) {
    return new ProblemError('store_unavailable', {
      detail: error.message,
      hint: 'Run the version of Skein that last migrated this store, or a newer one.',
      retryAfterSeconds: 60,
    })
  }
  if (hasZodFastifySchemaValidationErrors(error)) return validationProblem(error.validation, error.validationContext)
  return frameworkProblem(error)
}

interface ValidationIssue {
  instancePath: string
  message?: string | undefined
  keyword?: string
  params?: { keys?: readonly string[] }
}

function validationProblem(issues: readonly ValidationIssue[], context: string | undefined): ProblemError {
  const errors = issues.flatMap((issue) => {
    const unknown = issue.keyword === 'unrecognized_keys' ? (issue.params?.keys ?? []) : []
    if (unknown.length > 0)
      return unknown.map((parameter) => ({ parameter, message: context === 'body' ? 'is not a field of this body' : 'is not a parameter of this path' }))
    return [partOf(issue)]
  })
  return new ProblemError(context === 'body' ? 'invalid_body' : 'invalid_parameter', {
    detail: errors.map((each) => `${each.parameter}: ${each.message}`).join('; '),
    hint: 'What every path takes is listed at /api/docs.',
    errors,
  })
}

/** A schema may name the code of a fault instead of a message. */
function partOf({ instancePath, message = 'is not valid' }: ValidationIssue): ProblemPart {
  const parameter = instancePath.split('/')[1] ?? ''
  const named = faultCode.safeParse(message)
  return named.success ? { parameter, ...faultOf(named.data) } : { parameter, message }
}

function frameworkProblem(error: unknown): ProblemError | null {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (!(error instanceof Error) || typeof status !== 'number' || status >= 500) return null
  if (status === 404) return new ProblemError('not_found')
  if (status === 413) return new ProblemError('too_large')
  const isAboutBody = status === 415 || ('code' in error && String(error.code).startsWith('FST_ERR_CTP_'))
  return new ProblemError(isAboutBody ? 'invalid_body' : 'invalid_parameter', { detail: error.message })
}

export function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  const body = problemBody(problem, reply.request.id)
  if (problem.details.retryAfterSeconds !== undefined) void reply.header('retry-after', problem.details.retryAfterSeconds)
  return reply.code(body.status).header('cache-control', 'no-store').type('application/problem+json; charset=utf-8').serializer(JSON.stringify).send(body)
}

export function installErrorTable(app: FastifyInstance, { metrics, clock }: { metrics: { refused(reason: string): void }; clock: () => number }): void {
  const sayNow = createEventLimit(clock)
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error) ?? new ProblemError('internal', { hint: `The log of this server says why: look for reqId ${request.id}.` })
    if (problem.details.limit !== undefined) metrics.refused(problem.details.limit)
    const event = `query.${problem.code}`
    // who leaves a page hangs up on its questions: that is no failure of anything
    const unsaid = statusOf(problem) < 500 || request.raw.socket.destroyed ? null : sayNow(event)
    if (unsaid !== null) request.log.error({ event, err: error, route: request.routeOptions.url, unsaid }, 'a question was not answered')
    return sendProblem(reply, problem)
  })
}
