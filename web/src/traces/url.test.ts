import { describe, expect, it } from 'vitest'
import { activeFilters, EVERYTHING, parseAttribute, parseMs, queryOf, type TracesState } from './url.ts'

const all: TracesState = { ...EVERYTHING, sort: 'newest' }

describe('a search for traces', () => {
  it('asks only for what narrows', () => {
    expect(queryOf(all)).toEqual({ sort: 'newest' })
    expect(queryOf({ ...all, service: 'drm', minMs: 250, error: 'true', attr: ['a=b'], sort: 'longest' })).toEqual({
      service: 'drm',
      minMs: 250,
      error: 'true',
      attr: ['a=b'],
      sort: 'longest',
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

  it('reads attributes and durations as people type them', () => {
    expect(parseAttribute(' http.route = /play ')).toBe('http.route=/play')
    expect(parseAttribute('empty=')).toBe('empty=')
    for (const bad of ['', 'route', '=x']) expect(parseAttribute(bad)).toBeNull()
    expect([parseMs('250'), parseMs('1.5 s'), parseMs('2min'), parseMs('250MS')]).toEqual([250, 1500, 120_000, 250])
    for (const bad of ['', 'fast', '-1', '1e9']) expect(parseMs(bad)).toBeNull()
  })
})
