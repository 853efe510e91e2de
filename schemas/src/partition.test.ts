import { describe, expect, it } from 'vitest'
import { fmix32, partitionOfHash, partitionOfTrace, textHash } from './partition.ts'

function id(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))
}

describe('partition', () => {
  it('never changes for a trace: these are in logs already', () => {
    expect(fmix32(1)).toBe(1364076727)
    expect(partitionOfTrace(id('5b8efff798038103d269b633813fc60c'), 16)).toBe(11)
    expect(partitionOfTrace(id('00000000000000000000000000000001'), 16)).toBe(7)
    expect(partitionOfHash(textHash('default'), 16)).toBe(12)
  })

  it('only the low half of a trace id counts', () => {
    for (let n = 0; n < 100; n++) {
      const low = n.toString(16).padStart(16, '0')
      expect(partitionOfTrace(id(`ffffffffffffffff${low}`), 16)).toBe(partitionOfTrace(id(`0000000000000000${low}`), 16))
    }
  })

  it.each([
    ['counted', (n: number) => n.toString(16).padStart(32, '0')],
    ['counted in the upper word', (n: number) => `${'0'.repeat(16)}${n.toString(16).padStart(8, '0')}00000000`],
    ['one byte repeated in both words', (n: number) => `${'0'.repeat(16)}${n.toString(16).padStart(8, '0').repeat(2)}`],
  ])('ids that are %s spread evenly', (_name, hex) => {
    const counts = new Array<number>(16).fill(0)
    for (let n = 0; n < 16_000; n++) counts[partitionOfTrace(id(hex(n)), 16)]!++
    expect(Math.min(...counts)).toBeGreaterThan(850)
    expect(Math.max(...counts)).toBeLessThan(1150)
  })
})
