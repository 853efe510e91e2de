import { describe, expect, it } from 'vitest'
import { createFormat } from '../format/format.ts'
import { deltaOf, pointsOf } from './delta.ts'

const format = createFormat({ language: 'en', timeZone: 'UTC' })

describe('a change', () => {
  it('is told in percent, and from double on as a factor', () => {
    expect(deltaOf(112, 100, format)).toEqual({ direction: 'up', text: '12 %', large: false })
    expect(deltaOf(842, 69, format)).toEqual({ direction: 'up', text: '12×', large: true })
    expect(deltaOf(390, 100, format)).toMatchObject({ text: '3.9×' })
    expect(deltaOf(40, 100, format)).toEqual({ direction: 'down', text: '60 %', large: true })
    expect(deltaOf(100.1, 100, format)).toEqual({ direction: 'same', text: '', large: false })
  })

  it('from nothing, or of what is not known, has no size', () => {
    expect(deltaOf(5, 0, format)).toBeNull()
    expect(deltaOf(null, 5, format)).toBeNull()
    expect(deltaOf(5, null, format)).toBeNull()
  })

  it('of a share is told in points', () => {
    expect(pointsOf(0.0093, 0.0008)).toEqual({ direction: 'up', text: '0.85 pp', large: false })
    expect(pointsOf(0.971, 0.992)).toMatchObject({ direction: 'down', text: '2.1 pp', large: true })
    expect(pointsOf(0, 0)).toMatchObject({ direction: 'same', text: '' })
  })
})
