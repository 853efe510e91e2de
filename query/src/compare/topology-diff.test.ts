import { histogramOf } from '@skein/schemas/histogram'
import type { NodeKey } from '@skein/schemas/topology'
import { describe, expect, it } from 'vitest'
import { edgeRow, nodeKey, serviceRow } from '../testing/edge-rows.ts'
import { durations } from '../testing/fake-numbers.ts'
import { type DiffSide, diffTopology } from './topology-diff.ts'

const NO_TIMES: DiffSide['times'] = { rows: [], whole: true }
const [gateway, epg, play] = [nodeKey('service', 'gateway'), nodeKey('service', 'epg'), nodeKey('service', 'play')]
const everyone = [serviceRow('gateway'), serviceRow('epg'), serviceRow('play')]

function side(edges: DiffSide['edges'], more: Partial<DiffSide> = {}): DiffSide {
  return { edges, services: everyone, addresses: [], minutes: 60, times: NO_TIMES, ...more }
}

/** So many calls of about so long, log-normal. */
function calls(source: NodeKey, target: NodeKey, count: number, more: { p50Ms?: number; errors?: number; networkMs?: number; queueMs?: number } = {}) {
  const { p50Ms = 20, errors = 0, networkMs, queueMs } = more
  return edgeRow(source, target, {
    calls: count,
    errors,
    client: durations(p50Ms, count),
    ...(networkMs === undefined ? {} : { network: durations(networkMs, count) }),
    ...(queueMs === undefined ? {} : { queueWait: durations(queueMs, count) }),
  })
}

const kept = calls(gateway, epg, 5000)
const changesOf = (now: DiffSide, base: DiffSide) =>
  diffTopology(now, base, {}).edges.map(({ source, target, change, effects }) => [
    source.name,
    target.name,
    change,
    effects.map(({ measure }) => measure).join(),
  ])

