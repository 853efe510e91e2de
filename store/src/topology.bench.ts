import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Session } from 'chdb'
import { type BenchTime, timeOf, toldTimes } from './bench-times.ts'
import { benchStoreOptions } from './bench-store.ts'
import { openChdbStore } from './chdb/store.ts'
import { handBlock, type HandRow } from './conformance-rows.ts'
import type { TableName } from './tables.ts'

/**
 * What the map of a day costs in the store: `UV_THREADPOOL_SIZE=16 node store/src/topology.bench.ts [hours] [directory to keep]`. 500 services
 * call four others each, six times a minute, in every minute.
 */
const [hours = '24', kept] = process.argv.slice(2)
const HOURS = Number(hours)
const SERVICES = 500
const EDGES = 2000
const CALLS = 6
const START_S = Date.UTC(2026, 10, 22) / 1000
const HOUR_S = 3600
const RUNS = 9
const TENANT = 't'
const GOAL_MS: Readonly<Record<string, number>> = { 1: 20, 24: 30 }

const directory = kept ?? mkdtempSync(join(tmpdir(), 'skein-topology-bench-'))
const options = benchStoreOptions(directory)

const histogram = (salt: number, low: number): string =>
  `mapFromArrays(arrayDistinct(arrayMap(i -> toInt16(${low} + cityHash64(number, i, ${salt}) % 210), range(${CALLS}))) AS b${salt}, arrayMap(_ -> toInt64(1), b${salt}))`
const service = (number: string): string => `concat('service-', toString(${number}))`

/** Rows of an hour: as many of each minute as `a minute`. */
const TABLES: readonly { table: TableName; aMinute: number; columns: Readonly<Record<string, string>> }[] = [
  {
    table: 'edges',
    aMinute: EDGES,
    columns: {
      edge_id: 'cityHash64(at)',
      kind: "'http'",
      source_kind: "'service'",
      source_environment: "'prod'",
      source_name: service(`at % ${SERVICES}`),
      target_kind: "'service'",
      target_environment: "'prod'",
      target_name: service(`(at + 1 + intDiv(at, ${SERVICES})) % ${SERVICES}`),
      operation: "'GET /thing'",
      calls: `${CALLS}`,
      calls_seen: `${CALLS}`,
      paired: `${CALLS}`,
      client: histogram(1, 690),
      server: histogram(2, 690),
      network: histogram(3, 530),
      first_seen: 'minute',
      last_seen: 'minute + 50',
    },
  },
  {
    table: 'red',
    aMinute: 2 * SERVICES,
    columns: {
      environment: "'prod'",
      service: service('intDiv(at, 2)'),
      operation: "'GET /thing'",
      kind: '2 + at % 2',
      calls: `${4 * CALLS}`,
      duration: histogram(4, 690),
    },
  },
  {
    table: 'instances',
    aMinute: SERVICES,
    columns: {
      environment: "'prod'",
      service: service('at'),
      instance: "'i-1'",
      version: "'1.2.3'",
      addresses: "[concat('10.0.0.', toString(at))]",
      calls: `${4 * CALLS}`,
    },
  },
  {
    table: 'exemplars',
    aMinute: EDGES,
    columns: {
      edge_id: 'cityHash64(at)',
      source_operation: "'GET /thing'",
      trace_id: 'reinterpretAsFixedString(sipHash128(number))',
      span_id: 'reinterpretAsFixedString(cityHash64(number, 2))',
      duration: 'cityHash64(number, 3) % 300000000',
      ts: 'minute + 5',
    },
  },
]

async function fill(): Promise<void> {
  await (await openChdbStore(options)).close()
  const session = new Session(join(directory, 'engine'))
  session.query('USE skein')
  for (let hour = 0; hour < HOURS; hour++) {
    for (const { table, aMinute, columns } of TABLES) {
      const minute = `toDateTime(${START_S + hour * HOUR_S} + intDiv(number, ${aMinute}) * 60)`
      session.query(
        `INSERT INTO ${table} (tenant, minute, ${Object.keys(columns).join(', ')}) WITH number % ${aMinute} AS at, ${minute} AS minute SELECT '${TENANT}', minute, ${Object.values(columns).join(', ')} FROM numbers(${aMinute * 60})`,
      )
    }
  }
  for (const { table } of TABLES) session.query(`OPTIMIZE TABLE ${table} FINAL`)
  session.close()
}

