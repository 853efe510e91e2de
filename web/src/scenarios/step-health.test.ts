import type { FunnelStep } from '@skein/schemas/api/scenarios'
import { expect, it } from 'vitest'
import { stepHealth } from './step-health.ts'

const step = (more: Partial<FunnelStep>): FunnelStep => ({
  name: 'play',
  optional: false,
  reached: 98,
  conversion: 0.9,
  fromPrevious: 0.98,
  dropped: 2,
  errors: 0,
  slow: 0,
  timeMs: { p50: 100, p95: 200, p99: 300 },
  ...more,
})

it('a step is judged by its errors, by what it was, and not at all from a handful of runs', () => {
  expect(stepHealth(step({}), undefined)).toBe('ok')
  expect(stepHealth(step({ errors: 1 }), undefined)).toBe('degraded')
  expect(stepHealth(step({ errors: 5 }), undefined)).toBe('bad')
  expect(stepHealth(step({ fromPrevious: 0.9, reached: 90, dropped: 10 }), step({}))).toBe('bad')
  expect(stepHealth(step({ timeMs: { p50: 100, p95: 301, p99: 400 } }), step({}))).toBe('degraded')
  expect(stepHealth(step({ slow: 5 }), undefined)).toBe('degraded')
  expect(stepHealth(step({ reached: 10, dropped: 5, errors: 5 }), undefined)).toBe('unknown')
  expect(stepHealth(step({}), step({ timeMs: null, fromPrevious: null }))).toBe('ok')
})
