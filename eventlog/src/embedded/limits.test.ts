import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRecorder, numbered, until } from '../conformance-recorder.ts'
import { LogFullError, LogLockedError, LogUnavailableError } from '../errors.ts'
import { APPEND_ROOM_BYTES } from '../contract.ts'
import { createLogBed, envelopeAt, type LogBed } from './log-for-tests.ts'
import { lmdbVolumes, type VolumeDriver } from './volumes.ts'

const TOPIC = 'limits'
const MIB = 1024 * 1024
const MINUTE_MS = 60_000

describe('the embedded log within its limits', () => {
  let bed: LogBed

  beforeEach(() => {
    bed = createLogBed()
  })
  afterEach(() => bed.end())

  test('an append past the quota is refused, and nothing that was taken is lost', async () => {
    const log = await bed.open({ quotaBytes: 3 * MIB })
    let taken = 0
    let refusal: unknown = null
    while (refusal === null) {
      await log.append(TOPIC, [{ partition: 0, value: Buffer.alloc(100_000) }]).then(
        () => taken++,
        (error: unknown) => {
          refusal = error
        },
      )
    }
    expect(refusal).toBeInstanceOf(LogFullError)
    await expect(log.probe()).rejects.toBeInstanceOf(LogFullError)
    expect(log.usedBytes()).toBeLessThanOrEqual(3 * MIB)
    const seen = createRecorder()
    await log.consume([TOPIC], 'auditor', seen.handler)
    await until(() => seen.total() === taken)
    expect(taken).toBeGreaterThan(20)
  })

  test('a value that comes with its sum and room before it is stored as it is, and nothing outside of value and room is touched', async () => {
    const log = await bed.open()
    const memory = Buffer.alloc(1000, 7)
    const before = memory.subarray(0, 100)
    const value = memory.subarray(100 + APPEND_ROOM_BYTES, 600).fill(9)
    const short = memory.subarray(700, 800).fill(8)
    await log.append(TOPIC, [
      { partition: 0, value, roomBytes: APPEND_ROOM_BYTES, crc32: crc32(value) },
      { partition: 0, value: short, roomBytes: APPEND_ROOM_BYTES - 1 },
    ])
    expect(before.every((byte) => byte === 7)).toBe(true)
    expect(memory.subarray(600, 700).every((byte) => byte === 7)).toBe(true)
    expect(memory.subarray(800).every((byte) => byte === 7)).toBe(true)
    memory.fill(0)
    const seen: Buffer[] = []
    const recorder = createRecorder()
    await log.consume([TOPIC], 'auditor', {
      ...recorder.handler,
      records: async (_topic, _partition, records) => void seen.push(...records.map((record) => record.value)),
    })
    await until(() => seen.length === 2)
    expect(seen).toEqual([Buffer.alloc(500 - APPEND_ROOM_BYTES, 9), Buffer.alloc(100, 8)])
  })

  test('near the quota what every group has done goes at once, and appends are taken again', async () => {
    const log = await bed.open({ quotaBytes: 8 * MIB, marginMs: 15 * MINUTE_MS })
    const append = (): Promise<unknown> => log.append(TOPIC, [{ partition: 0, value: envelopeAt(1_700_000_000_000, 200_000) }])
    const fill = async (): Promise<unknown> => {
      for (;;) {
        try {
          await append()
        } catch (error) {
          return error
        }
      }
    }
    expect(await fill()).toBeInstanceOf(LogFullError)
    await log.tidy()
    expect(log.usedBytes()).toBeGreaterThan(0.8 * 8 * MIB)
    const seen = createRecorder()
    const subscription = await log.consume([TOPIC], 'auditor', seen.handler)
    const taken = (await log.lag([TOPIC], 'auditor'))[0]?.end ?? 0
    await until(() => seen.total() === taken)
    await subscription.commit([{ topic: TOPIC, partition: 0, next: taken, note: '' }])
    await log.tidy()
    expect(log.usedBytes()).toBeLessThanOrEqual(0.8 * 8 * MIB)
    expect(log.usedBytes()).toBeGreaterThan(0.5 * 8 * MIB)
    await append()
    expect(log.counts()).toEqual({ damaged: 0, missing: 0 })
  })

  test('below the free disk reserve appends are refused until there is room again', async () => {
    let free = 10 * MIB
    let now = 0
    const log = await bed.open({ reserveBytes: 5 * MIB, freeDiskBytes: () => free, clock: () => (now += 1000) })
    await log.append(TOPIC, numbered(0, 1))
    free = 4 * MIB
    await expect(log.append(TOPIC, numbered(0, 1))).rejects.toBeInstanceOf(LogFullError)
    free = 6 * MIB
    await expect(log.append(TOPIC, numbered(0, 1))).resolves.toEqual([{ partition: 0, offset: 1 }])
  })

  test('what was on disk before the start counts against the quota', async () => {
    const first = await bed.open()
    await first.append(TOPIC, [{ partition: 0, value: Buffer.alloc(900_000) }])
    await first.close(1000)
    const second = await bed.open({ quotaBytes: MIB })
    await expect(second.append('another', [{ partition: 0, value: Buffer.alloc(200_000) }])).rejects.toBeInstanceOf(LogFullError)
  })

  test.each([
    ['ENOSPC', 'No space left on device', LogFullError],
    ['EIO', 'Input/output error', LogUnavailableError],
  ])('a commit that fails with %s rejects its waiters, shows nothing, and three in a row open a new volume', async (_code, message, refusal) => {
    let failing = false
    const log = await bed.open({ volumes: failingVolumes(() => failing, message) })
    await log.append(TOPIC, numbered(0, 2))
    failing = true
    for (let attempt = 0; attempt < 2; attempt++) await expect(log.append(TOPIC, numbered(0, 1, 50))).rejects.toBeInstanceOf(refusal)
    expect(bed.volumeNames(TOPIC)).toHaveLength(1)
    await expect(log.append(TOPIC, numbered(0, 1, 50))).rejects.toBeInstanceOf(refusal)
    expect(bed.volumeNames(TOPIC)).toHaveLength(2)
    failing = false
    await log.append(TOPIC, numbered(0, 2, 2))
    const seen = createRecorder()
    await log.consume([TOPIC], 'auditor', seen.handler)
    await until(() => seen.total() === 4)
    expect(seen.values(0)).toEqual([0, 1, 2, 3])
    expect(log.counts()).toEqual({ damaged: 0, missing: 0 })
  })

  test('a panicked volume is replaced at once, also when only probes come', async () => {
    let failing = true
    const log = await bed.open({ volumes: failingVolumes(() => failing, 'MDB_PANIC: Update of meta page failed or environment had fatal error') })
    await expect(log.append(TOPIC, numbered(0, 1))).rejects.toBeInstanceOf(LogUnavailableError)
    expect(bed.volumeNames(TOPIC)).toHaveLength(2)
    await expect(log.probe()).rejects.toBeInstanceOf(LogUnavailableError)
    expect(bed.volumeNames(TOPIC)).toHaveLength(3)
    failing = false
    await expect(log.probe()).resolves.toBeUndefined()
  })

  test('appends beyond the bytes that may wait are refused, one alone never is', async () => {
    const log = await bed.open({ pendingBytes: 150_000, groupMs: 50 })
    await log.append(TOPIC, numbered(0, 1))
    const value = Buffer.alloc(100_000)
    const outcomes = await Promise.allSettled([log.append(TOPIC, [{ partition: 0, value }]), log.append(TOPIC, [{ partition: 0, value }])])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await expect(log.append(TOPIC, [{ partition: 0, value: Buffer.alloc(200_000) }])).resolves.toHaveLength(1)
  })

  test('a volume goes when every partition is committed past it and its log time is over, never before', async () => {
    const log = await bed.open({ marginMs: 15 * MINUTE_MS })
    const start = 1_700_000_000_000
    for (let minute = 0; minute < 60; minute++) await log.append(TOPIC, [{ partition: minute % 2, value: envelopeAt(start + minute * MINUTE_MS, 200_000) }])
    const before = bed.volumeNames(TOPIC)
    expect(before.length).toBeGreaterThan(8)
    await log.tidy()
    expect(bed.volumeNames(TOPIC)).toEqual(before)
    const seen = createRecorder()
    const subscription = await log.consume([TOPIC], 'slow', seen.handler)
    await until(() => seen.total() === 60)
    await log.tidy()
    expect(bed.volumeNames(TOPIC)).toEqual(before)
    await subscription.commit([{ topic: TOPIC, partition: 0, next: 30, note: '' }])
    await log.tidy()
    expect(bed.volumeNames(TOPIC)).toEqual(before)
    await subscription.commit([{ topic: TOPIC, partition: 1, next: 15, note: '' }])
    await log.tidy()
    const after = bed.volumeNames(TOPIC)
    expect(after.length).toBeLessThan(before.length)
    await subscription.stop(1000)
    const again = createRecorder({ startAt: 0 })
    await log.consume([TOPIC], 'slow', again.handler)
    await until(() => again.total() >= 60 - 2 * (again.assignment(0)?.earliest ?? 0) - 1 && again.offsets(1).at(-1) === 29 && again.offsets(0).at(-1) === 29)
    // Minute 31 is the oldest not committed: 15 minutes of log time before it are still there.
    const oldestMinute = Math.min((again.offsets(0)[0] as number) * 2, (again.offsets(1)[0] as number) * 2 + 1)
    expect(oldestMinute).toBeGreaterThan(5)
    expect(oldestMinute).toBeLessThanOrEqual(16)
  })

  test('what is kept by age goes with its log time, whoever read it, and earlier only for want of room', async () => {
    const log = await bed.open({ keep: 'age', marginMs: 20 * MINUTE_MS, quotaBytes: 16 * MIB })
    const start = 1_700_000_000_000
    const append = (minute: number): Promise<unknown> => log.append(TOPIC, [{ partition: 0, value: envelopeAt(start + minute * MINUTE_MS, 200_000) }])
    for (let minute = 0; minute < 60; minute++) await append(minute)
    await log.tidy()
    const seen = createRecorder()
    await log.consume([TOPIC], 'anyone', seen.handler)
    await until(() => seen.offsets(0).at(-1) === 59)
    // 20 minutes of log time are there, and little more than the volume that holds their begin.
    expect(seen.offsets(0)[0]).toBeLessThanOrEqual(39)
    expect(seen.offsets(0)[0]).toBeGreaterThan(30)
    for (let more = 0; more < 200; more++) {
      await append(59)
      if (more % 5 === 0) await log.tidy()
    }
    await log.tidy()
    expect(log.usedBytes()).toBeLessThanOrEqual(0.8 * 16 * MIB)
  })

  test('volumes that were read to their end are let go, and opened again for who reads from the start', async () => {
    const first = await bed.open()
    for (let index = 0; index < 30; index++) await first.append(TOPIC, [{ partition: 0, value: Buffer.alloc(200_000, index) }])
    await first.close(1000)
    const mapped = new Set<string>()
    const log = await bed.open({ role: 'reader', pollMs: 2, idlePollMs: 2, volumes: countingVolumes(mapped) })
    const seen = createRecorder()
    await log.consume([TOPIC], 'first', seen.handler)
    await until(() => seen.total() === 30)
    await until(() => mapped.size === 1)
    const again = createRecorder({ startAt: 0 })
    await log.consume([TOPIC], 'second', again.handler)
    await until(() => again.total() === 30)
    expect(again.offsets(0)).toEqual([...Array(30).keys()])
    expect(log.counts()).toEqual({ damaged: 0, missing: 0 })
  })

  test('a second process of a role is refused in one sentence that names the first, the other role is not', async () => {
    await bed.open({ role: 'writer' })
    await bed.open({ role: 'reader' })
    const refused = bed.open({ role: 'writer' })
    await expect(refused).rejects.toBeInstanceOf(LogLockedError)
    await expect(refused).rejects.toThrow(`in use by process ${process.pid} `)
    await expect(bed.open({ role: 'reader' })).rejects.toBeInstanceOf(LogLockedError)
  })

  test('the lock of a dead process, or of one whose pid was given away, is taken over', async () => {
    const dead = { pid: 2 ** 22 + 1, host: hostname(), birth: 'x 1' }
    const log = await bed.open({ role: 'reader' })
    await log.close(1000)
    writeFileSync(join(bed.directory, 'writer.lock'), JSON.stringify(dead))
    writeFileSync(join(bed.directory, 'reader.lock'), JSON.stringify({ ...dead, pid: process.ppid, birth: 'another boot 1' }))
    await expect(bed.open()).resolves.toBeDefined()
  })
})

/** Volumes whose commits fail while `failing` says so; opening works. */
function failingVolumes(failing: () => boolean, message: string): VolumeDriver {
  const wrap = (volume: ReturnType<VolumeDriver['open']>): ReturnType<VolumeDriver['open']> => ({
    ...volume,
    write: (records) => (failing() ? Promise.reject(new Error(message)) : volume.write(records)),
    probe: () => (failing() ? Promise.reject(new Error(message)) : volume.probe()),
  })
  return { open: (options) => wrap(lmdbVolumes.open(options)), create: async (options, head) => wrap(await lmdbVolumes.create(options, head)) }
}

/** Volumes that say which of them are open. */
function countingVolumes(mapped: Set<string>): VolumeDriver {
  return {
    create: lmdbVolumes.create,
    open: (options) => {
      const volume = lmdbVolumes.open(options)
      mapped.add(options.path)
      return {
        ...volume,
        close: () => {
          mapped.delete(options.path)
          return volume.close()
        },
      }
    },
  }
}
