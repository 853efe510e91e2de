import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LogUnavailableError } from '../errors.ts'
import { createLanes, type LaneBatch, type Lanes, type LanesOptions } from './lanes.ts'

interface Sent {
  batches: readonly LaneBatch[]
  done: PromiseWithResolvers<number[]>
}

const sent: Sent[] = []
const record = (partition: number, bytes: number, fill = 0) => ({ partition, value: Buffer.alloc(bytes, fill) })

beforeEach(() => {
  vi.useFakeTimers()
  sent.length = 0
})
afterEach(() => {
  vi.useRealTimers()
})

function open(options: Partial<LanesOptions> = {}): Lanes {
  return createLanes({
    send: (batches) => {
      const done = Promise.withResolvers<number[]>()
      sent.push({ batches, done })
      return done.promise
    },
    refusal: (error) => error as Error,
    batchBytes: 1000,
    sendBytes: 3000,
    sends: 2,
    lingerMs: 5,
    deadlineMs: 8000,
    pendingBytes: 10_000,
    ...options,
  })
}

test('appends of a linger go as one send, and each gets its own offsets', async () => {
  const lanes = open()
  const first = lanes.append('t', [record(0, 10), record(1, 10)])
  const second = lanes.append('t', [record(0, 10)])
  expect(sent).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(5)
  expect(sent.map(({ batches }) => batches.map(({ partition, values }) => [partition, values.length]))).toEqual([
    [
      [0, 2],
      [1, 1],
    ],
  ])
  sent[0]?.done.resolve([100, 200])
  expect(await first).toEqual([
    { partition: 0, offset: 100 },
    { partition: 1, offset: 200 },
  ])
  expect(await second).toEqual([{ partition: 0, offset: 101 }])
})

test('a partition has one send under way and none of its batches is over the limit; others go beside it', async () => {
  const lanes = open()
  const large = lanes.append('t', [record(0, 600, 1), record(0, 600, 2)])
  const other = lanes.append('t', [record(1, 10)])
  await vi.advanceTimersByTimeAsync(5)
  expect(sent.map(({ batches }) => batches.map(({ partition }) => partition))).toEqual([[0], [1]])
  sent[1]?.done.resolve([5])
  await other
  expect(sent).toHaveLength(2)
  sent[0]?.done.resolve([7])
  await vi.advanceTimersByTimeAsync(0)
  expect(sent[2]?.batches[0]?.values[0]?.[0]).toBe(2)
  sent[2]?.done.resolve([8])
  expect(await large).toEqual([
    { partition: 0, offset: 7 },
    { partition: 0, offset: 8 },
  ])
})

test('a failed send rejects every append in it and sends nothing more of them', async () => {
  const lanes = open()
  const first = lanes.append('t', [record(0, 900), record(0, 900)])
  const refused = expect(first).rejects.toThrow('no')
  await vi.advanceTimersByTimeAsync(5)
  sent[0]?.done.reject(new Error('no'))
  await refused
  await vi.advanceTimersByTimeAsync(50)
  expect(sent).toHaveLength(1)
})

test('an append that is not confirmed in time is refused, and what waited behind it is never sent', async () => {
  const lanes = open()
  const stuck = lanes.append('t', [record(0, 10)])
  const refused = [expect(stuck).rejects.toBeInstanceOf(LogUnavailableError)]
  await vi.advanceTimersByTimeAsync(5)
  refused.push(expect(lanes.append('t', [record(0, 10)])).rejects.toBeInstanceOf(LogUnavailableError))
  await vi.advanceTimersByTimeAsync(8000)
  await Promise.all(refused)
  sent[0]?.done.resolve([1])
  await vi.advanceTimersByTimeAsync(50)
  expect(sent).toHaveLength(1)
  const fresh = lanes.append('t', [record(0, 10)])
  await vi.advanceTimersByTimeAsync(5)
  sent[1]?.done.resolve([2])
  expect(await fresh).toEqual([{ partition: 0, offset: 2 }])
})

test('more bytes than may wait are refused at once, and their room comes back', async () => {
  const lanes = open({ pendingBytes: 1000 })
  const first = lanes.append('t', [record(0, 800)])
  await expect(lanes.append('t', [record(0, 300)])).rejects.toBeInstanceOf(LogUnavailableError)
  await vi.advanceTimersByTimeAsync(5)
  sent[0]?.done.resolve([0])
  await first
  await vi.advanceTimersByTimeAsync(0)
  const second = lanes.append('t', [record(0, 300)])
  await vi.advanceTimersByTimeAsync(5)
  sent[1]?.done.resolve([1])
  expect(await second).toHaveLength(1)
})
