import { expect, it } from 'vitest'
import { createRecentAnswers } from './recent-answers.ts'

function counting() {
  let [nowMs, asked] = [0, 0]
  const recent = createRecentAnswers<number>({ maxAnswers: 2, keptMs: 1000, clock: () => nowMs })
  return { of: (key: string) => recent.of(key, async () => ++asked), wait: (ms: number) => (nowMs += ms), recent }
}

it('asks once while an answer is young, one on its way included, and again when it is old', async () => {
  const { of, wait } = counting()
  expect(await Promise.all([of('a'), of('a')])).toEqual([1, 1])
  wait(999)
  expect(await of('a')).toBe(1)
  wait(1)
  expect(await of('a')).toBe(2)
})

it('keeps no more than it may, and lets the oldest go', async () => {
  const { of } = counting()
  expect([await of('a'), await of('b'), await of('c')]).toEqual([1, 2, 3])
  expect([await of('c'), await of('b'), await of('a')]).toEqual([3, 2, 4])
})

it('asks again after a failure', async () => {
  const { recent } = counting()
  await expect(recent.of('a', async () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await recent.of('a', async () => 7)).toBe(7)
})

it('answers who shares an answer of somebody who went away', async () => {
  const recent = createRecentAnswers<string>({ maxAnswers: 2, keptMs: 100, clock: () => 0 })
  const gone = Promise.withResolvers<string>()
  const first = recent.of('a', () => gone.promise)
  const second = recent.of('a', async () => 'counted')
  gone.reject(new Error('hung up'))
  await expect(first).rejects.toThrow('hung up')
  expect(await second).toBe('counted')
  await expect(recent.of('b', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
})
