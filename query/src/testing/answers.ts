import { problem, type Problem } from '@skein/schemas/problem'
import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import type { ZodType } from 'zod'

/** The answer, which must be exactly what its schema says: nothing missing, nothing more. */
export function answerOf<T>(schema: ZodType<T>, response: LightMyRequestResponse): T {
  expect(response.statusCode, response.body.slice(0, 300)).toBe(200)
  const body = response.json<T>()
  expect(schema.parse(body)).toEqual(body)
  return body
}

/** The problem, which must be of this status and code and nothing more than its schema says. */
export function problemIn(response: LightMyRequestResponse, status: number, code: string): Problem {
  expect(response.statusCode, response.body.slice(0, 300)).toBe(status)
  expect(response.headers['content-type']).toContain('application/problem+json')
  expect(response.headers['cache-control']).toBe('no-store')
  const body = problem.parse(response.json())
  expect(body).toMatchObject({ status, code })
  expect(problem.strict().parse(response.json())).toEqual(body)
  return body
}
