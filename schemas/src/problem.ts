import { z } from 'zod'
import { faultCode, faultValues } from './fault.ts'

/** Stable codes of `application/problem+json` answers. */
export const PROBLEM_CODES = [
  'invalid_parameter',
  'invalid_body',
  'not_found',
  'trace_not_found',
  'service_not_found',
  'edge_not_found',
  'scenario_not_found',
  'run_not_found',
  'log_line_not_found',
  'log_rule_not_found',
  'log_metric_not_found',
  'method_not_allowed',
  'misdirected_host',
  'unauthenticated',
  'forbidden',
  'conflict',
  'too_large',
  'query_too_large',
  'query_timeout',
  'too_many_queries',
  'store_unavailable',
  'log_unavailable',
  'draining',
  'internal',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** `column`: where in the text of the parameter, counted from 1. `code` and `values`: what `message` says, for who words it in another language. */
const problemPart = z.object({
  parameter: z.string(),
  message: z.string(),
  column: z.number().int().optional(),
  code: faultCode.optional(),
  values: faultValues.optional(),
})
export type ProblemPart = z.infer<typeof problemPart>

/** RFC 9457. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(PROBLEM_CODES),
    detail: z.string().optional(),
    /** What to do about it. */
    hint: z.string().optional(),
    instance: z.string().optional(),
    errors: z.array(problemPart).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>
