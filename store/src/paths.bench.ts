import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PathRow } from '@skein/schemas/path'
import { openChdbStore } from './chdb/store.ts'
import { handBlock, type HandRow } from './conformance-rows.ts'
import { contributorText, entryText, type PathEntry, stepsText } from './path-text.ts'

/**
 * What a day of bottlenecks costs in the store: `UV_THREADPOOL_SIZE=16 node store/src/paths.bench.ts [entries] [minutes]`. Each entry has twelve
 * contributors and four shapes in six latency bands a minute, as one with some hundred traces a minute has.
 */
const [entries = 20, minutes = 1440] = process.argv.slice(2).map(Number)
const CONTRIBUTORS = 12
const SHAPES = 4
const BANDS = [108, 110, 112, 114, 116, 120]
const MINUTES_AN_INSERT = 60
const START_MS = Date.UTC(2026, 10, 22)
const TENANT = 't'
/** For a whole answer. */
const GOAL_MS = 50
const WHOLE = 'all of one answer'
const PART = /^\d{8}_\d+_\d+_\d+$/
/** Merges of a table that rests, and the end of what they replaced. */
const REST_SECONDS = 45

const directory = mkdtempSync(join(tmpdir(), 'skein-paths-bench-'))
const limits = { seconds: 60, memoryBytes: 2e9, rowsRead: 1e9, resultRows: 1e6, queued: 16 }
const store = await openChdbStore({
  directory,
  memoryBytes: 2e9,
  retention: { spansDays: 20_000, rollupDays: 20_000 },
  limits,
  readers: 2,
  writers: 1,
  migrate: true,
})
const entryOf = (n: number): PathEntry => ({
  environment: 'prod',
  cluster: 'bj-1',
  namespace: 'tv',
  service: `gateway-${n % 5}`,
  operation: `GET /things/${n}`,
})
const node = (n: number) => ({ kind: 'service' as const, environment: 'prod', cluster: 'bj-1', namespace: 'tv', name: `service-${n}` })

function rowsOf(entry: number, minute: number): HandRow[] {
  const base = { tenant: TENANT, minute: START_MS + minute * 60_000, entry: entryText(entryOf(entry)), release: '1.2.3' }
  const duration: [number, number][] = Array.from({ length: 30 }, (_, i) => [860 + i * 4, 1 + ((i * 7 + minute) % 20)])
  const whole: HandRow = {
    ...base,
    what: PathRow.entry,
    band: -1,
    traces: 300,
    time: 9e10 - entry * 1e8,
    errors: minute % 3,
    duration,
    slowest: 'x'.repeat(41),
  }
  const banded = BANDS.flatMap((band, b): HandRow[] => [
    ...Array.from({ length: CONTRIBUTORS }, (_, c): HandRow => {
      const edge = c % 3 === 0 ? null : { kind: 'http' as const, other: node(c + 1), inwards: false }
      const item = contributorText({ part: edge === null ? 'service' : 'network', node: node(c), version: '1.2.3', operation: `op ${c}`, edge })
      return {
        ...base,
        what: PathRow.part,
        band,
        item,
        traces: 50,
        count: 60,
        time: (c + 1) * (b + 1) * 1e7 + minute,
        duration: [
          [700 + c * 3 + b, 30],
          [720 + c, 20],
        ],
        slowest: 'y'.repeat(41),
      }
    }),
    ...Array.from(
      { length: SHAPES },
      (_, s): HandRow => ({
        ...base,
        what: PathRow.shape,
        band,
        item: stepsText([0, 1, s + 2].map((n) => ({ node: node(n), operation: 'op' }))),
        traces: 12,
        time: 1e9,
      }),
    ),
  ])
  return [whole, ...banded]
}

let rows = 0
for (let from = 0; from < minutes; from += MINUTES_AN_INSERT) {
  const block = Array.from({ length: Math.min(MINUTES_AN_INSERT, minutes - from) }, (_, m) =>
    Array.from({ length: entries }, (__, e) => rowsOf(e, from + m)).flat(),
  ).flat()
  rows += block.length
  await store.ingest.insert(`bench:0:${from}-${from + MINUTES_AN_INSERT - 1}`, handBlock('path_time', block), false)
}
const window = { tenant: TENANT, startMs: START_MS, endMs: START_MS + minutes * 60_000 }
const entry = entryOf(0)
const traces = () => store.paths.traces(window, [entry])
const shown = Array.from({ length: Math.min(9, entries - 1) }, (_, n) => entryOf(n + 1))
const others = () => store.paths.traces(window, shown)
const partDurations = () => store.paths.partDurations(window, entry, { fromBand: 116, toBand: 1000 })
const questions: Record<string, () => Promise<unknown>> = {
  entries: () => store.paths.entries(window),
  items: () => store.paths.items(window, entry),
  traces,
  'traces of others': others,
  partDurations,
  [WHOLE]: async () => {
    await store.paths.entries(window)
    await Promise.all([store.paths.items(window, entry), traces().then(partDurations), others()])
  },
}
async function tellTimes(): Promise<void> {
  for (const [name, ask] of Object.entries(questions)) {
    const times: number[] = []
    const cpuBefore = process.cpuUsage()
    for (let run = 0; run < 9; run++) {
      const before = performance.now()
      await ask()
      times.push(performance.now() - before)
    }
    const cpu = process.cpuUsage(cpuBefore)
    times.sort((a, b) => a - b)
    process.stdout.write(
      `${name}: median ${times[4]?.toFixed(1)} ms, from ${times[0]?.toFixed(1)} to ${times.at(-1)?.toFixed(1)}, CPU ${((cpu.user + cpu.system) / 9000).toFixed(1)}${name === WHOLE ? `; goal ≤ ${GOAL_MS} ms` : ''}\n`,
    )
  }
}

/** Parts of days, those that merges replaced a moment ago included. */
function countParts(): number {
  return readdirSync(join(directory, 'engine', 'store'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && PART.test(entry.name),
  ).length
}

process.stdout.write(`${rows} rows of ${entries} entries in ${minutes} minutes, as they were inserted, ${countParts()} parts:\n`)
await tellTimes()
await sleep(REST_SECONDS * 1000)
process.stdout.write(`\n${REST_SECONDS} s later, after the store’s own merges, ${countParts()} parts:\n`)
await tellTimes()
await store.close()
rmSync(directory, { recursive: true, force: true })
