import { expect, test } from 'vitest'
import { createStopWishes } from './stop-wishes.ts'

function wishesAt(...timesMs: number[]): string[] {
  let nowMs = 0
  const wishes = createStopWishes(() => nowMs)
  return timesMs.map((timeMs) => {
    nowMs = timeMs
    return wishes.next()
  })
}

test('a signal that comes twice, since a group got it and its first process passed it on, is one wish', () => {
  expect(wishesAt(500, 503, 1400)).toEqual(['stop', 'same', 'same'])
})

test('a later signal asks to end at once, however often the first came', () => {
  expect(wishesAt(500, 501, 1500)).toEqual(['stop', 'same', 'force'])
})
