import { expect, it } from 'vitest'
import { LATEST_MS } from '../window.ts'
import { parseDependencies, parseHint } from './parameters.ts'

it('takes a time after all that can be stored as the last one there is', () => {
  const far = String(Number.MAX_SAFE_INTEGER)
  expect(parseHint({ start: far, end: far })).toBe(LATEST_MS)
  expect(parseDependencies({ endTs: far, lookback: '60000' }, 0)).toMatchObject({ startMs: LATEST_MS - 60_000, endMs: LATEST_MS })
})
