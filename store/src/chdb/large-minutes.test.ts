import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handBlock } from '../conformance-rows.ts'
import type { Store } from '../contract.ts'
import { openChdbStore } from './store.ts'

/** A minute has more rows than an answer may hold: operations without end, or very many edges. */

const MINUTE_MS = Date.UTC(2026, 0, 2, 20)
const [EDGES, OPERATIONS] = [60, 50]
const RESULT_ROWS = 1000
const tenant = 't'
const window = { tenant, startMs: MINUTE_MS, endMs: MINUTE_MS + 120_000 }

function edgeOf(at: number, minuteMs = MINUTE_MS) {
  return {
    ...{ tenant, minute: minuteMs, edge_id: BigInt(at + 1), kind: 'http', source_kind: 'service', target_kind: 'service' },
    ...{ source_name: `s${at}`, target_name: 't', calls: 1, calls_seen: 1, paired: 1 },
  }
}

let directory: string
let store: Store

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'skein-large-minutes-'))
  store = await openChdbStore({
    directory,
    memoryBytes: 2 ** 31,
    readers: 2,
    writers: 1,
    retention: { spansDays: 20_000, rollupDays: 20_000 },
    limits: { seconds: 30, memoryBytes: 2 ** 30, rowsRead: 1e9, resultRows: RESULT_ROWS, queued: 20 },
    migrate: true,
  })
  const every = Array.from({ length: EDGES * OPERATIONS }, (_, i) => ({ at: i % EDGES, operation: `GET /${Math.floor(i / EDGES)}` }))
  const minute = { tenant, minute: MINUTE_MS }
  await store.ingest.insert(
    't:0:0-1',
    handBlock('edges', [
      ...every.map(({ at, operation }) => ({ ...edgeOf(at), operation, client: [[at, 2]] as const })),
      { ...edgeOf(0, MINUTE_MS + 60_000), operation: 'x' },
    ]),
    false,
  )
  await store.ingest.insert(
    't:0:2-3',
    handBlock(
      'red',
      every.map(({ at, operation }) => ({ ...minute, service: `s${at}`, operation, kind: 2, calls: 3, errors: 1 })),
    ),
    false,
  )
  const many = Array.from({ length: RESULT_ROWS + 500 }, (_, at) => ({ ...minute, edge_id: BigInt(at + 1) }))
  await store.ingest.insert(
    't:0:4-5',
    handBlock(
      'exemplars',
      many.map((row, at) => ({ ...row, ts: MINUTE_MS, duration: at, error: at % 2 })),
    ),
    false,
  )
  await store.ingest.insert(
    't:0:6-7',
    handBlock(
      'edge_viewers',
      many.map((row) => ({ ...row, step: 60, viewers: ['1', '2'] })),
    ),
    false,
  )
})

afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

test('its edges are those of all operations', async () => {
  const edges = await store.topology.edges(window)
  expect(edges).toHaveLength(EDGES)
  for (const edge of edges) {
    const at = Number(edge.source.name.slice(1))
    const calls = at === 0 ? OPERATIONS + 1 : OPERATIONS
    expect([edge.calls, edge.evidence.paired, edge.client.from, [...edge.client.counts]]).toEqual([calls, calls, at, [2 * OPERATIONS]])
  }
  const again = await store.topology.edges({ ...window, endMs: MINUTE_MS + 60_000 })
  expect(again.reduce((sum, { calls }) => sum + calls, 0)).toBe(EDGES * OPERATIONS)
})

test('its services are whole', async () => {
  const services = await store.services.services(window)
  expect(services.map(({ calls, errors }) => [calls, errors])).toEqual(Array.from({ length: EDGES }, () => [3 * OPERATIONS, OPERATIONS]))
})

test('more edges than an answer holds, though each with one operation, are all there', async () => {
  const other = 'very many edges'
  const rows = Array.from({ length: RESULT_ROWS + 500 }, (_, at) => ({
    ...edgeOf(at),
    tenant: other,
    operation: 'x',
    first_seen: MINUTE_MS + at,
    last_seen: MINUTE_MS + at,
  }))
  await store.ingest.insert('t:0:8-9', handBlock('edges', rows), false)
  const edges = await store.topology.edges({ ...window, tenant: other })
  expect(edges.map(({ calls, firstSeenMs }) => calls * firstSeenMs).toSorted((a, b) => a - b)).toEqual(rows.map(({ first_seen: ms }) => ms))
})

test('examples and viewers of more edges than an answer holds come in parts', async () => {
  const exemplars = await store.topology.exemplars(window, 1)
  expect(new Set(exemplars.map(({ edgeId }) => edgeId)).size).toBe(RESULT_ROWS + 500)
  expect([...(await store.topology.viewers(window)).values()]).toEqual(Array.from({ length: RESULT_ROWS + 500 }, () => 2))
})
