import { expect, test } from 'vitest'
import { partitionLimits } from './partition-limits.ts'

const MIB = 1024 * 1024

test('few partitions hold together what sixteen do, and many hold as much each as one of sixteen', () => {
  const one = { pairSpans: 1_000_000, pathSpans: 1_000_000, lookUps: 64, batchIdBytes: 16 * MIB }
  expect(partitionLimits({}, 16)).toEqual(one)
  expect(partitionLimits({}, 256)).toEqual(one)
  expect(partitionLimits({}, 4)).toEqual({ pairSpans: 1_000_000, pathSpans: 4_000_000, lookUps: 256, batchIdBytes: 64 * MIB })
})

test('what is configured is of each partition, however many they are', () => {
  expect(partitionLimits({ pairSpans: 5, lookUps: 6 }, 4)).toEqual({ pairSpans: 5, pathSpans: 4_000_000, lookUps: 6, batchIdBytes: 64 * MIB })
})
