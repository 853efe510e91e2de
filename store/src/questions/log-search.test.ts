import fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowsOf } from './log-search.ts'

const BUCKET_NS = 300_000_000_000n
const MINUTE_NS = 60_000_000_000n

test('windows cover a range once, from the end asked first, and meet where buckets do unless they are short', () => {
  const ns = fc.bigInt(0n, 200_000_000_000_000n)
  fc.assert(
    fc.property(ns, ns, fc.constantFrom('desc' as const, 'asc' as const), fc.boolean(), (from, length, order, indexed) => {
      const to = from + length + 1n
      const windows = windowsOf({ from, to }, { order, indexed })
      const ordered = order === 'desc' ? windows.toReversed() : windows
      expect(ordered.at(0)?.from).toBe(from)
      expect(ordered.at(-1)?.to).toBe(to)
      for (const [at, window] of ordered.entries()) {
        expect(window.to > window.from).toBe(true)
        const next = ordered[at + 1]
        if (next === undefined) continue
        expect(next.from).toBe(window.to)
        const isShort = window.to - window.from === MINUTE_NS || next.to - next.from === MINUTE_NS
        if (!isShort) expect(next.from % BUCKET_NS).toBe(0n)
      }
      expect(windows.length).toBeLessThanOrEqual(5)
    }),
  )
})
