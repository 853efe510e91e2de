import { MAX_TRACE_POINTS } from '@skein/schemas/api/traces'
import { configSchema } from '@skein/schemas/config'
import { expect, it } from 'vitest'
import { queryLimits } from './query-limits.ts'

it.each([10, 50_000, 100_000, 250_000])('a trace longer than %i spans is cut and not refused, and all dots of a window fit', (traceSpans) => {
  const { resultRows } = queryLimits(configSchema.parse({ limits: { query: { traceSpans } } }))
  expect(resultRows).toBeGreaterThan(traceSpans)
  expect(resultRows).toBeGreaterThanOrEqual(MAX_TRACE_POINTS)
})
