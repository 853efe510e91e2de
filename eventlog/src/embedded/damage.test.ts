import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRecorder, numbered, until } from '../conformance-recorder.ts'
import { LogVersionError } from '../errors.ts'
import { createLogBed, envelopeAt, type LogBed } from './log-for-tests.ts'

const TOPIC = 'damage'
const MIB = 1024 * 1024

describe('the embedded log and what damages it', () => {
  let bed: LogBed

  beforeEach(() => {
    bed = createLogBed()
  })
  afterEach(() => bed.end())

  test('an offset below the oldest volume shows in the assignment and is counted as missing', async () => {
    const log = await bed.open({ marginMs: 0 })
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
    const first = await bed.open({ volumeBytes: 64 * MIB })
    for (let index = 0; index < 5; index++) await first.append(TOPIC, [{ partition: 0, value: Buffer.alloc(20_000, `value-${index} `) }])
    await first.close(1000)
    const path = join(bed.directory, TOPIC, bed.volumeNames(TOPIC)[0] as string)
    const bytes = readFileSync(path)
    const at = bytes.indexOf('value-2 ')
    bytes[at + 10_000] = (bytes[at + 10_000] as number) ^ 1
    writeFileSync(path, bytes)
    const log = await bed.open({ volumeBytes: 64 * MIB })
    const seen = createRecorder()
    await log.consume([TOPIC], 'auditor', seen.handler)
    await until(() => seen.total() === 4)
    expect(seen.offsets(0)).toEqual([0, 1, 3, 4])
    expect(log.counts()).toEqual({ damaged: 1, missing: 0 })
    expect(bed.events).toContain('log_record_damaged')
  })

  test('after a writer died, a volume that cannot be opened is set aside and its records are found again, each but those whose bytes are gone', async () => {
    const first = await bed.open({ volumeBytes: 64 * MIB })
    for (let index = 0; index < 40; index++)
      await first.append(TOPIC, [{ partition: index % 2, value: Buffer.alloc(index % 3 === 0 ? 50 : 30_000, `value-${index} `) }])
    await first.close(1000)
    const path = join(bed.directory, TOPIC, bed.volumeNames(TOPIC)[0] as string)
    const bytes = readFileSync(path)
    bytes.fill(0xff, 0, 8192)
    const at = bytes.indexOf('value-20 ')
    bytes[at] = (bytes[at] as number) ^ 1
    writeFileSync(path, bytes)
    bed.leaveDeadWriter()
    const log = await bed.open({ volumeBytes: 64 * MIB })
    expect(bed.events).toContain('log_volume_salvaged')
    expect(readdirSync(join(bed.directory, TOPIC))).toContain(`${bed.volumeNames(TOPIC)[0]}.damaged`)
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
    const first = await bed.open({ volumeBytes: 64 * MIB })
    for (let index = 0; index < 400; index++) await first.append(TOPIC, [{ partition: 0, value: Buffer.alloc(40, `value-${index} `) }])
    await first.close(1000)
    const path = join(bed.directory, TOPIC, bed.volumeNames(TOPIC)[0] as string)
    const bytes = readFileSync(path)
    // Every tree page but the two meta pages loses its header.
    for (let page = 2 * 4096; page < bytes.length; page += 4096) bytes.fill(0xff, page, page + 24)
    writeFileSync(path, bytes)
    bed.leaveDeadWriter()
    const log = await bed.open({ volumeBytes: 64 * MIB })
    expect(bed.events).toContain('log_volume_salvaged')
    const seen = createRecorder()
    await log.consume([TOPIC], 'auditor', seen.handler)
    await until(() => seen.total() === 400)
    expect(seen.offsets(0)).toEqual([...Array(400).keys()])
  })

  test('when volumes are gone, offsets go on behind what a group has done, so that new records are read', async () => {
    const first = await bed.open()
    await first.append(TOPIC, numbered(0, 10))
    const before = createRecorder()
    const subscription = await first.consume([TOPIC], 'group', before.handler)
    await until(() => before.total() === 10)
    await subscription.commit([{ topic: TOPIC, partition: 0, next: 10, note: '' }])
    await first.close(1000)
    rmSync(join(bed.directory, TOPIC), { recursive: true })
    const log = await bed.open()
    expect(await log.append(TOPIC, numbered(0, 1, 77))).toEqual([{ partition: 0, offset: 10 }])
    const after = createRecorder()
    await log.consume([TOPIC], 'group', after.handler)
    await until(() => after.total() === 1)
    expect(after.values(0)).toEqual([77])
  })

  test('a directory of a newer format is refused by name', async () => {
    const log = await bed.open()
    await log.close(1000)
    writeFileSync(join(bed.directory, 'format.json'), '{"format":99}')
    await expect(bed.open()).rejects.toThrow(/format 99, written by a newer version/)
    await expect(bed.open()).rejects.toBeInstanceOf(LogVersionError)
  })
})
