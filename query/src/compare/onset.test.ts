import type { EdgeFrame } from '@skein/store/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onsetOf } from './onset.ts'

const MINUTE_MS = 60_000

/** A frame a minute: calls, errors and p95 (ms) of one edge. */
function framesOf(minutes: readonly (readonly [calls: number, errors: number, p95Ms: number])[]): EdgeFrame[] {
  return minutes.map(([calls, errors, p95Ms], minute) => ({
    timeMs: minute * MINUTE_MS,
    calls: Float64Array.of(calls),
    errors: Float64Array.of(errors),
    p95Ns: Float64Array.of(calls > 0 ? p95Ms * 1e6 : Number.NaN),
  }))
}

const wobble = (minute: number): number => 1 + 0.1 * Math.sin(minute * 2.3)
const minuteOf = (onset: number | null): number | null => (onset === null ? null : onset / MINUTE_MS)

describe('the onset of a change', () => {
  it('is the first minute of the new level, whatever the measure', () => {
    const frames = framesOf(
      Array.from({ length: 60 }, (_, minute) => [(minute < 40 ? 50 : 110) * wobble(minute), minute < 25 ? 0 : 9, (minute < 33 ? 20 : 70) * wobble(minute)]),
    )
    expect(minuteOf(onsetOf(frames, 0, { measure: 'errorRate', rose: true }))).toBe(25)
    expect(minuteOf(onsetOf(frames, 0, { measure: 'p95', rose: true }))).toBe(33)
    expect(minuteOf(onsetOf(frames, 0, { measure: 'rate', rose: true }))).toBe(40)
  })

  it('is found wherever it is, but not at the very ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 58 }), fc.integer({ min: 2, max: 20 }), (at, factor) => {
        const frames = framesOf(Array.from({ length: 60 }, (_, minute) => [10, 0, (minute < at ? 20 : 20 * factor) * wobble(minute)]))
        expect(minuteOf(onsetOf(frames, 0, { measure: 'p95', rose: true }))).toBe(at)
      }),
    )
  })

  it('is none of what was there all the time, of one odd minute, of a drift back, or of the other direction', () => {
    const none = (p95Ms: (minute: number) => number) => {
      const frames = framesOf(Array.from({ length: 60 }, (_, minute) => [10, 0, p95Ms(minute)]))
      expect(onsetOf(frames, 0, { measure: 'p95', rose: true })).toBeNull()
    }
    none((minute) => 300 * wobble(minute))
    none((minute) => (minute === 30 ? 900 : 20) * wobble(minute))
    none((minute) => (minute > 25 && minute < 32 ? 900 : 20) * wobble(minute))
    none((minute) => (minute < 30 ? 900 : 20))
    none(() => 20)
  })

  it('is none without calls, and of measures that frames do not have', () => {
    expect(onsetOf([], 0, { measure: 'p95', rose: true })).toBeNull()
    expect(
      onsetOf(
        framesOf([
          [0, 0, 0],
          [0, 0, 0],
          [5, 0, 9],
          [5, 0, 9],
        ]),
        0,
        { measure: 'p95', rose: true },
      ),
    ).toBeNull()
    const step = framesOf(Array.from({ length: 60 }, (_, minute) => [10, 0, minute < 30 ? 20 : 200]))
    expect(onsetOf(step, 0, { measure: 'network', rose: true })).toBeNull()
  })
})
