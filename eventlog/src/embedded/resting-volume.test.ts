import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogBed, type LogBed } from './log-for-tests.ts'
import { createRestingVolume } from './resting-volume.ts'
import { openVolume, volumePath } from './volume.ts'

const TOPIC = 'read'
const RECORDS = 10
const VALUE_BYTES = 1000

let bed: LogBed

beforeEach(() => {
  bed = createLogBed()
})
afterEach(() => bed.end())

test('a volume is let go after so many bytes, and nothing that is read of it is lost or seen twice', async () => {
  const log = await bed.open({ role: 'writer' })
  for (let at = 0; at < RECORDS; at++) await log.append(TOPIC, [{ partition: 0, value: new Uint8Array(VALUE_BYTES).fill(at) }])
  let opened = 0
  const open = () => {
    opened++
    return openVolume({ path: volumePath(`${bed.directory}/${TOPIC}`, 1), readOnly: true, volumeBytes: 1024 * 1024 })
  }
  const volume = createRestingVolume(open, 3 * VALUE_BYTES)
  const values = Array.from({ length: RECORDS }, (_, offset) => volume.read(0, offset)?.at(-1))
  expect(values).toEqual(Array.from({ length: RECORDS }, (_, at) => at))
  expect(opened).toBe(4)
  // What others appended since is seen by the next one that is opened.
  await log.append(TOPIC, [{ partition: 0, value: new Uint8Array(1).fill(42) }])
  volume.rest()
  expect(volume.read(0, RECORDS)?.at(-1)).toBe(42)
  await volume.close()
})
