import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createGate } from './gate.ts'

function deferred<T>() {
  return Promise.withResolvers<T>()
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('the gate', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('runs at most so many questions of a tenant at once, the others in the order they came', async () => {
    const gate = createGate({ perTenant: 2, queued: 10, timeoutMs: 1000 })
    const order: number[] = []
    const doors = Array.from({ length: 5 }, () => deferred<void>())
    const answers = doors.map((door, i) =>
      gate.run('a', async () => {
        order.push(i)
        expect(gate.running()).toBeLessThanOrEqual(2)
        await door.promise
        return i
      }),
    )
    await tick()
    expect(order).toEqual([0, 1])
    expect(gate.queued()).toBe(3)
    doors[1]?.resolve()
    await tick()
    expect(order).toEqual([0, 1, 2])
    for (const door of doors) door.resolve()
    expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4])
    expect([gate.running(), gate.queued()]).toEqual([0, 0])
  })

  it('lets one tenant not wait for another', async () => {
    const gate = createGate({ perTenant: 1, queued: 10, timeoutMs: 1000 })
    const door = deferred<void>()
    const slow = gate.run('a', () => door.promise)
    expect(await gate.run('b', async () => 'answered')).toBe('answered')
    door.resolve()
    await slow
  })

  it('refuses when the queue is full, and says when to ask again', async () => {
    const gate = createGate({ perTenant: 1, queued: 1, timeoutMs: 1000 })
    const door = deferred<void>()
    const running = gate.run('a', () => door.promise)
    const waiting = gate.run('a', async () => 'waited')
    await expect(gate.run('a', async () => 'never')).rejects.toMatchObject({ code: 'too_many_queries', details: { retryAfterSeconds: 1 } })
    door.resolve()
    await running
    expect(await waiting).toBe('waited')
  })

  it('answers a question over its time, and keeps its place until the store lets go', async () => {
    const gate = createGate({ perTenant: 1, queued: 10, timeoutMs: 1000 })
    const door = deferred<void>()
    const slow = gate.run('a', () => door.promise)
    const late = expect(slow).rejects.toMatchObject({ code: 'query_timeout' })
    await vi.advanceTimersByTimeAsync(1000)
    await late
    expect(gate.running()).toBe(1)
    door.resolve()
    await tick()
    expect(gate.running()).toBe(0)
  })

  it('lets a question that waited too long go, and gives its place to the next', async () => {
    const gate = createGate({ perTenant: 1, queued: 10, timeoutMs: 1000 })
    const door = deferred<void>()
    const running = gate.run('a', () => door.promise).catch(() => 'over time')
    const waiting = gate.run('a', async () => 'never asked').catch((error: Error) => error.message)
    await vi.advanceTimersByTimeAsync(1000)
    expect(await running).toBe('over time')
    expect(await waiting).toMatch(/^No answer within 1 s/)
    expect(gate.queued()).toBe(0)
    door.resolve()
    await tick()
    expect(await gate.run('a', async () => 'next')).toBe('next')
  })

  it('does not keep a place in the queue for who has gone', async () => {
    const gate = createGate({ perTenant: 1, queued: 10, timeoutMs: 1000 })
    const door = deferred<void>()
    const running = gate.run('a', () => door.promise)
    const gone = new AbortController()
    const asked: string[] = []
    const left = gate.run('a', async () => asked.push('left'), gone.signal).catch((error: Error) => error.message)
    const stayed = gate.run('a', async () => asked.push('stayed'))
    gone.abort(new Error('hung up'))
    expect(await left).toBe('hung up')
    door.resolve()
    await Promise.all([running, stayed])
    expect(asked).toEqual(['stayed'])
    expect([gate.running(), gate.queued()]).toEqual([0, 0])
  })

  it('gives the place of a failed question back', async () => {
    const gate = createGate({ perTenant: 1, queued: 10, timeoutMs: 1000 })
    const failed = () => {
      throw new Error('no')
    }
    await expect(gate.run('a', failed)).rejects.toThrow('no')
    expect(await gate.run('a', async () => 'next')).toBe('next')
  })
})
