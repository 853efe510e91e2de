import type { EdgeFrame } from '@skein/store/contract'
import { expect, test } from 'vitest'
import { cutOf } from './within.ts'

const MINUTE_MS = 60_000
const HOUR = { startMs: 0, endMs: 60 * MINUTE_MS }

/** Each minute: p95 in ms of each edge, in its order; 50 calls each. */
function framesOf(minutes: number, from: number, p95Ms: (minute: number) => readonly number[]): EdgeFrame[] {
  return Array.from({ length: minutes - from }, (_, at) => {
    const values = p95Ms(from + at)
    const each = (value: number) => Float64Array.from(values, () => value)
    return { timeMs: (from + at) * MINUTE_MS, calls: each(50), errors: each(0), p95Ns: Float64Array.from(values, (ms) => ms * 1e6) }
  })
}

test('a window is cut where most calls got slower, however short or long ago', () => {
  for (const at of [54, 58]) {
    const frames = framesOf(60, 50, (minute) => [minute < at ? 20 : 400, minute < at ? 30 : 410, minute < 56 ? 10 : 90])
    expect(cutOf(HOUR, frames, 3)).toEqual({ sinceMs: 50 * MINUTE_MS, atMs: at * MINUTE_MS })
  }
  expect(
    cutOf(
      HOUR,
      framesOf(60, 0, (minute) => [minute < 7 ? 20 : 400]),
      1,
    )?.atMs,
  ).toBe(7 * MINUTE_MS)
})

test('it is cut behind the first minute where calls got many times slower with the second', () => {
  const cutWith = (slowMs: number, calls = 50) => {
    const frames = framesOf(60, 54, (minute) => [minute < 55 ? 20 : slowMs + minute]).map((frame) => ({ ...frame, calls: Float64Array.of(calls) }))
    return cutOf(HOUR, frames, 1)?.atMs
  }
  expect(cutWith(400)).toBe(55 * MINUTE_MS)
  // a little slower is what a first minute may be by chance, and of few calls nothing is known
  expect(cutWith(30)).toBe(58 * MINUTE_MS)
  expect(cutWith(400, 10)).toBe(58 * MINUTE_MS)
  const failing = framesOf(60, 54, () => [20]).map((frame) => ({ ...frame, errors: Float64Array.of(frame.timeMs >= 55 * MINUTE_MS ? 20 : 0) }))
  expect(cutOf(HOUR, failing, 1)?.atMs).toBe(55 * MINUTE_MS)
})

test('it is cut where calls began to fail', () => {
  const frames = framesOf(60, 50, () => [20]).map((frame) => ({ ...frame, errors: Float64Array.of(frame.timeMs >= 57 * MINUTE_MS ? 20 : 0) }))
  expect(cutOf(HOUR, frames, 1)?.atMs).toBe(57 * MINUTE_MS)
})

test('where nothing rose the newest part stands against what came before it', () => {
  expect(
    cutOf(
      HOUR,
      framesOf(60, 0, () => [20]),
      1,
    ),
  ).toEqual({ sinceMs: 0, atMs: 50 * MINUTE_MS })
  expect(
    cutOf(
      HOUR,
      framesOf(60, 50, () => [20]),
      1,
    ),
  ).toEqual({ sinceMs: 50 * MINUTE_MS, atMs: 57 * MINUTE_MS })
  expect(
    cutOf(
      HOUR,
      framesOf(60, 50, (minute) => [minute < 54 ? 400 : 20]),
      1,
    )?.atMs,
  ).toBe(57 * MINUTE_MS)
})

test('of a few minutes, or of nothing, nothing is compared', () => {
  expect(
    cutOf(
      HOUR,
      framesOf(60, 57, () => [20]),
      1,
    ),
  ).toBeNull()
  expect(cutOf(HOUR, [], 0)).toBeNull()
})
