import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createByteLru } from './byte-lru.ts'
import { createChanges, UNKNOWN_CHANGES } from './changes.ts'
import { addKept, type KeptSum } from './kept-sum.ts'
import { segmentsOf } from './segments.ts'
import { type CachedQuestion, createWindowCache } from './window-cache.ts'

interface Row {
  tenant: string
  minute: number
  value: number
}

/** Values of rows as parts; every row is its own mark, so that a part read under an old mark would show. */
function sumsOf(rows: readonly Row[], addedByEngine = false) {
  const loads: number[] = []
  const question: CachedQuestion<number[], number[]> = {
    name: 'values',
    table: 'red',
    rowsALoad: 3,
    addedByEngine,
    small: (part) => part.toReversed(),
    async marks({ tenant, startMs, endMs }) {
      const inside = rows.filter((row) => row.tenant === tenant && row.minute * 60_000 >= startMs && row.minute * 60_000 < endMs)
      return [...new Set(inside.map(({ minute }) => minute))].map((minute) => {
        const count = inside.filter((row) => row.minute === minute).length
        return { minute: minute * 60, mark: String(count), rows: count }
      })
    },
    async load(tenant, segments) {
      loads.push(segments.length)
      return segments.map(({ from, to }) =>
        rows.filter((row) => row.tenant === tenant && row.minute * 60 >= from && row.minute * 60 < to).map(({ value }) => value),
      )
    },
    add: (parts) => parts.flat(),
    answer: async (_, part) => (part ?? []).toSorted((a, b) => a - b),
    partBytes: (part) => part.length * 100,
    answerBytes: (part) => part.length * 100,
  }
  return { question, loads }
}

const minute = fc.integer({ min: 0, max: 600 })
const tenant = fc.constantFrom('a', 'b')
/** Windows that are asked for again and again while rows come in. */
const OPEN = [
  { tenant: 'a', from: 0, to: 600 },
  { tenant: 'a', from: 58, to: 129 },
]
const step = fc.oneof(
  fc.record({ tenant, minute, value: fc.integer() }),
  fc.record({ tenant, from: minute, to: minute }),
  fc.record({ tenant, from: minute, to: minute, ahead: fc.constant(true) }),
  fc.constantFrom(...OPEN),
)

test('every answer has the rows of its tenant and window and no others, whatever came between and however little is kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom(0, 1500, 1e9),
      fc.boolean(),
      fc.boolean(),
      async (steps, maxBytes, alone, addedByEngine) => {
        const rows: Row[] = []
        const changes = alone ? createChanges() : UNKNOWN_CHANGES
        const cache = createWindowCache(createByteLru(maxBytes), changes)
        for (const each of steps) {
          if ('value' in each) {
            await changes.during('red', [Math.floor(each.minute / 1440)], async () => void rows.push(each))
            continue
          }
          const window = { tenant: each.tenant, startMs: each.from * 60_000, endMs: each.to * 60_000 }
          if ('ahead' in each) {
            await cache.readAhead(sumsOf(rows, addedByEngine).question, window)
            continue
          }
          const inside = rows.filter((row) => row.tenant === each.tenant && row.minute >= each.from && row.minute < each.to)
          expect(await cache.ask(sumsOf(rows, addedByEngine).question, window)).toEqual(inside.map(({ value }) => value).sort((a, b) => a - b))
        }
      },
    ),
  )
})

test('what is known is not read again, equal questions share one reading, and what changes again is read by the minute', async () => {
  const rows = Array.from({ length: 10 }, (_, at) => ({ tenant: 'a', minute: at, value: at }))
  const { question, loads } = sumsOf(rows)
  let asked = 0
  const cache = createWindowCache(createByteLru(1e6), UNKNOWN_CHANGES)
  const window = { tenant: 'a', startMs: 0, endMs: 600_000 }
  const counting = { ...question, marks: (of: typeof window) => (asked++, question.marks(of)) }
  const first = cache.ask(counting, window)
  const together = cache.ask(counting, window)
  await Promise.resolve()
  await Promise.all([first, together, cache.ask(counting, window)])
  expect(asked).toBe(2)
  expect(loads).toEqual([1, 3, 2])
  await cache.ask(question, window)
  expect(loads).toEqual([1, 3, 2])
  rows.push({ tenant: 'a', minute: 3, value: 99 })
  expect(await cache.ask(question, window)).toContain(99)
  expect(loads).toEqual([1, 3, 2, 3, 2])
  rows.push({ tenant: 'a', minute: 3, value: 100 })
  expect(await cache.ask(question, window)).toContain(100)
  expect(loads).toEqual([1, 3, 2, 3, 2, 1])
})

