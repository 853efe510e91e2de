import type { TracePointsAnswer } from '@skein/schemas/api/traces'
import { describe, expect, it } from 'vitest'
import { boxOf, nearestDot, roundTimes, scatterScale, selectionOf } from './scatter-scale.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2026, 10, 22, 11)
const frame = { width: 700, height: 150, left: 62, right: 14, top: 8, bottom: 22 }

function pointsOf(dots: readonly { atMs: number; ms: number; errors?: number }[]): TracePointsAnswer {
  return {
    window: { start: new Date(START_MS).toISOString(), end: new Date(START_MS + HOUR_MS).toISOString() },
    total: dots.length,
    traceIds: dots.map((_, index) => `t${index}`),
    startMs: dots.map(({ atMs }) => atMs),
    durationMs: dots.map(({ ms }) => ms),
    errors: dots.map(({ errors = 0 }) => errors),
    notes: [],
  }
}

describe('the scatter', () => {
  const scale = scatterScale(
    pointsOf([
      { atMs: 0, ms: 1, errors: 2 },
      { atMs: HOUR_MS, ms: 1000 },
      { atMs: HOUR_MS / 2, ms: 10 },
    ]),
    frame,
  )

  it('puts time to the right and duration upwards on a log scale, what failed on top', () => {
    expect([...scale.of]).toEqual([1, 2, 0])
    expect(scale.firstError).toBe(2)
    expect([...scale.x]).toEqual([686, 374, 62])
    expect(scale.y[0]).toBe(8)
    expect(scale.y[2]).toBe(128)
    expect(scale.y[1]).toBe(88)
    expect(scale.durations.map(({ ms }) => ms)).toEqual([1, 10, 100, 1000])
  })

  it('tells a place from a time and a duration, and back', () => {
    expect(scale.timeAt(scale.xOf(START_MS + 1234))).toBeCloseTo(START_MS + 1234, 3)
    expect(scale.msAt(scale.yOf(77))).toBeCloseTo(77, 6)
  })

  it('finds the dot under the pointer, and none where none is', () => {
    expect(nearestDot(scale, { x: 370, y: 90 })).toBe(1)
    expect(nearestDot(scale, { x: 200, y: 90 })).toBe(-1)
  })

  it('selects with a box what lies in it, and draws the same box again', () => {
    const box = { left: 100, top: 20, right: 400, bottom: 100 }
    const selection = selectionOf(scale, box)
    expect(boxOf(scale, selection)).toMatchObject({
      left: expect.closeTo(100, 3),
      top: expect.closeTo(20, 3),
      right: expect.closeTo(400, 3),
      bottom: expect.closeTo(100, 3),
    })
    expect(selectionOf(scale, { left: 100, top: 20, right: 102, bottom: 100 })).toBeNull()
    expect(selectionOf(scale, { left: 0, top: 0, right: 700, bottom: 150 })).toMatchObject({ fromMs: START_MS, toMs: START_MS + HOUR_MS, minMs: 0 })
    expect(boxOf(scale, { kind: 'errors' })).toBeNull()
  })

  it('takes a hundred thousand dots', () => {
    const many = scatterScale(
      pointsOf(Array.from({ length: 100_000 }, (_, at) => ({ atMs: at * 36, ms: 1 + (at % 900), errors: at % 50 === 0 ? 1 : 0 }))),
      frame,
    )
    expect(many.x).toHaveLength(100_000)
    expect(many.firstError).toBe(98_000)
    expect(nearestDot(many, { x: many.x[50_000] ?? 0, y: many.y[50_000] ?? 0 })).toBeGreaterThanOrEqual(0)
  })
})

describe('round times', () => {
  it('are few, round and inside', () => {
    const times = roundTimes({ startMs: START_MS + 1, endMs: START_MS + HOUR_MS }, 6)
    expect(times.length).toBeGreaterThan(2)
    expect(times.length).toBeLessThanOrEqual(7)
    for (const time of times) expect(time % 60_000).toBe(0)
  })
})
