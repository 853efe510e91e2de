import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { encodeEnvelope } from '@skein/schemas/envelope'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRecorder, numbered, until } from '../conformance-recorder.ts'
import { LogFullError, LogLockedError, LogUnavailableError } from '../errors.ts'
import { createEmbeddedLog, type EmbeddedLog, type EmbeddedLogOptions } from './log.ts'
import { lmdbVolumes } from './volumes.ts'
import type { VolumeDriver } from './volumes.ts'

const TOPIC = 'limits'
const MIB = 1024 * 1024
const MINUTE_MS = 60_000

describe('the embedded log within its limits', () => {
  let directory = ''
  let events: string[] = []
  const logs: EmbeddedLog[] = []

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'skein-limits-'))
    events = []
  })
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close(1000)
    rmSync(directory, { recursive: true, force: true })
  })

  async function open(options: Partial<EmbeddedLogOptions> = {}): Promise<EmbeddedLog> {
    const log = await createEmbeddedLog({
      directory,
      role: 'both',
      partitions: () => 2,
      quotaBytes: 1024 * MIB,
      reserveBytes: 0,
      volumeBytes: MIB,
      clock: Date.now,
      report: (_level, event) => events.push(event),
      ...options,
    })
    logs.push(log)
    return log
  }

  function leaveDeadWriter(): void {
    writeFileSync(join(directory, 'writer.lock'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), birth: 'x 1' }))
  }

  const volumeNames = (): string[] =>
    readdirSync(join(directory, TOPIC))
      .filter((name) => name.endsWith('.mdb'))
      .sort()

  /** An envelope of log time, so that retention can tell how old it is. */
  function envelopeAt(receivedAtMs: number, payloadBytes: number): Uint8Array {
    const header = { signal: 1, content: 1, source: 1, receivedAtMs, requestId: new Uint8Array(16), part: 0, parts: 1, records: 1, limitsVersion: 1 } as const
    return encodeEnvelope({ ...header, tenant: 't', keyId: 'k' }, [new Uint8Array(payloadBytes)], crc32)
  }

  test('an append past the quota is refused, and nothing that was taken is lost', async () => {
    const log = await open({ quotaBytes: 3 * MIB })
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

  test('below the free disk reserve appends are refused until there is room again', async () => {
    let free = 10 * MIB
    let now = 0
    const log = await open({ reserveBytes: 5 * MIB, freeDiskBytes: () => free, clock: () => (now += 1000) })
    await log.append(TOPIC, numbered(0, 1))
    free = 4 * MIB
    await expect(log.append(TOPIC, numbered(0, 1))).rejects.toBeInstanceOf(LogFullError)
    free = 6 * MIB
    await expect(log.append(TOPIC, numbered(0, 1))).resolves.toEqual([{ partition: 0, offset: 1 }])
  })

  test('what was on disk before the start counts against the quota', async () => {
    const first = await open()
    await first.append(TOPIC, [{ partition: 0, value: Buffer.alloc(900_000) }])
    await first.close(1000)
    const second = await open({ quotaBytes: MIB })
    await expect(second.append('another', [{ partition: 0, value: Buffer.alloc(200_000) }])).rejects.toBeInstanceOf(LogFullError)
  })

  test.each([
    ['ENOSPC', 'No space left on device', LogFullError],
    ['EIO', 'Input/output error', LogUnavailableError],
  ])('a commit that fails with %s rejects its waiters, shows nothing, and three in a row open a new volume', async (_code, message, refusal) => {
    let failing = false
    const log = await open({ volumes: failingVolumes(() => failing, message) })
    await log.append(TOPIC, numbered(0, 2))
    failing = true
    for (let attempt = 0; attempt < 2; attempt++) await expect(log.append(TOPIC, numbered(0, 1, 50))).rejects.toBeInstanceOf(refusal)
    expect(volumeNames()).toHaveLength(1)
    await expect(log.append(TOPIC, numbered(0, 1, 50))).rejects.toBeInstanceOf(refusal)
    expect(volumeNames()).toHaveLength(2)
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
    const log = await open({ volumes: failingVolumes(() => failing, 'MDB_PANIC: Update of meta page failed or environment had fatal error') })
    await expect(log.append(TOPIC, numbered(0, 1))).rejects.toBeInstanceOf(LogUnavailableError)
    expect(volumeNames()).toHaveLength(2)
    await expect(log.probe()).rejects.toBeInstanceOf(LogUnavailableError)
    expect(volumeNames()).toHaveLength(3)
    failing = false
    await expect(log.probe()).resolves.toBeUndefined()
  })

  test('appends beyond the bytes that may wait are refused, one alone never is', async () => {
    const log = await open({ pendingBytes: 150_000, groupMs: 50 })
    await log.append(TOPIC, numbered(0, 1))
    const value = Buffer.alloc(100_000)
    const outcomes = await Promise.allSettled([log.append(TOPIC, [{ partition: 0, value }]), log.append(TOPIC, [{ partition: 0, value }])])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await expect(log.append(TOPIC, [{ partition: 0, value: Buffer.alloc(200_000) }])).resolves.toHaveLength(1)
  })

  test('a volume goes when every partition is committed past it and its log time is over, never before', async () => {
    const log = await open({ marginMs: 15 * MINUTE_MS })
    const start = 1_700_000_000_000
    for (let minute = 0; minute < 60; minute++) await log.append(TOPIC, [{ partition: minute % 2, value: envelopeAt(start + minute * MINUTE_MS, 200_000) }])
    const before = volumeNames()
    expect(before.length).toBeGreaterThan(8)
    await log.tidy()
    expect(volumeNames()).toEqual(before)
    const seen = createRecorder()
    const subscription = await log.consume([TOPIC], 'slow', seen.handler)
    await until(() => seen.total() === 60)
    await log.tidy()
    expect(volumeNames()).toEqual(before)
    await subscription.commit([{ topic: TOPIC, partition: 0, next: 30, note: '' }])
    await log.tidy()
    expect(volumeNames()).toEqual(before)
    await subscription.commit([{ topic: TOPIC, partition: 1, next: 15, note: '' }])
    await log.tidy()
    const after = volumeNames()
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

  test('an offset below the oldest volume shows in the assignment and is counted as missing', async () => {
    const log = await open({ marginMs: 0 })
    for (let index = 0; index < 33; index++) await log.append(TOPIC, [{ partition: 0, value: envelopeAt(1000 + index, 200_000) }])
    const seen = createRecorder()
    const subscription = await log.consume([TOPIC], 'fast', seen.handler)
    await until(() => seen.total() === 33)
    await subscription.commit([{ topic: TOPIC, partition: 0, next: 33, note: '' }])
    await log.tidy()
    const late = createRecorder({ startAt: 0 })
    await log.consume([TOPIC], 'late', late.handler)
    await until(() => late.offsets(0).at(-1) === 32)
    const earliest = late.assignment(0)?.earliest as number
    expect(earliest).toBeGreaterThan(10)
    expect(late.offsets(0)[0]).toBe(earliest)
    expect(log.counts()).toEqual({ damaged: 0, missing: earliest })
  })

  test('a flipped bit costs its record alone: skipped, counted, said', async () => {
    const first = await open({ volumeBytes: 64 * MIB })
    for (let index = 0; index < 5; index++) await first.append(TOPIC, [{ partition: 0, value: Buffer.alloc(20_000, `value-${index} `) }])
    await first.close(1000)
    const path = join(directory, TOPIC, volumeNames()[0] as string)
    const bytes = readFileSync(path)
    const at = bytes.indexOf('value-2 ')
    bytes[at + 10_000] = (bytes[at + 10_000] as number) ^ 1
    writeFileSync(path, bytes)
    const log = await open({ volumeBytes: 64 * MIB })
    const seen = createRecorder()
    await log.consume([TOPIC], 'auditor', seen.handler)
    await until(() => seen.total() === 4)
    expect(seen.offsets(0)).toEqual([0, 1, 3, 4])
    expect(log.counts()).toEqual({ damaged: 1, missing: 0 })
    expect(events).toContain('log_record_damaged')
  })

  test('after a writer died, a volume that cannot be opened is set aside and its records are found again, each but those whose bytes are gone', async () => {
    const first = await open({ volumeBytes: 64 * MIB })
    for (let index = 0; index < 40; index++)
      await first.append(TOPIC, [{ partition: index % 2, value: Buffer.alloc(index % 3 === 0 ? 50 : 30_000, `value-${index} `) }])
    await first.close(1000)
    const path = join(directory, TOPIC, volumeNames()[0] as string)
    const bytes = readFileSync(path)
    bytes.fill(0xff, 0, 8192)
    const at = bytes.indexOf('value-20 ')
    bytes[at] = (bytes[at] as number) ^ 1
    writeFileSync(path, bytes)
    leaveDeadWriter()
    const log = await open({ volumeBytes: 64 * MIB })
    expect(events).toContain('log_volume_salvaged')
    expect(readdirSync(join(directory, TOPIC))).toContain(`${volumeNames()[0]}.damaged`)
    const [position] = await log.append(TOPIC, [{ partition: 0, value: Buffer.from('after') }])
    expect(position).toEqual({ partition: 0, offset: 20 })
    const seen = createRecorder()
    await log.consume([TOPIC], 'auditor', seen.handler)
    await until(() => seen.total() === 40)
    expect(seen.offsets(0)).toEqual([...Array(21).keys()].filter((offset) => offset !== 10))
    expect(seen.offsets(1)).toEqual([...Array(20).keys()])
    expect(log.counts()).toEqual({ damaged: 0, missing: 1 })
  })

  test('after a writer died its volumes are walked first, and one that kills or fails the walk is salvaged', async () => {
    const first = await open({ volumeBytes: 64 * MIB })
    for (let index = 0; index < 400; index++) await first.append(TOPIC, [{ partition: 0, value: Buffer.alloc(40, `value-${index} `) }])
    await first.close(1000)
    const path = join(directory, TOPIC, volumeNames()[0] as string)
    const bytes = readFileSync(path)
    // Every tree page but the two meta pages loses its header.
    for (let page = 2 * 4096; page < bytes.length; page += 4096) bytes.fill(0xff, page, page + 24)
    writeFileSync(path, bytes)
    leaveDeadWriter()
    const log = await open({ volumeBytes: 64 * MIB })
    expect(events).toContain('log_volume_salvaged')
    const seen = createRecorder()
    await log.consume([TOPIC], 'auditor', seen.handler)
    await until(() => seen.total() === 400)
    expect(seen.offsets(0)).toEqual([...Array(400).keys()])
  })

  test('when volumes are gone, offsets go on behind what a group has done, so that new records are read', async () => {
    const first = await open()
    await first.append(TOPIC, numbered(0, 10))
    const before = createRecorder()
    const subscription = await first.consume([TOPIC], 'group', before.handler)
    await until(() => before.total() === 10)
    await subscription.commit([{ topic: TOPIC, partition: 0, next: 10, note: '' }])
    await first.close(1000)
    rmSync(join(directory, TOPIC), { recursive: true })
    const log = await open()
    expect(await log.append(TOPIC, numbered(0, 1, 77))).toEqual([{ partition: 0, offset: 10 }])
    const after = createRecorder()
    await log.consume([TOPIC], 'group', after.handler)
    await until(() => after.total() === 1)
    expect(after.values(0)).toEqual([77])
  })

  test('a directory of a newer format is refused by name', async () => {
    const log = await open()
    await log.close(1000)
    writeFileSync(join(directory, 'format.json'), '{"format":99}')
    await expect(open()).rejects.toThrow(/format 99, written by a newer version/)
    await expect(open()).rejects.toBeInstanceOf(LogLockedError)
  })

  test('a second process of a role is refused in one sentence that names the first, the other role is not', async () => {
    await open({ role: 'writer' })
    await open({ role: 'reader' })
    const refused = open({ role: 'writer' })
    await expect(refused).rejects.toBeInstanceOf(LogLockedError)
    await expect(refused).rejects.toThrow(`in use by process ${process.pid} `)
    await expect(open({ role: 'reader' })).rejects.toBeInstanceOf(LogLockedError)
  })

  test('the lock of a dead process, or of one whose pid was given away, is taken over', async () => {
    const dead = { pid: 2 ** 22 + 1, host: hostname(), birth: 'x 1' }
    const log = await open({ role: 'reader' })
    await log.close(1000)
    writeFileSync(join(directory, 'writer.lock'), JSON.stringify(dead))
    writeFileSync(join(directory, 'reader.lock'), JSON.stringify({ ...dead, pid: process.ppid, birth: 'another boot 1' }))
    await expect(open()).resolves.toBeDefined()
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
