import { expect, test } from 'vitest'
import { hashKey } from './key-hash.ts'

const hashOf = (key: string): Uint32Array => {
  const hash = new Uint32Array(2)
  hashKey(key, hash, 0)
  return hash
}

test('keys that count up spread evenly over the high half, so that a range of hashes is a sample', () => {
  const count = 40_000
  const names: readonly ((at: number) => string)[] = [(at) => `session-${at}`, (at) => at.toString(16).padStart(32, '0'), (at) => `用户${at}`]
  for (const name of names) {
    const shares = new Uint32Array(16)
    for (let at = 0; at < count; at++) shares[hashOf(name(at))[1]! >>> 28]!++
    for (const share of shares) expect(Math.abs(share - count / 16)).toBeLessThan(250)
  }
})

test('keys do not meet, and only no key is 0', () => {
  const seen = new Set(Array.from({ length: 200_000 }, (_, at) => hashOf(`s${at}`).join()))
  expect(seen.size).toBe(200_000)
  expect([...hashOf('')]).toEqual([0, 0])
  expect(seen.has('0,0')).toBe(false)
})
