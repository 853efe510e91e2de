import { expect, it } from 'vitest'
import { parseGoDuration } from './go-duration.ts'

it.each([
  ['0', 0],
  ['+0', 0],
  ['300ms', 300e6],
  ['1.5s', 1.5e9],
  ['-1.5h', -5400e9],
  ['.5ms', 500_000],
  ['1.ms', 1e6],
  ['1h15m30.918s', 4_530_918_000_000],
  ['100us', 100_000],
  ['100µs', 100_000],
  ['100μs', 100_000],
  ['7ns', 7],
])('%s is %d ns', (text, durationNs) => {
  expect(parseGoDuration(text)).toBe(durationNs)
})

it.each(['', '1', 'ms', '1d', '1 s', '1s ', 's1', '1e3ms', '--1s', '1..5s', '.s', '1h2', 'Infinitys'])('%j is no duration', (text) => {
  expect(parseGoDuration(text)).toBeNull()
})