test('the table is not asked again until something is inserted, and is while that is running or if it failed', async () => {
  const { question } = sumsOf([{ tenant: 'a', minute: 1, value: 5 }])
  const changes = createChanges()
  const cache = createWindowCache(createByteLru(1e6), changes)
  const window = { tenant: 'a', startMs: 0, endMs: 300_000 }
  let asked = 0
  const counting = { ...question, marks: (of: typeof window) => (asked++, question.marks(of)) }
  const whole = { name: 'whole', table: 'red' as const, ask: async () => ++asked, answerBytes: () => 8 }
  const ask = async (): Promise<number> => {
    const before = asked
    await cache.ask(counting, window)
    await cache.whole(whole, window)
    return asked - before
  }
  expect([await ask(), await ask()]).toEqual([2, 0])
  const { promise, reject } = Promise.withResolvers<void>()
  const running = changes.during('red', [0], () => promise)
  expect([await ask(), await ask()]).toEqual([2, 2])
  reject(new Error('away'))
  await expect(running).rejects.toThrow('away')
  expect([await ask(), await ask()]).toEqual([2, 0])
  await changes.during('edges', [0], async () => undefined)
  await changes.during('red', [1, 2], async () => undefined)
  expect(await ask()).toBe(0)
})

test('of an old hour that was never asked for its pieces are not kept, of the newest they are', async () => {
  const rows = Array.from({ length: 120 }, (_, at) => ({ tenant: 'a', minute: at, value: at }))
  const { question, loads } = sumsOf(rows)
  const cache = createWindowCache(createByteLru(1e6), UNKNOWN_CHANGES)
  /** How many parts are read. */
  const changedAt = async (minute: number): Promise<number> => {
    rows.push({ tenant: 'a', minute, value: -minute })
    expect(await cache.ask(question, { tenant: 'a', startMs: 0, endMs: 7_200_000 })).toHaveLength(rows.length)
    return loads.splice(0).reduce((sum, parts) => sum + parts, 0)
  }
  expect(await changedAt(1)).toBe(12 + 11 + 5)
  expect(await changedAt(119)).toBe(1)
  expect(await changedAt(119)).toBe(1)
  expect(await changedAt(2)).toBe(12)
  expect(await changedAt(2)).toBe(5)
})

test('hours that were read ahead are not read again for a longer window, and their pieces are not kept', async () => {
  const rows = Array.from({ length: 180 }, (_, at) => ({ tenant: 'a', minute: at, value: at }))
  const { question, loads } = sumsOf(rows)
  const cache = createWindowCache(createByteLru(1e6), UNKNOWN_CHANGES)
  const parts = (): number => loads.splice(0).reduce((sum, each) => sum + each, 0)
  for (const hour of [1, 0]) await cache.readAhead(question, { tenant: 'a', startMs: hour * 3_600_000, endMs: (hour + 1) * 3_600_000 })
  expect(parts()).toBe(24)
  expect(await cache.ask(question, { tenant: 'a', startMs: 0, endMs: 7_800_000 })).toHaveLength(130)
  expect(parts()).toBe(5 + 1)
  rows.push({ tenant: 'a', minute: 3, value: -3 })
  await cache.readAhead(question, { tenant: 'a', startMs: 0, endMs: 3_600_000 })
  expect(parts()).toBe(12)
  await expect(
    cache.readAhead({ ...question, load: async () => Promise.reject(new Error('away')) }, { tenant: 'a', startMs: 7_200_000, endMs: 10_800_000 }),
  ).rejects.toThrow('away')
  await cache.readAhead(question, { tenant: 'b', startMs: 0, endMs: 3_600_000 })
  expect(parts()).toBe(0)
})

