import { expect, test } from 'vitest'
import { hash32, hash64 } from './hash.ts'

test('texts that share a short hash do not share the long one', () => {
  const byShort = new Map<number, string>()
  const alike: [string, string][] = []
  for (let at = 0; at < 200_000; at++) {
    const text = `${at} ${(at * at).toString(36)} end`
    const known = byShort.get(hash32(text))
    if (known !== undefined) alike.push([known, text])
    byShort.set(hash32(text), text)
  }
  expect(alike.length).toBeGreaterThan(0)
  for (const [one, other] of alike) expect(hash64(one)).not.toBe(hash64(other))
})
