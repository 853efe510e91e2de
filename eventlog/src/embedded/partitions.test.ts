import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRecorder, until } from '../conformance-recorder.ts'
import { createLogBed, type LogBed } from './log-for-tests.ts'

const TOPIC = 'partitions'
const value = Buffer.from('value')

describe('the embedded log opened with another number of partitions', () => {
  let bed: LogBed

  beforeEach(() => {
    bed = createLogBed()
  })
  afterEach(() => bed.end())

  async function written(partitions: number, records: readonly number[]): Promise<void> {
    const log = await bed.open({ role: 'writer', partitions: () => partitions })
    if (records.length > 0)
      await log.append(
        TOPIC,
        records.map((partition) => ({ partition, value })),
      )
    await log.close(1000)
  }

  test('has as many as before where fewer are asked for: for who writes, who reads and who asks for the lag', async () => {
    await written(4, [0, 3])
    const writer = await bed.open({ role: 'writer' })
    const reader = await bed.open({ role: 'reader' })
    expect([await writer.partitions(TOPIC), await reader.partitions(TOPIC)]).toEqual([4, 4])
    await writer.append(TOPIC, [{ partition: 2, value }])
    const seen = createRecorder()
    await reader.consume([TOPIC], 'group', seen.handler)
    await until(() => seen.total() === 3)
    expect([0, 1, 2, 3].map((partition) => seen.offsets(partition))).toEqual([[0], [], [0], [0]])
    expect((await reader.lag([TOPIC], 'group')).map(({ end }) => end)).toEqual([1, 0, 1, 1])
  })

  test('has more from then on where more are asked for, those that got records in an old volume included', async () => {
    await written(2, [0, 1])
    await written(4, [3])
    const log = await bed.open()
    expect(await log.partitions(TOPIC)).toBe(4)
    const seen = createRecorder()
    await log.consume([TOPIC], 'group', seen.handler)
    await until(() => seen.total() === 3)
    expect(seen.offsets(3)).toEqual([0])
  })

  test('has those asked for where there is no topic yet, and refuses others', async () => {
    const log = await bed.open()
    expect(await log.partitions(TOPIC)).toBe(2)
    await expect(log.append(TOPIC, [{ partition: 2, value }])).rejects.toThrow(RangeError)
  })
})