test('a sum that is kept over what stays the same is the sum of all parts, and reads and adds only what changed', async () => {
  let added = 0
  let read = 0
  const add = (parts: readonly number[]): number => ((added += parts.length), parts.reduce((sum, part) => sum + part, 0))
  const next = (parts: readonly number[], before: KeptSum<number> | undefined, stays: boolean) =>
    addKept({
      add,
      signatures: new Map(parts.map((part, at) => [at, String(part)])),
      before,
      read: async (starts) => ((read += starts.length), starts.map((at) => parts[at]!)),
      stays,
    })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 8 })), fc.boolean(), async (askings, stays) => {
      let kept: KeptSum<number> | undefined
      for (const parts of askings) {
        const answer = await next(parts, kept, stays)
        expect(answer.total).toBe(parts.reduce((sum, part) => sum + part, 0))
        kept = answer.kept
      }
    }),
  )
  const costs = async (stays: boolean): Promise<number[][]> => {
    let kept: KeptSum<number> | undefined
    const found: number[][] = []
    for (const newest of [1, 2, 3, 4]) {
      added = 0
      read = 0
      kept = (await next([7, 7, 7, 7, 7, newest], kept, stays)).kept
      found.push([read, added])
    }
    return found
  }
  expect(await costs(false)).toEqual([
    [6, 6],
    [6, 7],
    [1, 2],
    [1, 2],
  ])
  expect(await costs(true)).toEqual([
    [6, 7],
    [1, 2],
    [1, 2],
    [1, 2],
  ])
})

test('a reading that fails fails its question, and the next one reads again', async () => {
  const { question } = sumsOf([{ tenant: 'a', minute: 1, value: 5 }])
  const cache = createWindowCache(createByteLru(1e6), UNKNOWN_CHANGES)
  const window = { tenant: 'a', startMs: 0, endMs: 300_000 }
  await expect(cache.ask({ ...question, load: async () => Promise.reject(new Error('away')) }, window)).rejects.toThrow('away')
  expect(await cache.ask(question, window)).toEqual([5])
})

test('after a reading that failed the rest of its question is not read', async () => {
  const { question, loads } = sumsOf(Array.from({ length: 300 }, (_, at) => ({ tenant: 'a', minute: at, value: at })))
  let asked = 0
  const load: typeof question.load = async (...of) => (asked++ === 0 ? Promise.reject(new Error('away')) : question.load(...of))
  const cache = createWindowCache(createByteLru(1e6), UNKNOWN_CHANGES)
  await expect(cache.ask({ ...question, load }, { tenant: 'a', startMs: 0, endMs: 18_000_000 })).rejects.toThrow('away')
  await new Promise((resolve) => setImmediate(resolve))
  expect(loads.length).toBeLessThan(10)
})

test('the longest unused goes first, bytes never pass the limit, and what is larger is not kept', () => {
  const lru = createByteLru(1000)
  lru.put('a', 1, 200)
  lru.put('b', 2, 200)
  lru.get('a')
  lru.put('c', 3, 200)
  expect([lru.get('a'), lru.get('b'), lru.get('c')]).toEqual([1, undefined, 3])
  lru.put('d', 4, 900)
  expect([lru.get('a'), lru.get('c'), lru.get('d')]).toEqual([1, 3, undefined])
})

test('segments cover each minute of a range once, in order, in whole steps', () => {
  fc.assert(
    fc.property(minute, minute, (from, to) => {
      const segments = segmentsOf({ from: from * 60, to: to * 60 })
      for (const segment of segments) expect([21_600, 3600, 300, 60]).toContain(segment.to - segment.from)
      for (const segment of segments) expect(segment.from % (segment.to - segment.from)).toBe(0)
      const minutes = segments.flatMap((segment) => Array.from({ length: (segment.to - segment.from) / 60 }, (_, at) => segment.from / 60 + at))
      expect(minutes).toEqual(Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at))
    }),
  )
})
