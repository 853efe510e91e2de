import { edgeId, nodeId } from '@skein/schemas/topology'
import { expect, test } from 'vitest'
import { readNative } from './native-for-tests.ts'
import { batchOf, MINUTE_MS, START_MS, type TestSpan } from './spans-for-tests.ts'
import { createTopology } from './topology.ts'

const spans: TestSpan[] = [
  {
    trace: 'ab',
    id: 'a',
    kind: 3,
    durationMs: 20,
    name: 'GET',
    attributes: { 'http.request.method': 'GET', 'session.id': 's-1' },
    resource: { service: 'web', cluster: 'eu' },
  },
  {
    trace: 'ab',
    id: 'b',
    parent: 'a',
    kind: 2,
    durationMs: 30,
    status: 2,
    name: 'GET /epg',
    resource: { service: 'epg', instance: 'epg-1', version: '7', addresses: ['10.0.0.1', '10.0.0.2'] },
  },
]

function blocksOf(batch: TestSpan[]): Map<string, { columns: Record<string, unknown[]>; days: number[]; rows: number }> {
  const topology = createTopology({ pairWindowMs: 5 * MINUTE_MS, maxSpansPerPartition: 100 })
  topology.add(batchOf(batch), { emit: true })
  const { blocks } = topology.take()
  expect(topology.take().blocks).toEqual([])
  return new Map(blocks.map(({ table, block, days, rows }) => [table, { columns: readNative(block), days, rows }]))
}

test('deltas are read back from Native blocks as they were counted', () => {
  const blocks = blocksOf(spans)
  const node = (name: string, cluster: string) => ({ environment: 'test', cluster, namespace: '', kind: 'service', name }) as const
  const id = edgeId(node('web', 'eu'), node('epg', ''), 'http')
  expect(nodeId(node('web', 'eu'))).toMatch(/^[0-9a-f]{16}$/)
  expect([...blocks.keys()]).toEqual(['edges', 'exemplars', 'red', 'instances', 'notes', 'edge_instances', 'edge_viewers'])
  expect(blocks.get('edges')?.columns).toMatchObject({
    tenant: ['t'],
    minute: [START_MS / 1000],
    edge_id: [id],
    kind: ['http'],
    source_kind: ['service'],
    source_environment: ['test'],
    source_cluster: ['eu'],
    source_name: ['web'],
    target_cluster: [''],
    target_name: ['epg'],
    operation: ['GET /epg'],
    calls: [1],
    calls_seen: [1],
    errors: [1],
    paired: [1],
    client_only: [0],
    client: [[[776, 1]]],
    server: [[[794, 1]]],
    network: [[]],
    first_seen: [START_MS],
    last_seen: [START_MS],
  })
  expect(blocks.get('red')?.columns).toMatchObject({ service: ['web', 'epg'], operation: ['GET', 'GET /epg'], kind: [3, 2], calls: [1, 1], errors: [0, 1] })
  expect(blocks.get('instances')?.columns).toMatchObject({
    instance: ['', 'epg-1'],
    version: ['', '7'],
    addresses: [[], ['10.0.0.1', '10.0.0.2']],
    calls: [1, 1],
  })
  expect(blocks.get('notes')?.columns).toMatchObject({ code: ['skewed_hosts'], subject: ['epg-1'], count: [1] })
  expect(blocks.get('exemplars')?.columns).toMatchObject({
    edge_id: [id],
    source_operation: ['GET'],
    trace_id: ['ab'.padStart(32, '0')],
    span_id: ['a'.padStart(16, '0')],
    duration: [(20e6).toString(16).padStart(16, '0')],
    transit: ['0'.repeat(16)],
    error: [1],
    ts: [START_MS],
  })
  expect(blocks.get('edge_instances')?.columns).toMatchObject({
    edge_id: [id],
    side: ['target'],
    instance: ['epg-1'],
    calls: [1],
    errors: [1],
    duration: [[[794 >> 3, 1]]],
  })
  expect(blocks.get('edge_viewers')?.columns).toMatchObject({
    minute: [START_MS / 1000, Math.floor(START_MS / 3_600_000) * 3600],
    step: [60, 3600],
    edge_id: [id, id],
    marker: ['', ''],
    viewers: [[expect.stringMatching(/^[0-9a-f]{16}$/)], [expect.stringMatching(/^[0-9a-f]{16}$/)]],
  })
})

test('a block names the days of its rows', () => {
  const dayMs = 1440 * MINUTE_MS
  const midnight = Math.ceil(START_MS / dayMs) * dayMs
  const blocks = blocksOf([-1, 0, 1].map((ms) => ({ id: `${ms + 2}`, kind: 2, startMs: midnight + ms })))
  expect(blocks.get('red')).toMatchObject({ rows: 2, days: [midnight / dayMs - 1, midnight / dayMs] })
})
