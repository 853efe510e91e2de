import type { ServiceSummary } from '@skein/schemas/api/services'
import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import { describe, expect, it } from 'vitest'
import { neighbours } from './neighbours.ts'
import { redSeries } from './red-series.ts'
import { totalOf } from './total.ts'

const summary = (id: string): ServiceSummary => ({
  ...{ id, name: 'playback', environment: 'prod', cluster: id, namespace: '', health: 'ok' },
  ...{ calls: 10, errors: 1, p50Ms: 5, p95Ms: 9, p99Ms: 12, instances: 2 },
})
const node = (id: string) => ({ id, name: id }) as TopologyNode
const edge = (source: string, target: string) => ({ id: `${source}>${target}`, source, target }) as TopologyEdge

describe('a service', () => {
  it('adds counts over its places but never percentiles', () => {
    expect(totalOf([summary('bj-1'), summary('gz-1')])).toEqual({ calls: 20, errors: 2, instances: 4, p50Ms: null, p95Ms: null, p99Ms: null })
    expect(totalOf([summary('bj-1')]).p95Ms).toBe(9)
  })

  it('has callers and callees, and itself is neither', () => {
    const topology = {
      nodes: ['a', 'me', 'me2', 'b'].map(node),
      edges: [edge('a', 'me'), edge('me', 'me2'), edge('me2', 'b'), edge('a', 'b'), edge('me', 'gone')],
    }
    const { callers, callees } = neighbours(topology, ['me', 'me2'])
    expect(callers.map(({ edge: { id } }) => id)).toEqual(['a>me'])
    expect(callees.map(({ edge: { id } }) => id)).toEqual(['me2>b'])
  })

  it('has a rate of zero and no error share in a minute without calls', () => {
    const quiet = { time: '2026-11-22T12:10:00Z', calls: 0, errors: 0, p50Ms: null, p95Ms: null, p99Ms: null }
    const busy = { ...quiet, time: '2026-11-22T12:11:00Z', calls: 120, errors: 3, p95Ms: 40 }
    const series = redSeries({ stepSeconds: 60, points: [quiet, busy] }, Date.parse('2026-11-22T12:20:00Z'))
    expect(series.rate).toEqual([0, 2])
    expect(series.errors).toEqual([null, 2.5])
    expect(series.p95).toEqual([null, 40])
  })
})
