import { describe, expect, it } from 'vitest'
import { activeFilters, EVERYTHING, queryOf, readSelection, selectionQuery, selectionText, type TracesState } from './url.ts'

const all: TracesState = { ...EVERYTHING, sort: 'newest', sel: '' }

describe('a search for traces', () => {
  it('asks only for what narrows', () => {
    expect(queryOf(all)).toEqual({})
    expect(queryOf({ ...all, service: 'drm', minMs: 250, error: 'true', attr: ['a=b'], sort: 'longest' })).toEqual({
      service: 'drm',
      minMs: 250,
      error: 'true',
      attr: ['a=b'],
    })
  })

  it('shows each filter with the state that lacks it', () => {
    const state: TracesState = { ...all, service: 'drm', maxMs: 9, attr: ['http.route=/a=b', 'x=1'] }
    const filters = activeFilters(state)
    expect(filters.map(({ name, value }) => `${name} ${value}`)).toEqual(['service drm', '≤ 9 ms', 'http.route /a=b', 'x 1'])
    expect(filters[2]?.without).toEqual({ attr: ['x=1'] })
    const bare = filters.reduce((left, filter) => ({ ...left, ...filter.without, attr: left.attr.filter((attr) => `attr ${attr}` !== filter.key) }), state)
    expect(activeFilters(bare)).toEqual([])
  })

  it('keeps a selection in the address, and asks for it as the comparison is asked', () => {
    const box = { kind: 'box', fromMs: 1000, toMs: 61_000, minMs: 12.5, maxMs: 900 } as const
    expect(readSelection(selectionText(box))).toEqual(box)
    expect(selectionQuery(box)).toEqual({ selStart: 1000, selEnd: 61_000, selMinMs: 12.5, selMaxMs: 900 })
    expect(readSelection(selectionText({ kind: 'errors' }))).toEqual({ kind: 'errors' })
    expect(selectionQuery({ kind: 'errors' })).toEqual({ selError: 'true' })
    for (const bad of ['', 'x', '1_2_3', '5_1_0_9', '1_2_9_3', '1_2_-1_3']) expect(readSelection(bad), bad).toBeNull()
  })
})
