import type { TraceSummary } from '@skein/schemas/api/traces'
import { describe, expect, it } from 'vitest'
import { filterOf } from './comparison-filter.ts'
import { facetsOf, withCounted } from './facets.ts'
import { withPick } from './list-state.ts'
import { readSaved, withoutSaved, withSaved } from '../search/saved-searches.ts'
import { searchLink } from './search-link.ts'
import { EVERYTHING } from './url.ts'

const trace = (id: string, services: string[], errors = 0): TraceSummary => ({
  traceId: id,
  entry: { service: services[0] ?? '', operation: 'GET /' },
  startTimeUnixNano: '1',
  durationMs: 1,
  spanCount: 1,
  errors,
  services,
})
const traces = [trace('a', ['gate', 'epg']), trace('b', ['gate'], 2), trace('c', ['app'])]

describe('the list of traces', () => {
  it('counts what it holds, the most frequent first', () => {
    const facets = facetsOf(traces)
    expect(facets.services.map(({ value, count }) => `${value} ${count}`)).toEqual(['gate 2', 'app 1', 'epg 1'])
    expect(facets.entries[0]).toEqual({ value: 'gate GET /', count: 2, service: 'gate', operation: 'GET /' })
    expect([facets.failed, facets.of]).toEqual([1, 3])
  })

  it('has services and errors of all traces that match where more are than it holds, and its own entries', () => {
    const counted = {
      traces: 500,
      total: 9000,
      services: [{ value: 'epg', traces: 300 }],
      statuses: [{ value: 'error', traces: 7 }],
      operations: [],
      versions: [],
    }
    const window = { start: '', end: '' }
    const facets = withCounted(facetsOf(traces), { ...counted, window, notes: [] })
    expect(facets).toMatchObject({ services: [{ value: 'epg', count: 300 }], failed: 7, of: 500, total: 9000, loaded: 3 })
    expect(facets.entries[0]?.count).toBe(2)
  })

  it('picks two, and a third in place of the older', () => {
    expect(['a', 'b', 'c'].reduce<string[]>((picked, id) => withPick(picked, id), [])).toEqual(['b', 'c'])
    expect(withPick(['a', 'b'], 'a')).toEqual(['b'])
  })
})

describe('saved searches', () => {
  it('are kept by name, the last first, and survive a spoilt memory', () => {
    const saved = withSaved(withSaved([{ name: 'x', query: '1' }], { name: ' y ', query: '2' }), { name: 'x', query: '3' })
    expect(saved).toEqual([
      { name: 'x', query: '3' },
      { name: 'y', query: '2' },
    ])
    expect(readSaved(JSON.stringify(saved))).toEqual(saved)
    expect(withoutSaved(saved, 'x')).toHaveLength(1)
    expect(withSaved([], { name: '  ', query: '1' })).toEqual([])
    expect(searchLink('service:drm duration>5ms a:1 b:2')).toMatchObject({ service: 'drm', minMs: 5, attr: 'a=1\nb=2', error: undefined })
    expect(searchLink('or or')).toBeNull()
    for (const bad of [null, '{', '3', '[{"name":1}]']) expect(readSaved(bad)).toEqual([])
  })
})

describe('a value that differs', () => {
  const state = { ...EVERYTHING, attr: ['a=1'], sort: 'newest' as const, sel: '' }
  it('can be searched for where a search can name it', () => {
    expect(filterOf({ key: 'b', scope: 'span' }, '2', state)).toEqual({ attr: ['a=1', 'b=2'] })
    expect(filterOf({ key: 'service', scope: 'span' }, 'drm', state)).toEqual({ service: 'drm' })
    expect(filterOf({ key: 'status', scope: 'span' }, 'error', state)).toEqual({ error: 'true' })
    expect(filterOf({ key: 'service.name', scope: 'resource' }, 'drm', state)).toEqual({ service: 'drm' })
    expect(filterOf({ key: 'k8s.pod.name', scope: 'resource' }, 'x', state)).toBeNull()
  })
})
