import { expect, test } from 'vitest'
import { createByteLru } from '../cache/byte-lru.ts'
import { createNames } from './names.ts'

const HOUR_MS = 3_600_000
const window = { tenant: 't', startMs: 0, endMs: HOUR_MS }
const hex = (low: number): string => low.toString(16).padStart(16, '0')

/** Ids 1 to 3 and what they stand for, each seen at its own time. */
const SEEN = [
  { id: hex(1), name: 'old', atMs: 5 },
  { id: hex(2), name: 'new', atMs: HOUR_MS - 5 },
  { id: hex(3), name: 'newer', atMs: HOUR_MS - 1 },
]

function namesSeen() {
  const asked: [hours: number, ids: readonly string[]][] = []
  const names = createNames(createByteLru(1e6), 'things', async ({ startMs, endMs }, ids) => {
    asked.push([(endMs - startMs) / HOUR_MS, ids])
    return SEEN.filter(({ id, atMs }) => ids.includes(id) && atMs >= startMs && atMs < endMs)
  })
  return { names, asked }
}

test('names are looked for in the newest minutes, in all of the window only those that are not there, and once', async () => {
  const { names, asked } = namesSeen()
  const ids = Int32Array.of(2, 0, 1, 0, 3, 0)
  expect((await names.of(window, ids)).map((row) => row?.name)).toEqual(['new', 'old', 'newer'])
  expect(asked).toEqual([
    [1 / 6, [hex(2), hex(1), hex(3)]],
    [1, [hex(1)]],
  ])
  expect((await names.of(window, Int32Array.of(3, 0, 4, 0))).map((row) => row?.name)).toEqual(['newer', undefined])
  expect(asked.slice(2)).toEqual([
    [1 / 6, [hex(4)]],
    [1, [hex(4)]],
  ])
  await names.of(window, Int32Array.of(2, 0))
  expect(asked).toHaveLength(4)
})

test('a window of a few minutes is looked through once', async () => {
  const { names, asked } = namesSeen()
  await names.of({ ...window, startMs: HOUR_MS - 60_000 }, Int32Array.of(1, 0, 2, 0))
  expect(asked).toEqual([[1 / 60, [hex(1), hex(2)]]])
})
