import type { ChangeEvent } from '@skein/schemas/api/events'
import { describe, expect, it } from 'vitest'
import { topologyNodes } from '../topology/assemble.ts'
import { edgeRow, nodeKey, serviceRow } from '../testing/edge-rows.ts'
import { mergeEdges } from '../topology/merged-edge.ts'
import { causesOf, type Happened, type Suspect } from './causes.ts'

const MINUTE_MS = 60_000
const START_MS = Date.UTC(2026, 0, 2, 20)

const nodes = topologyNodes(
  mergeEdges(
    [edgeRow(nodeKey('service', 'gateway'), nodeKey('service', 'epg')), edgeRow(nodeKey('service', 'epg'), nodeKey('database', 'postgresql/epg'))],
    (node) => node,
  ),
  [serviceRow('gateway'), serviceRow('epg'), serviceRow('auth'), serviceRow('far')],
)
const nodeNamed = (name: string) => nodes.find((node) => node.name === name) ?? nodes[0]!
const edge: Suspect = { source: nodeNamed('gateway'), target: nodeNamed('epg'), onsetMs: null }

function event(minute: number, more: Partial<ChangeEvent>): ChangeEvent {
  const time = new Date(START_MS + minute * MINUTE_MS).toISOString()
  const where = { environment: 'prod', cluster: '', namespace: '', service: 'epg' }
  return {
    id: `${minute}`,
    time,
    kind: 'deploy',
    source: 'posted',
    title: `at ${minute}`,
    ...where,
    fromVersion: '',
    toVersion: '',
    link: '',
    attributes: {},
    instanceShare: null,
    ...more,
  }
}

function happened(more: Partial<Happened>): Happened {
  return { events: [], instances: [], nextTo: (id) => (id === edge.source.id ? [nodeNamed('auth')] : []), startMs: START_MS, ...more }
}

const found = (suspect: Suspect, more: Partial<Happened>) => causesOf(suspect, happened(more)).map(({ title, confidence }) => `${title} ${confidence}`)

describe('candidate causes', () => {
  it('are likely at an end of the edge and near in time, possible next to it or long before, and none elsewhere', () => {
    const events = [
      event(5, { title: 'callee' }),
      event(6, { title: 'caller', service: 'gateway' }),
      event(7, { title: 'neighbour', service: 'auth' }),
      event(8, { title: 'elsewhere', service: 'far' }),
      event(-300, { title: 'long before' }),
      event(9, { title: 'staging', environment: 'staging' }),
      event(9, { title: 'cdn', service: '', kind: 'cdn', environment: '' }),
    ]
    expect(found(edge, { events })).toEqual(['callee likely', 'caller likely', 'cdn possible', 'neighbour possible', 'long before possible'])
  })

  it('come before what they caused, when it is known when that began', () => {
    const onset = { ...edge, onsetMs: START_MS + 30 * MINUTE_MS }
    const events = [event(-5, { title: 'early' }), event(28, { title: 'right before' }), event(31, { title: 'written late' }), event(40, { title: 'after' })]
    expect(found(onset, { events })).toEqual(['written late likely', 'right before likely', 'early possible'])
  })

  it('are at most five, the newest of those alike', () => {
    const events = Array.from({ length: 9 }, (_, at) => event(at, {}))
    expect(found(edge, { events })).toEqual([8, 7, 6, 5, 4].map((minute) => `at ${minute} likely`))
  })

  it('have new instances as one, but not those that came with a version', () => {
    const start = (service: string, instance: string) => ({
      environment: 'prod',
      cluster: '',
      namespace: '',
      service,
      instance,
      minuteMs: START_MS + MINUTE_MS,
    })
    const instances = [...['a', 'b', 'c', 'd'].map((name) => start('epg', name)), start('gateway', 'g')]
    expect(causesOf(edge, happened({ instances }))).toEqual([
      { kind: 'instance', time: '2026-01-02T20:01:00.000Z', title: 'a, b, c, +1', service: 'epg', confidence: 'possible', eventId: null },
      { kind: 'instance', time: '2026-01-02T20:01:00.000Z', title: 'g', service: 'gateway', confidence: 'possible', eventId: null },
    ])
    expect(found(edge, { instances, events: [event(0, { kind: 'version', title: '2' })] })).toEqual(['2 likely', 'g possible'])
  })

  it('are told by event id, so that the event can be opened', () => {
    expect(causesOf(edge, happened({ events: [event(1, { id: 'x', kind: 'version' })] }))).toMatchObject([{ kind: 'version', eventId: 'x', service: 'epg' }])
  })
})
