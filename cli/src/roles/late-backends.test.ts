import { tmpdir } from 'node:os'
import type { EventLog } from '@skein/eventlog/contract'
import { LogFullError } from '@skein/eventlog/errors'
import type { Keys } from '@skein/metadata/keys'
import { expect, test } from 'vitest'
import { type Backends, openWhenRoom } from './late-backends.ts'

const NO_ROOM = Object.assign(new Error('no space left on device, open'), { code: 'ENOSPC' })
const RECORD = { partition: 0, value: new Uint8Array(1) }

/** What opens after so many errors. */
function setUp(errors: Error[]) {
  const closed: number[] = []
  const log = { partitions: async () => 3, append: async () => [{ partition: 0, offset: 7 }], probe: async () => undefined } as unknown as EventLog
  const keys = { authenticate: async () => ({ ok: false, reason: 'unknown' }) } as unknown as Keys
  const open = async (): Promise<Backends> => {
    const error = errors.shift()
    if (error !== undefined) throw error
    return { log, keys, close: async (deadlineMs) => void closed.push(deadlineMs) }
  }
  const waits: string[] = []
  const options = { directory: tmpdir(), open, partitions: () => 3, waiting: (why: string) => void waits.push(why) }
  return { options, waits, closed }
}

test('with room on the disk nothing stands in between', async () => {
  const { options, waits } = setUp([])
  expect(await (await openWhenRoom(options)).log.append('t', [RECORD])).toEqual([{ partition: 0, offset: 7 }])
  expect(waits).toEqual([])
})

test('on a full disk appends, probes and keys are refused as full until there is room, and then served', async () => {
  const { options, waits, closed } = setUp([NO_ROOM, NO_ROOM])
  const late = await openWhenRoom(options)
  expect(await late.log.partitions('t')).toBe(3)
  await expect(late.log.append('t', [RECORD])).rejects.toBeInstanceOf(LogFullError)
  await expect(late.log.probe()).rejects.toBeInstanceOf(LogFullError)
  await expect(late.keys.authenticate('x')).rejects.toBeInstanceOf(LogFullError)
  await expect.poll(() => late.log.append('t', [RECORD]).catch(() => null), { timeout: 20_000 }).toEqual([{ partition: 0, offset: 7 }])
  expect(waits).toHaveLength(1)
  await late.close(1234)
  expect(closed).toEqual([1234])
})

test('another error ends the start, or what waits', async () => {
  await expect(openWhenRoom(setUp([new Error('no right')]).options)).rejects.toThrow('no right')
  const late = await openWhenRoom(setUp([NO_ROOM, new Error('no right')]).options)
  await expect(late.failed).rejects.toThrow('no right')
  await late.close(1)
})

test('a log that turns out to have other partitions than were told ends the start', async () => {
  const { options } = setUp([NO_ROOM])
  const late = await openWhenRoom({ ...options, partitions: () => 2 })
  expect(await late.log.partitions('t')).toBe(2)
  await expect(late.failed).rejects.toThrow('t has 3 partitions and not 2')
  await late.close(1)
})
