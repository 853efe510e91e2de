import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFormat, significant } from './format.ts'

const en = createFormat({ language: 'en', timeZone: 'UTC' })
const zh = createFormat({ language: 'zh', timeZone: 'Asia/Shanghai' })

describe('numbers', () => {
  it('scale by thousands in English and by ten thousands in Chinese', () => {
    expect(en.text(en.count(412_345))).toBe('412 k')
    expect(en.text(en.count(6_310_000))).toBe('6.31 M')
    expect(zh.text(zh.count(412_345))).toBe('41.2 万')
    expect(zh.text(zh.count(631_000_000))).toBe('6.31 亿')
    expect(zh.text(zh.count(9999))).toBe('1 万')
    expect(zh.text(zh.count(4210))).toBe('4,210')
  })

  it('never show a thousand of a unit where the next one exists', () => {
    expect(en.text(en.count(999_600))).toBe('1 M')
    expect(en.text(en.duration(999.6))).toBe('1 s')
  })

  it('have three significant digits, and whole numbers stay whole', () => {
    expect([0, 7, 7.534, 46.94, 99.96, 223.4, 0.0123].map(significant)).toEqual(['0', '7', '7.53', '46.9', '100', '223', '0.01'])
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e6, noNaN: true }), (value) => {
        expect(Math.abs(Number(significant(value)) - value)).toBeLessThanOrEqual(Math.max(0.0051, value * 0.0051))
      }),
    )
  })

  it('per second never round a trickle to nothing', () => {
    expect(en.text(en.rate(4140 * 60, 60))).toBe('4.14 k/s')
    expect(en.text(en.rate(1, 3600))).toBe('<0.01/s')
    expect(en.text(en.rate(0, 3600))).toBe('0/s')
    expect(en.text(en.rate(5, 0))).toBe('–')
  })
})

describe('shares', () => {
  it('have two decimals below 1 % and the spacing of the language', () => {
    expect(en.text(en.share(93, 10_000))).toBe('0.93 %')
    expect(zh.text(zh.share(93, 10_000))).toBe('0.93%')
    expect(en.text(en.share(1, 1_000_000))).toBe('<0.01 %')
  })

  it('do not round a failure away near 100 %', () => {
    expect(en.text(en.share(99_990, 100_000))).toBe('99.99 %')
    expect(en.text(en.share(1, 1))).toBe('100 %')
  })

  it('of nothing are a dash, not zero', () => {
    expect(en.share(0, 0)).toBeNull()
    expect(en.text(null)).toBe('–')
  })
})

describe('durations and sizes', () => {
  it('are ms below a second, then s, min, h and d', () => {
    expect([0.42, 9, 418, 1060, 95_000, 180_000, 7_200_000, 200 * 3_600_000].map((ms) => en.text(en.duration(ms)))).toEqual([
      '0.42 ms',
      '9 ms',
      '418 ms',
      '1.06 s',
      '95 s',
      '3 min',
      '2 h',
      '8.33 d',
    ])
  })

  it('of bytes count in powers of 1024', () => {
    expect(en.text(en.bytes(5.07 * 1024 ** 3))).toBe('5.07 GiB')
    expect(en.text(en.bytes(512))).toBe('512 B')
  })
})

describe('times', () => {
  it('follow the zone that was chosen and run from 00 to 23', () => {
    const timeMs = Date.parse('2026-11-22T16:10:12Z')
    expect(en.clock(timeMs)).toBe('16:10')
    expect(zh.clockSeconds(timeMs)).toBe('00:10:12')
  })
})
