import { describe, expect, it } from 'vitest'
import { rankAttributes, type RankedFrom } from './attribute-ranks.ts'

const NOTHING: RankedFrom = { selected: 200, rest: 400, pairs: [], keys: [], resources: [], resourceAttributes: new Map(), excluded: new Set() }

function attribute(key: string, counts: Record<string, [selected: number, rest: number]>): RankedFrom['pairs'] {
  return Object.entries(counts).map(([value, [selected, rest]]) => ({ of: 'attribute', key, value, selected, rest }))
}

const ids = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${prefix}${at}`)

describe('attributes of a selection', () => {
  it('are ranked by how far their shares are apart, each value with both shares', () => {
    const ranked = rankAttributes({
      ...NOTHING,
      pairs: [
        ...attribute('version', { '2': [190, 40], '1': [10, 360] }),
        ...attribute('region', { north: [120, 120], south: [80, 280] }),
        ...attribute('method', { GET: [150, 300], POST: [50, 100] }),
      ],
      keys: ['version', 'region', 'method'].map((key) => ({ key, selected: 200, rest: 400 })),
    })
    expect(ranked.map(({ key }) => key)).toEqual(['version', 'region'])
    expect(ranked[0]).toMatchObject({
      scope: 'span',
      selectedCount: 200,
      restCount: 400,
      values: [
        { value: '2', selectedShare: 0.95, restShare: 0.1 },
        { value: '1', selectedShare: 0.05, restShare: 0.9 },
      ],
    })
    expect(ranked[0]?.score).toBeGreaterThan(0.75)
  })

  it('are none when chance explains the difference, however large it looks among few', () => {
    expect(rankAttributes({ ...NOTHING, selected: 4, rest: 400, pairs: attribute('a', { x: [2, 60] }), keys: [{ key: 'a', selected: 2, rest: 60 }] })).toEqual(
      [],
    )
    expect(rankAttributes({ ...NOTHING, selected: 1, pairs: attribute('a', { x: [1, 0] }), keys: [{ key: 'a', selected: 1, rest: 0 }] })).toEqual([])
    expect(rankAttributes({ ...NOTHING, selected: 100, pairs: attribute('a', { x: [50, 0] }), keys: [{ key: 'a', selected: 50, rest: 0 }] })).toHaveLength(1)
  })

  it('count a key that stands on one side only, though all its values are its own', () => {
    const [ranked] = rankAttributes({ ...NOTHING, keys: [{ key: 'retry.id', selected: 180, rest: 4 }] })
    expect(ranked).toMatchObject({ key: 'retry.id', selectedCount: 180, restCount: 4, values: [] })
  })

  it('of resources count traces and not resources', () => {
    const resources = [
      { fingerprint: 'a', selected: ids('s', 150), rest: ids('r', 20) },
      { fingerprint: 'b', selected: ids('s', 150), rest: ids('r', 20) },
      { fingerprint: 'c', selected: ids('t', 50), rest: ids('q', 380) },
    ]
    const resourceAttributes = new Map([
      ['a', { 'k8s.pod.name': 'bad-1', region: 'north' }],
      ['b', { 'k8s.pod.name': 'bad-1', region: 'north' }],
      ['c', { 'k8s.pod.name': 'ok-1', region: 'north' }],
    ])
    const ranked = rankAttributes({ ...NOTHING, resources, resourceAttributes })
    expect(ranked.map(({ key, scope }) => [key, scope])).toEqual([['k8s.pod.name', 'resource']])
    expect(ranked[0]?.values[0]).toEqual({ value: 'bad-1', selectedShare: 0.75, restShare: 0.05 })
  })

  it('do not tell the selection back', () => {
    const from = { ...NOTHING, pairs: [...attribute('v', { '2': [200, 0] }), { of: 'status' as const, key: 'status', value: 'error', selected: 200, rest: 0 }] }
    expect(rankAttributes(from)).toHaveLength(2)
    expect(rankAttributes({ ...from, excluded: new Set(['v', 'status']) })).toEqual([])
  })

  it('show long values in part and any value as text', () => {
    const pairs = [{ of: 'attribute' as const, key: 'k', value: [1, 'x'], selected: 150, rest: 0 }, ...attribute('l', { ['x'.repeat(5000)]: [150, 0] })]
    const values = rankAttributes({ ...NOTHING, pairs }).map((each) => each.values[0]?.value)
    expect(values).toEqual(['[1,"x"]', `${'x'.repeat(300)}…`])
  })
})
