import type { TraceSummary } from '@skein/schemas/api/traces'
import { describe, expect, it } from 'vitest'
import { nearestDot, roundTimes, scatterScale } from './scatter-scale.ts'

const startMs = Date.UTC(2026, 10, 22, 19, 10)
const window = { startMs, endMs: startMs + 3_600_000 }
const frame = { width: 700, height: 130, left: 50, right: 10, top: 10, bottom: 20 }
const trace = (traceId: string, atMs: number, durationMs: number, errors = 0): TraceSummary => ({
  traceId,
  entry: null,
  startTimeUnixNano: `${startMs + atMs}000000`,
  durationMs,
  spanCount: 3,
  errors,
  services: ['a'],
})

describe('the scatter of traces', () => {
  it('puts time to the right and longer traces higher, inside the frame', () => {
    const { dots } = scatterScale({ traces: [trace('a', 0, 1), trace('b', 3_600_000, 1000)], window, frame })
    expect(dots.map((dot) => [dot.traceId, dot.x, dot.y])).toEqual([
      ['a', 50, 110],
      ['b', 690, 10],
    ])
  })

  it('draws errors last, on top', () => {
    const { dots } = scatterScale({ traces: [trace('bad', 0, 5, 1), trace('good', 0, 5)], window, frame })
    expect(dots.map((dot) => dot.traceId)).toEqual(['good', 'bad'])
    expect(nearestDot(dots, { x: dots[0]?.x ?? 0, y: dots[0]?.y ?? 0 })?.traceId).toBe('bad')
  })

  it('has powers of ten at its side, and stands when there is nothing or no length', () => {
    expect(scatterScale({ traces: [trace('a', 0, 0), trace('b', 0, 12_000)], window, frame }).durations.map(({ ms }) => ms)).toEqual([
      0.01, 0.1, 1, 10, 100, 1000, 10_000, 100_000,
    ])
    expect(scatterScale({ traces: [], window, frame }).dots).toEqual([])
  })

  it('finds the nearest dot within reach and none beyond', () => {
    const { dots } = scatterScale({ traces: [trace('a', 0, 1)], window, frame })
    expect(nearestDot(dots, { x: 55, y: 108 })?.traceId).toBe('a')
    expect(nearestDot(dots, { x: 90, y: 50 })).toBeNull()
  })

  it('has ticks on round times', () => {
    const times = roundTimes(window, 6)
    expect(times.map((time) => new Date(time).toISOString().slice(11, 16))).toEqual(['19:10', '19:20', '19:30', '19:40', '19:50', '20:00', '20:10'])
  })
})
