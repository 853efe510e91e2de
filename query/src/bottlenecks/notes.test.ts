import { MAX_PATH_ENTRIES, MAX_PATH_ITEMS } from '@skein/store/contract-paths'
import { expect, test } from 'vitest'
import { foldedNotes } from './notes.ts'

const few = { entries: MAX_PATH_ENTRIES - 1, items: [{ what: 'part' as const }], releases: ['1', ''] }

test('what is told apart whole needs no note', () => {
  expect(foldedNotes(few)).toEqual([])
})

test('entries, items and releases that are left out or told together are said in one note', () => {
  const items = (what: 'part' | 'shape', count: number) => Array.from({ length: count }, () => ({ what }))
  expect(foldedNotes({ ...few, releases: ['1', null] })).toMatchObject([{ code: 'folded', count: 1000, message: expect.stringContaining('Releases') }])
  expect(foldedNotes({ ...few, items: items('shape', MAX_PATH_ITEMS) })).toMatchObject([{ code: 'folded', count: MAX_PATH_ITEMS }])
  expect(foldedNotes({ ...few, items: [...items('part', MAX_PATH_ITEMS - 1), ...items('shape', 1)] })).toEqual([])
  expect(foldedNotes({ ...few, entries: MAX_PATH_ENTRIES, releases: [null] })).toMatchObject([{ code: 'folded', count: MAX_PATH_ENTRIES }])
})
