import { edgeId, nodeId, type NodeKey } from '@skein/schemas/topology'
import type { PathTimes } from '@skein/store/contract-paths'
import type { PathContributor } from '@skein/store/path-text'
import { describe, expect, it } from 'vitest'
import { edgeRow, nodeKey, serviceRow } from '../testing/edge-rows.ts'
import { durations } from '../testing/fake-numbers.ts'
import { selfTimesOf, timePerCall } from './self-time.ts'
import { type DiffSide, diffTopology } from './topology-diff.ts'

const [gateway, epg] = [nodeKey('service', 'gateway'), nodeKey('service', 'epg')]
const topic = nodeKey('queue', 'kafka/orders')
const MS = 1e6

interface Told {
  part: PathContributor['part']
  node: NodeKey
  to?: NodeKey
  inwards?: boolean
  operation?: string
  traces?: number
  ms: number
}

/** Own time in so many traces, of so many ms each. */
function spent({ part, node, to, inwards = false, operation = 'GET', traces = 1000, ms }: Told): PathTimes['rows'][number] {
  const edge = to === undefined ? null : { kind: 'http' as const, other: to, inwards }
  return { contributor: { part, node, version: '', operation, edge }, band: 100, traces, timeNs: traces * ms * MS }
}

const times = (...told: Told[]): PathTimes => ({ rows: told.map(spent), whole: true })
const sideOf = (edges: DiffSide['edges'], of: PathTimes): DiffSide => ({
  edges,
  services: [serviceRow('gateway'), serviceRow('epg')],
  addresses: [],
  minutes: 60,
  times: of,
})
const called = (target: NodeKey = epg, count = 3000) => edgeRow(gateway, target, { calls: count, client: durations(20, count) })
const effectsOf = (now: PathTimes, base: PathTimes, edge = called()) =>
  diffTopology(sideOf([edge], now), sideOf([edge], base), {}).edges.map(({ effects }) => effects)

describe('own time on the path of an edge', () => {
  it('is that between both sides and that of its target, per call, whatever the operation and which end told', () => {
    const same = (node: NodeKey): NodeKey => node
    const of = times(
      { part: 'network', node: gateway, to: epg, ms: 3 },
      { part: 'network', node: gateway, to: epg, operation: 'POST', ms: 1 },
      { part: 'clientWait', node: epg, to: gateway, inwards: true, ms: 2 },
      { part: 'service', node: epg, ms: 8 },
      { part: 'service', node: gateway, ms: 500 },
    )
    const edge = { edgeId: edgeId(gateway, epg, 'http'), targetId: nodeId(epg), calls: 2000, callsSeen: 2000 }
    expect(timePerCall(selfTimesOf(of, same), edge, 4000)?.value).toBeCloseTo(3 * MS + 2 * MS, 0)
    expect(timePerCall(selfTimesOf({ rows: [], whole: true }, same), edge, 4000)).toBeNull()
  })

  it.each([
    ['the network', { part: 'network', node: gateway, to: epg }, epg],
    ['work of the target', { part: 'service', node: epg }, epg],
    ['a queue', { part: 'queueWait', node: gateway, to: topic }, topic],
    ['the wait for a silent peer', { part: 'clientWait', node: gateway, to: nodeKey('external', 'bank') }, nodeKey('external', 'bank')],
  ] as const)('is an effect when %s takes more of it', (_, place, target) => {
    const effects = effectsOf(times({ ...place, traces: 3000, ms: 15 }), times({ ...place, traces: 3000, ms: 5 }), called(target))
    expect(effects).toMatchObject([[{ measure: 'selfTime', now: 15, base: 5, worse: true }]])
    expect(effectsOf(times({ ...place, traces: 3000, ms: 5 }), times({ ...place, traces: 3000, ms: 15 }), called(target))).toMatchObject([[{ worse: false }]])
  })

  it('is an effect where nothing was waited for before, though the call takes as long as ever', () => {
    const elsewhere: Told = { part: 'service', node: gateway, traces: 3000, ms: 9 }
    expect(effectsOf(times(elsewhere, { part: 'service', node: epg, traces: 3000, ms: 9 }), times(elsewhere))).toMatchObject([
      [{ measure: 'selfTime', now: 9, base: 0, worse: true }],
    ])
  })

  it('is none of chance: a few slow traces, or a difference smaller than traces differ', () => {
    const usual: Told = { part: 'service', node: epg, traces: 3000, ms: 5 }
    expect(effectsOf(times(usual, { ...usual, traces: 3, ms: 9000 }), times(usual))).toEqual([])
    expect(effectsOf(times({ ...usual, traces: 60, ms: 7 }), times({ ...usual, traces: 60, ms: 5 }), called(epg, 60))).toEqual([])
    expect(effectsOf(times({ ...usual, ms: 5.5 }), times(usual))).toEqual([])
  })

  it('is not claimed where one window has no whole traces, nor of what was left out, which is noted', () => {
    const some = times({ part: 'service', node: epg, traces: 3000, ms: 9 })
    expect(effectsOf(some, { rows: [], whole: true })).toEqual([])
    const cut: PathTimes = { ...times({ part: 'service', node: gateway, traces: 3000, ms: 900 }), whole: false }
    const diff = diffTopology(sideOf([called()], some), sideOf([called()], cut), {})
    expect(diff).toMatchObject({ edges: [], notes: [{ code: 'sampled', count: 1 }] })
  })
})
