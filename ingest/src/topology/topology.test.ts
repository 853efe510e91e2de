import { expect, test } from 'vitest'
import { batchOf, MINUTE_MS, type TestSpan } from './spans-for-tests.ts'
import { createTopology } from './topology.ts'

const CLIENT = 3
const SERVER = 2

test('a client span and its server span are one paired call, whichever comes first', () => {
  const spans: TestSpan[] = [
    { id: 'a', kind: CLIENT, durationMs: 20, resource: { service: 'web' }, attributes: { 'server.address': 'epg', 'http.request.method': 'GET' } },
    { id: 'b', parent: 'a', kind: SERVER, durationMs: 12, name: 'GET /epg', resource: { service: 'epg' } },
  ]
  for (const order of [spans, spans.toReversed()]) {
    const topology = createTopology({ pairWindowMs: 5 * MINUTE_MS, maxSpansPerPartition: 1000 })
    for (const span of order) topology.add(batchOf([span]), { emit: true })
    const { edges } = topology.takeRows()
    expect(edges.map(({ source, target, kind, calls, evidence }) => [source.name, target.name, kind, calls, evidence.paired])).toEqual([
      ['web', 'epg', 'http', 1, 1],
    ])
  }
})
