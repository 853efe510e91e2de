import { describe, expect, it } from 'vitest'
import type { EventLog } from '@skein/eventlog/contract'
import { createAppendQueue } from './append-queue.ts'

function setup(maxInflight = 1, maxBatchBytes = 100) {
  const batches: { size: number; settle: PromiseWithResolvers<never[]> }[] = []
  const log = {
    append(_topic: string, records: readonly unknown[]) {
      const settle = Promise.withResolvers<never[]>()
      batches.push({ size: records.length, settle })
      return settle.promise
    },
  } as unknown as EventLog
  let committed = 0
  const queue = createAppendQueue({ log, topic: 't', maxBatchBytes, maxInflight, committed: () => committed++ })
  const add = (bytes = 10) => queue.append([{ partition: 0, value: new Uint8Array(bytes) }])
  return { batches, queue, add, committed: () => committed }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

describe('append queue', () => {
  it('nothing resolves before the log has, and what came meanwhile goes in one append', async () => {
    const { batches, add, committed } = setup()
    let done = 0
    const first = add().done.then(() => done++)
    await turn()
    const later = [add(), add(), add()].map((each) => each.done.then(() => done++))
    await turn()
    expect([batches.length, done]).toEqual([1, 0])
    batches[0]!.settle.resolve([])
    await first
    await turn()
    expect([batches.map(({ size }) => size), done, committed()]).toEqual([[1, 3], 1, 1])
    batches[1]!.settle.resolve([])
    await Promise.all(later)
    expect(done).toBe(4)
  })

  it('a failed append fails all that were in it and nobody else', async () => {
    const { batches, add, queue } = setup()
    const [first, second] = [add(60), add(60)]
    await turn()
    batches[0]!.settle.reject(new Error('full'))
    await expect(first.done).rejects.toThrow('full')
    await turn()
    batches[1]!.settle.resolve([])
    await second.done
    expect(queue.pending).toBe(0)
  })

  it('an append over the batch size goes alone', async () => {
    const { batches, add } = setup(10, 100)
    for (const bytes of [500, 60, 60, 30]) void add(bytes).done
    await turn()
    expect(batches.map(({ size }) => size)).toEqual([1, 1, 2])
  })

  it('what has not begun can be taken back, what has cannot', async () => {
    const { batches, add, queue } = setup()
    const first = add()
    await turn()
    const second = add()
    expect(first.abandon()).toBe(false)
    expect(second.abandon()).toBe(true)
    await expect(second.done).rejects.toThrow('taken back')
    batches[0]!.settle.resolve([])
    await first.done
    await queue.idle(1000)
    expect(batches).toHaveLength(1)
  })
})
