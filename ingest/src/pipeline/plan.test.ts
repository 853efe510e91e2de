import { MAX_NOTE_BYTES } from '@skein/eventlog/contract'
import { describe, expect, test } from 'vitest'
import { createElsewhere } from '../rules/counts-elsewhere.ts'
import { decodeNote, encodeNote, MAX_RANGE_NAME_BYTES, type PlanNote, type Range, rangeName, roomForCounts } from './plan.ts'

const LARGEST = Number.MAX_SAFE_INTEGER
const LARGEST_COUNT = 36 ** 7 - 1

/** A range with the longest name that so many partitions can give it. */
function rangeOfPartitions(count: number): Range {
  return { topic: 'skein.logs', shares: Array.from({ length: count }, (_, i) => ({ partition: 9000 + i, first: LARGEST - 1, last: LARGEST })) }
}

/** As many counts as a partition may tell of this range, each as large as it gets. */
function fullCounts(range: Range): { text: string; entries: number } {
  const elsewhere = createElsewhere({ roomBytes: roomForCounts(range), told: null })
  const { used, room } = elsewhere.of(0)!
  for (let id = 0; id < room; id++) used.set((0xffff_0000 + id).toString(16).padStart(16, 'f'), LARGEST_COUNT)
  return { text: elsewhere.used()[0]?.counts ?? '', entries: room }
}

describe('commit note', () => {
  test.each([1, 4, 16, 64])('with all the counts it has room for, a range of %i partitions fits and comes back', (partitions) => {
    const range = rangeOfPartitions(partitions)
    const { text, entries } = fullCounts(range)
    const note: PlanNote = { range, sums: false, elsewhere: text, owed: LARGEST, from: LARGEST }
    const encoded = encodeNote(note)
    expect(Buffer.byteLength(encoded)).toBeLessThanOrEqual(MAX_NOTE_BYTES)
    expect(decodeNote(encoded, LARGEST)).toEqual(note)
    const told = createElsewhere({ roomBytes: 0, told: [{ partition: 0, counts: text }] }).of(0)?.told
    expect([told?.size, new Set(told?.values())]).toEqual([entries, new Set([LARGEST_COUNT])])
  })

  test('the longest name leaves no room for counts, and fits', () => {
    const range = { ...rangeOfPartitions(1), topic: 't'.repeat(MAX_RANGE_NAME_BYTES - rangeName({ ...rangeOfPartitions(1), topic: '' }).length) }
    expect(roomForCounts(range)).toBe(0)
    expect(Buffer.byteLength(encodeNote({ range, sums: true, elsewhere: '', owed: LARGEST, from: LARGEST }))).toBeLessThanOrEqual(MAX_NOTE_BYTES)
  })
})
