import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMapAhead } from './map-ahead.ts'

describe('the map made ahead', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function ahead(lastHour = async (): Promise<unknown> => undefined) {
    const hours = vi.fn<() => Promise<unknown>>(lastHour)
    const earlier = vi.fn<(hoursBefore: number) => Promise<unknown>>(async () => Promise.reject(new Error('away')))
    return { hours, earlier, map: createMapAhead({ lastHour: hours, earlierHour: earlier, clock: () => Date.now() }) }
  }

  it('is made while it is asked for now and then, and no longer', async () => {
    const { map } = ahead()
    const make = vi.fn<() => Promise<unknown>>(async () => undefined)
    map.asked('a', make)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(make.mock.calls.length).toBeGreaterThan(15)
    await vi.advanceTimersByTimeAsync(10_000)
    const made = make.mock.calls.length
    await vi.advanceTimersByTimeAsync(60_000)
    expect(make.mock.calls.length).toBe(made)
    map.stop()
  })

  it('leaves nine tenths of the time to others', async () => {
    const { map } = ahead()
    const make = vi.fn<() => Promise<unknown>>(() => new Promise((resolve) => setTimeout(resolve, 300)))
    map.asked('a', make)
    await vi.advanceTimersByTimeAsync(12_000)
    expect(make.mock.calls.length).toBe(4)
    map.stop()
  })

  it('reads the last hour soon after the start and then now and then, and goes on after a failure', async () => {
    const { hours, map } = ahead(async () => Promise.reject(new Error('away')))
    await vi.advanceTimersByTimeAsync(1000)
    expect(hours).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(45_000)
    expect(hours).toHaveBeenCalledTimes(4)
    map.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(hours).toHaveBeenCalledTimes(4)
  })

  it('reads the hours of a day before once, one at a time, the newest first, whatever fails', async () => {
    const { earlier, map } = ahead()
    let running = 0
    earlier.mockImplementation(async (hoursBefore) => {
      expect(++running).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 100))
      running--
      if (hoursBefore === 3) throw new Error('away')
    })
    await vi.advanceTimersByTimeAsync(5000)
    expect(earlier.mock.calls.flat()).toEqual([0, 1, 2, 3, 4])
    await vi.advanceTimersByTimeAsync(120_000)
    expect(earlier.mock.calls.flat()).toEqual(Array.from({ length: 24 }, (_, at) => at))
    map.stop()
  })

  it('reads no further hour once it is stopped', async () => {
    const { earlier, map } = ahead()
    await vi.advanceTimersByTimeAsync(600)
    map.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(earlier).toHaveBeenCalledTimes(1)
  })

  it('holds a bounded number of maps', async () => {
    const { map } = ahead()
    const makes = Array.from({ length: 30 }, () => vi.fn<() => Promise<unknown>>(async () => undefined))
    for (const [at, make] of makes.entries()) map.asked(String(at), make)
    await vi.advanceTimersByTimeAsync(600)
    expect(makes.filter((make) => make.mock.calls.length > 0).length).toBe(20)
    map.stop()
  })
})
