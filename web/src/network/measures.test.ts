import { expect, it } from 'vitest'
import { createFormat } from '../format/format.ts'
import { chosenWays, measureText } from './measures.ts'
import { wayId } from './url.ts'

const ways = ['a', 'b', 'c'].map((from) => ({ from, to: 'z' }))

it('two ways are as chosen, else the first two; one alone is on both sides', () => {
  const of = (left: string, right: string, all = ways) => {
    const chosen = chosenWays(all, { left, right }, wayId)
    return chosen === null ? null : [chosen.left.from, chosen.right.from]
  }
  expect(of('', '')).toEqual(['a', 'b'])
  expect(of('c → z', 'gone')).toEqual(['c', 'b'])
  expect(of('', '', ways.slice(0, 1))).toEqual(['a', 'a'])
  expect(of('', '', [])).toBeNull()
})

it('a measure is shown with its unit', () => {
  const format = createFormat({ language: 'en', timeZone: 'UTC' })
  expect(measureText('connectMs', 0.412, format)).toBe('0.41 ms')
  expect(measureText('requestsPerSecond', 1234, format)).toMatch(/^1\.23\s?k\s?\/s$/)
  expect(measureText('upBytesPerSecond', 2_000_000, format)).toMatch(/MB?\/s$|MiB\/s$/)
})