describe('the difference of two maps', () => {
  it('is none of a map and itself', () => {
    const same = side([kept, calls(gateway, play, 300, { errors: 9 })])
    expect(diffTopology(same, same, {})).toMatchObject({ nodes: [], edges: [], compared: 2, notes: [] })
  })

  it('is none of the same traffic looked at in windows of other lengths', () => {
    expect(changesOf(side([calls(gateway, epg, 500)], { minutes: 10 }), side([calls(gateway, epg, 3000)]))).toEqual([])
  })

  it('has what came and what went, nodes as well as edges', () => {
    const diff = diffTopology(side([kept, calls(gateway, play, 600)]), side([kept, calls(epg, nodeKey('cache', 'redis'), 6000)]), {})
    expect(diff.edges.map(({ target, change, now, base }) => [target.name, change, now?.calls ?? null, base?.calls ?? null])).toEqual([
      ['redis', 'vanished', null, 6000],
      ['play', 'new', 600, null],
    ])
    expect(diff.nodes.map(({ node, change }) => [node.name, change])).toEqual([['redis', 'vanished']])
    expect(diff.nextTo(diff.edges[1]?.source.id ?? '').map(({ name }) => name)).toEqual(['epg', 'play'])
  })

  it('claims nothing from few calls, and counts of how many edges', () => {
    const few = diffTopology(side([kept, calls(gateway, play, 19), calls(epg, play, 19, { p50Ms: 900, errors: 19 })]), side([kept, calls(epg, play, 4000)]), {})
    expect(few.edges).toEqual([])
    expect(few.nodes).toEqual([])
    expect(few.notes).toMatchObject([{ code: 'few_calls', count: 2 }])
    expect(changesOf(side([kept, calls(gateway, play, 12)], { minutes: 60 }), side([calls(gateway, epg, 500)], { minutes: 6 }))).toEqual([])
  })

  it.each([
    ['p95', { p50Ms: 40 }, { p50Ms: 20 }, { worse: true, change: 2 }],
    ['p95', { p50Ms: 20 }, { p50Ms: 60 }, { worse: false, change: 1 / 3 }],
    ['errorRate', { errors: 150 }, { errors: 15 }, { worse: true, change: 0.045 }],
    ['errorRate', { errors: 0 }, { errors: 60 }, { worse: false, change: -0.02 }],
    ['network', { networkMs: 9 }, { networkMs: 3 }, { worse: true, change: 3 }],
    ['queueWait', { queueMs: 900 }, { queueMs: 90 }, { worse: true, change: 10 }],
  ])('sees %s go from %j to %j', (measure, now, base, { worse, change }) => {
    const [edge] = diffTopology(side([calls(gateway, epg, 3000, now)]), side([calls(gateway, epg, 3000, base)]), {}).edges
    expect(edge?.change).toBe('changed')
    expect(edge?.effects).toMatchObject([{ measure, worse }])
    expect(edge?.effects[0]?.change).toBeCloseTo(change, measure === 'queueWait' ? 0 : 1)
  })

  it('sees traffic double, which is neither better nor worse', () => {
    const [edge] = diffTopology(side([calls(gateway, epg, 6000)]), side([calls(gateway, epg, 3000)]), {}).edges
    expect(edge).toMatchObject({
      effects: [{ measure: 'rate', now: 100, base: 50, change: 2, worse: false }],
      now: { callsPerMinute: 100 },
      base: { callsPerMinute: 50 },
    })
  })

  it('takes estimates from sampled calls for no surer than the calls that were seen', () => {
    const sampled = (errors: number) => ({ ...calls(gateway, epg, 100_000, { errors }), callsSeen: 100 })
    expect(changesOf(side([sampled(3000)]), side([sampled(1000)]))).toEqual([])
    expect(changesOf(side([calls(gateway, epg, 100_000, { errors: 3000 })]), side([calls(gateway, epg, 100_000, { errors: 1000 })]))).toHaveLength(1)
  })

  it('ranks by effect and traffic: what is worse for many comes first', () => {
    const base = side([calls(gateway, epg, 6000), calls(gateway, play, 6000), calls(epg, play, 90)])
    const now = side([calls(gateway, epg, 6000, { p50Ms: 60 }), calls(gateway, play, 6000, { p50Ms: 5 }), calls(epg, play, 90, { p50Ms: 80 })])
    expect(changesOf(now, base).map(([source, target]) => `${source}-${target}`)).toEqual(['gateway-epg', 'gateway-play', 'epg-play'])
  })

  it('makes no claim of chance: of 3,000 edges that stay the same, none', () => {
    const { uniform, gaussian } = chance(7)
    const nodes = Array.from({ length: 3000 }, (_, at) => nodeKey('service', `s${at}`))
    const edgesNow = () =>
      nodes.map((node, at) => {
        const mean = 60 * 10 ** (1.2 * (at / 3000))
        const count = Math.round(mean + 2 * Math.sqrt(mean) * gaussian())
        const own = Array.from({ length: count }, () => [560 + Math.round(20 * gaussian()), 1] as const)
        const errors = own.filter(() => uniform() < 0.02).length
        return edgeRow(gateway, node, { calls: count, errors, client: histogramOf(own) })
      })
    expect(changesOf(side(edgesNow()), side(edgesNow()))).toEqual([])
  })

  it('does not take a peer that got a name for another one', () => {
    const address = nodeKey('external', '10.0.0.7')
    const now = side([edgeRow(gateway, address, { calls: 900 })], { addresses: [{ address: '10.0.0.7', service: serviceRow('play') }] })
    expect(changesOf(now, side([edgeRow(gateway, address, { calls: 900 })]))).toEqual([])
  })

  it('keeps to its scope, with what the scope calls', () => {
    const [stagingEpg, stagingPlay] = [nodeKey('service', 'epg', { environment: 'staging' }), nodeKey('service', 'play', { environment: 'staging' })]
    const diff = diffTopology(side([kept, calls(gateway, play, 900), calls(stagingEpg, stagingPlay, 900)]), side([kept]), { environment: 'staging' })
    expect(diff.edges.map(({ source }) => source.environment)).toEqual(['staging'])
  })

  it('says what there is nothing of', () => {
    expect(diffTopology(side([kept]), side([]), {})).toMatchObject({ nodes: [], edges: [], notes: [{ code: 'no_base' }] })
    expect(diffTopology(side([]), side([kept]), {})).toMatchObject({ nodes: [], edges: [], notes: [{ code: 'no_data' }] })
  })
})

/** Numbers that look random and are the same each time. */
function chance(seed: number): { uniform: () => number; gaussian: () => number } {
  let state = seed
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return {
    uniform,
    gaussian() {
      let sum = -6
      for (let die = 0; die < 12; die++) sum += uniform()
      return sum
    },
  }
}