const store = existsSync(join(directory, 'engine')) ? await openChdbStore(options) : await fill().then(() => openChdbStore(options))
const window = { tenant: TENANT, startMs: START_S * 1000, endMs: (START_S + HOURS * HOUR_S) * 1000 }
const newestMinute = window.endMs - 60_000

/** A call each of some edges and services that are there, in the newest minute. */
async function insertNewest(run: number): Promise<void> {
  const rows = Array.from({ length: 200 }, (_, at) => at)
  const hashes = await store.topology.edges({ ...window, startMs: newestMinute })
  const base = { tenant: TENANT, minute: newestMinute }
  const edges = rows.map((at): HandRow => {
    const { edgeId, source, target } = hashes[at % hashes.length]!
    return {
      ...base,
      edge_id: BigInt(`0x${edgeId}`),
      kind: 'http',
      source_kind: 'service',
      source_environment: 'prod',
      source_name: source.name,
      target_kind: 'service',
      target_environment: 'prod',
      target_name: target.name,
      operation: 'GET /thing',
      calls: 1,
      calls_seen: 1,
      paired: 1,
      client: [[800 + run, 1]],
      server: [[790 + run, 1]],
      network: [[600, 1]],
      first_seen: newestMinute,
      last_seen: newestMinute,
    }
  })
  const services = rows.map((at): HandRow => ({ ...base, environment: 'prod', service: `service-${at}`, calls: 1 }))
  const blocks = {
    edges,
    red: services.map((row) => ({ ...row, operation: 'GET /thing', kind: 2, duration: [[800, 1]] as const })),
    instances: services.map((row) => ({ ...row, instance: 'i-1', version: '1.2.3' })),
    exemplars: edges.map((row, at) => ({
      ...base,
      edge_id: row['edge_id']!,
      source_operation: 'GET /thing',
      trace_id: 'ab'.repeat(16),
      span_id: 'cd'.repeat(8),
      duration: at,
      ts: newestMinute,
    })),
  }
  for (const [table, added] of Object.entries(blocks)) {
    await store.ingest.insert(`bench${process.pid}:0:${run}-${run}`, handBlock(table as TableName, added), false)
  }
}

const questions: Record<string, () => Promise<unknown>> = {
  edges: () => store.topology.edges(window),
  services: () => store.services.services(window),
  exemplars: () => store.topology.exemplars(window, 1),
  'notes, viewers, proxies': () => Promise.all([store.topology.notes(window), store.topology.viewers(window), store.topology.proxies(window)]),
}
const all = (): Promise<unknown> => Promise.all(Object.values(questions).map((ask) => ask()))

const say = (name: string, times: readonly BenchTime[], goalMs?: number): void => console.log(`${name.padEnd(70)} ${toldTimes(times, goalMs)}`)

say(`${HOURS} h for the first time`, [await timeOf(all, process.cpuUsage)])
say(`${HOURS} h again`, [await timeOf(all, process.cpuUsage), await timeOf(all, process.cpuUsage), await timeOf(all, process.cpuUsage)])
const changed: Record<string, BenchTime[]> = {}
let inserts = 0
for (const [name, ask] of Object.entries({ ...questions, all })) {
  for (let run = 0; run < RUNS; run++) {
    await insertNewest(inserts++)
    ;(changed[name] ??= []).push(await timeOf(ask, process.cpuUsage))
  }
}
for (const [name, times] of Object.entries(changed))
  say(`${HOURS} h, ${name}, after new rows in the newest minute`, times, name === 'all' ? GOAL_MS[hours] : undefined)
await store.close()
if (kept === undefined) rmSync(directory, { recursive: true, force: true })
