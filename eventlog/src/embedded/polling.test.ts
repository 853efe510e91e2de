import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPolling } from './polling.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp(poll: (anyway: boolean) => boolean) {
  const at: number[] = []
  const anywayAt: number[] = []
  const events: string[] = []
  const startMs = Date.now()
  const polling = createPolling({
    pollMs: 20,
    idlePollMs: 100,
    report: (_level, event) => events.push(event),
    poll: (anyway) => {
      at.push(Date.now() - startMs)
      if (anyway) anywayAt.push(Date.now() - startMs)
      return poll(anyway)
    },
  })
  return { polling, at, anywayAt, events }
}

test('while nothing comes polls grow rare, and are frequent again from the first that found something', () => {
  let comes = false
  const { at } = setUp(() => comes)
  vi.advanceTimersByTime(360)
  expect(at).toEqual([20, 60, 140, 240, 340])
  comes = true
  vi.advanceTimersByTime(150)
  expect(at.slice(5)).toEqual([440, 460, 480, 500])
})

test('what looks unchanged is read anyway every second, whether something comes elsewhere or not', () => {
  let comes = true
  const { anywayAt } = setUp(() => comes)
  vi.advanceTimersByTime(2000)
  expect(anywayAt).toEqual([1000, 2000])
  comes = false
  vi.advanceTimersByTime(10_000)
  expect(anywayAt.length).toBeGreaterThanOrEqual(11)
})

test('a poll that fails is reported and the next one comes', () => {
  const { at, events } = setUp(() => {
    throw new Error('no such directory')
  })
  vi.advanceTimersByTime(140)
  expect(at).toEqual([20, 60, 140])
  expect(events).toEqual(Array(3).fill('log_poll_failed'))
})

test('after stop nothing is polled', () => {
  const { polling, at } = setUp(() => true)
  vi.advanceTimersByTime(20)
  polling.stop()
  vi.advanceTimersByTime(1000)
  expect(at).toEqual([20])
})
