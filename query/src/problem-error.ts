import type { Problem, ProblemCode, ProblemPart } from '@skein/schemas/problem'

const PROBLEM_STATUS: Record<ProblemCode, number> = {
  invalid_parameter: 400,
  invalid_body: 400,
  not_found: 404,
  trace_not_found: 404,
  service_not_found: 404,
  edge_not_found: 404,
  scenario_not_found: 404,
  run_not_found: 404,
  log_line_not_found: 404,
  log_rule_not_found: 404,
  log_metric_not_found: 404,
  method_not_allowed: 405,
  misdirected_host: 421,
  unauthenticated: 401,
  forbidden: 403,
  conflict: 409,
  too_large: 413,
  query_too_large: 422,
  query_timeout: 504,
  too_many_queries: 429,
  store_unavailable: 503,
  log_unavailable: 503,
  draining: 503,
  internal: 500,
}

const PROBLEM_TITLES: Record<ProblemCode, string> = {
  invalid_parameter: 'A parameter is not valid',
  invalid_body: 'The request body is not valid',
  not_found: 'There is nothing at this path',
  trace_not_found: 'No such trace',
  service_not_found: 'No such service in this window',
  edge_not_found: 'No such edge in this window',
  scenario_not_found: 'No such scenario',
  run_not_found: 'Nothing to replay',
  log_line_not_found: 'No such log line',
  log_rule_not_found: 'No such rule',
  log_metric_not_found: 'No such metric',
  method_not_allowed: 'This path cannot be asked that way',
  misdirected_host: 'This server does not answer for that host',
  unauthenticated: 'Who is asking is not known',
  forbidden: 'Not allowed',
  conflict: 'Somebody else changed it',
  too_large: 'The request is too large',
  query_too_large: 'The question needs more than its limit',
  query_timeout: 'The question took too long',
  too_many_queries: 'Too many questions at once',
  store_unavailable: 'The store does not answer',
  log_unavailable: 'The log does not answer',
  draining: 'This server is stopping',
  internal: 'Something went wrong here',
}

export interface ProblemDetails {
  detail?: string
  /** What to do about it. */
  hint?: string
  errors?: ProblemPart[]
  /** Name of the limit that refused it, as counted. */
  limit?: string
  /** Sent as Retry-After. */
  retryAfterSeconds?: number
}

/** Thrown by handlers; becomes `application/problem+json`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly details: ProblemDetails
  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? PROBLEM_TITLES[code])
    this.code = code
    this.details = details
  }
}

/** A 400 that names what is wrong. */
export function invalidParameter(parameter: string, message: string, hint?: string): ProblemError {
  return new ProblemError('invalid_parameter', {
    detail: `${parameter}: ${message}`,
    errors: [{ parameter, message }],
    ...(hint === undefined ? {} : { hint }),
  })
}

export function statusOf(error: ProblemError): number {
  return PROBLEM_STATUS[error.code]
}

export function problemBody(error: ProblemError, instance: string): Problem {
  const { detail, hint, errors } = error.details
  return {
    type: 'about:blank',
    title: PROBLEM_TITLES[error.code],
    status: statusOf(error),
    code: error.code,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    instance,
    ...(errors === undefined ? {} : { errors }),
  }
}
