import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Session } from 'chdb'
import { type BenchTime, timeOf, toldTimes } from './bench-times.ts'
import { benchStoreOptions } from './bench-store.ts'
import { openChdbStore } from './chdb/store.ts'
import type { ScenarioQuestion } from './contract-scenarios.ts'

/**
 * What the funnel of a day costs in the store: `UV_THREADPOOL_SIZE=16 node store/src/scenarios.bench.ts [thousands of sessions]…`. A session goes
 * through five steps; one in six leaves at each. Up to some 200,000 matches are all looked at, of more a sample of sessions.
 */
const thousands = process.argv.slice(2).map(Number)
const sizes = thousands.length === 0 ? [50, 500] : thousands
const GOAL_MS = 100
const STEPS = 5
const START_S = Date.UTC(2026, 10, 22) / 1000
const DAY_S = 86_400
const SPANS_A_SECOND = 10
const RUNS = 9
const TENANT = 't'

const directory = mkdtempSync(join(tmpdir(), 'skein-scenarios-bench-'))
const options = benchStoreOptions(directory)

/** Step after step of a session some seconds apart; an error in fifty, which is no step. */
function matchesStatement(size: number): string {
  const sessions = size * 1000
  const started = `${START_S} + intDiv(session * ${DAY_S}, ${sessions})`
  const ts = `fromUnixTimestamp64Nano(toInt64(${started}) * 1000000000 + step * 7000000000 + cityHash64(number) % 5000000000)`
  return `INSERT INTO scenario_steps (tenant, bucket, scenario, version, key_hash, key, ts, step, error, duration, trace_id, span_id)
  WITH intDiv(number, ${STEPS}) AS session, toUInt8(number % ${STEPS}) AS step, ${ts} AS at, concat('session-', hex(cityHash64(session))) AS name
  SELECT '${TENANT}', toDateTime(intDiv(toUnixTimestamp(at), 300) * 300), 'of ${size}', 1, cityHash64(name), name, at, step, cityHash64(number, 5) % 50 = 0, cityHash64(number, 3) % 900000000,
    reinterpretAsFixedString(sipHash128(session)), reinterpretAsFixedString(cityHash64(number, 2))
  FROM numbers(${sessions * STEPS}) WHERE step <= cityHash64(session, 4) % 6 OR cityHash64(session, 4) % 6 = 5`
}

await (await openChdbStore(options)).close()
const session = new Session(join(directory, 'engine'))
session.query('USE skein')
for (const size of sizes) session.query(matchesStatement(size))
session.query(`INSERT INTO spans (tenant, bucket, ts, trace_id, span_id, name, service, duration)
  WITH fromUnixTimestamp64Nano(toInt64(${START_S} + intDiv(number, ${SPANS_A_SECOND})) * 1000000000 + number % ${SPANS_A_SECOND} * 1000000) AS at
  SELECT '${TENANT}', toDateTime(intDiv(toUnixTimestamp(at), 300) * 300), at, reinterpretAsFixedString(sipHash128(number)), reinterpretAsFixedString(cityHash64(number, 2)), 'GET /thing', 'shop', 1000000
  FROM numbers(${DAY_S * SPANS_A_SECOND})`)
session.query('OPTIMIZE TABLE scenario_steps FINAL')
session.close()

const store = await openChdbStore(options)
for (const size of sizes) {
  const question: ScenarioQuestion = {
    tenant: TENANT,
    startMs: START_S * 1000,
    endMs: (START_S + DAY_S) * 1000,
    steps: Array.from({ length: STEPS }, () => ({ match: { kind: 'span' as const, service: 'shop' }, optional: false, slowNs: 800_000_000 })),
    success: STEPS - 1,
    keys: ['session.id'],
    withinMs: 600_000,
    from: { scenario: `of ${size}`, version: 1 },
    nowMs: (START_S + DAY_S) * 1000,
  }
  const times: BenchTime[] = []
  let told = ''
  for (let run = 0; run < RUNS; run++) {
    const ask = async (): Promise<void> => {
      const { matches, oneIn } = await store.scenarios.funnel(question, { stepSeconds: 600, sample: 40 })
      told = `${matches} matches, one session in ${oneIn}`
    }
    times.push(await timeOf(ask, process.cpuUsage))
  }
  console.log(`funnel of 24 h, ${told}: ${toldTimes(times, GOAL_MS)}`)
}
await store.close()
rmSync(directory, { recursive: true, force: true })
