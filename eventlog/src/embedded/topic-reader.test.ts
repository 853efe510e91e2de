import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../conformance-recorder.ts'
import { createLogBed, type LogBed } from './log-for-tests.ts'
import { createTopicReader, type TopicReader } from './topic-reader.ts'
import { lmdbVolumes } from './volumes.ts'

const TOPIC = 'followed'
const MIB = 1024 * 1024
const RECORD = { partition: 0, value: new Uint8Array(10) }

let bed: LogBed
let reader: TopicReader

beforeEach(() => {
  bed = createLogBed()
  reader = createTopicReader({ directory: bed.directory, topic: TOPIC, volumeBytes: MIB, volumes: lmdbVolumes, report: () => undefined })
})
afterEach(async () => {
  await reader.close()
  await bed.end()
})

test('a topic that is not there has nothing to read until it is looked for', async () => {
  expect(reader.poll(true)).toBe(false)
  await (await bed.open({ role: 'writer' })).append(TOPIC, [RECORD])
  expect(reader.poll(false)).toBe(false)
  expect(reader.poll(true)).toBe(true)
  expect(reader.end(0)).toBe(1)
})

test('what others looked at between two polls is news to the next poll', async () => {
  const log = await bed.open({ role: 'writer' })
  await log.append(TOPIC, [RECORD])
  expect(reader.poll(true)).toBe(true)
  // Once the file has settled.
  await until(() => !reader.poll(false))
  await log.append(TOPIC, [RECORD])
  await new Promise((resolve) => setTimeout(resolve, 100))
  reader.refresh()
  expect(reader.end(0)).toBe(2)
  expect(reader.poll(false)).toBe(true)
})

test('a volume is found by the poll that finds commits of the one before', async () => {
  const log = await bed.open({ role: 'writer' })
  await log.append(TOPIC, [RECORD])
  expect(reader.poll(true)).toBe(true)
  await until(() => !reader.poll(false))
  for (let count = 0; count < 3; count++) await log.append(TOPIC, [{ partition: 0, value: new Uint8Array(MIB / 2) }])
  expect(bed.volumeNames(TOPIC).length).toBeGreaterThan(1)
  expect(reader.poll(false)).toBe(true)
  expect(reader.end(0)).toBe(4)
})
