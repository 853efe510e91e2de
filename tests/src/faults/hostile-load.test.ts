import { createLoad } from '@skein/bench/load/generator'
import { afterEach, describe, expect, it } from 'vitest'
import { apiOf } from '../harness/api.ts'
import { send, sendJson } from '../harness/http.ts'
import { residentBytes } from '../harness/memory.ts'
import { mutate, seededRandom } from '../harness/mutate.ts'
import { eventually, type SkeinUp, startUp } from '../harness/skein-process.ts'
import { aSpan, exportOf } from '../harness/spans.ts'

const MIB = 1024 * 1024
const MUTATIONS = Number(process.env['SKEIN_TEST_MUTATIONS'] ?? 100_000)
const AT_ONCE = 32
const OPERATIONS = 400_000
const OPERATIONS_A_REQUEST = 1000
const GROWTH_BYTES = 700 * MIB
/** What everything on one machine may hold. */
const MOST_BYTES = 2560 * MIB

let skein: SkeinUp
afterEach(() => skein.destroy())

const pidsOf = (): number[] => [skein.childPid('collector'), skein.childPid('engine')]
const mib = (bytes: readonly number[]): string => bytes.map((each) => (each / MIB).toFixed(0)).join(' and ')

describe('hostile load', () => {
  it(`${MUTATIONS} mutated requests are taken or refused; no process ends and good ones go on`, async () => {
    skein = await startUp()
    const pids = pidsOf()
    let before = pids.map(residentBytes)
    const seed = 20261129
    const random = seededRandom(seed)
    const load = createLoad({ seed, profile: 'production', spansPerBatch: 20, startMs: Date.now() - 60_000, traceGapMs: 5 })
    const codes = new Map<number, number>()
    for (let sent = 0; sent < MUTATIONS; sent += AT_ONCE) {
      // What is held for a window, and caches, fill in the first half; from then on memory stays.
      if (sent <= MUTATIONS / 2) before = pids.map(residentBytes)
      const { bytes } = load.next()
      const bodies = Array.from({ length: AT_ONCE }, () => mutate(bytes, random))
      const replies = await Promise.all(
        bodies.map((body) => send(`${skein.otlpHttp}/v1/traces`, { headers: { 'content-type': 'application/x-protobuf' }, body })),
      )
      for (const { status } of replies) codes.set(status, (codes.get(status) ?? 0) + 1)
    }
    console.info(`seed ${seed}: ${JSON.stringify([...codes])}; grew by ${mib(pids.map((pid, i) => residentBytes(pid) - (before[i] ?? 0)))} MiB`)
    expect([...codes.keys()].filter((code) => ![200, 400, 413].includes(code))).toEqual([])
    expect((await sendJson(skein.otlpHttp, exportOf('after-all', [aSpan()]))).status).toBe(200)
    await eventually(async () => expect((await apiOf(skein.api).topology()).nodes.map(({ name }) => name)).toContain('after-all'), 120_000, 1000)
    expect(pidsOf()).toEqual(pids)
    for (const [i, pid] of pids.entries()) expect(residentBytes(pid) - (before[i] ?? 0)).toBeLessThan(GROWTH_BYTES)
    expect(pids.reduce((sum, pid) => sum + residentBytes(pid), 0)).toBeLessThan(MOST_BYTES)
  })

  it(`${OPERATIONS} different operation names of one service are taken, and memory stays bounded`, async () => {
    skein = await startUp()
    const pids = pidsOf()
    let before = pids.map(residentBytes)
    for (let from = 0; from < OPERATIONS; from += OPERATIONS_A_REQUEST) {
      if (from === OPERATIONS / 2) {
        await eventually(async () => expect((await apiOf(skein.api).intake()).visible).toBe(from), 180_000, 1000)
        before = pids.map(residentBytes)
      }
      const spans = Array.from({ length: OPERATIONS_A_REQUEST }, (_, i) => aSpan({ name: `GET /thing/${from + i}` }))
      expect((await sendJson(skein.otlpHttp, exportOf('too-many-names', spans))).status).toBe(200)
    }
    await eventually(async () => expect((await apiOf(skein.api).intake()).visible).toBe(OPERATIONS), 180_000, 1000)
    const { nodes } = await apiOf(skein.api).topology()
    expect(nodes.find(({ name }) => name === 'too-many-names')?.calls).toBe(OPERATIONS)
    const listed = await send(`${skein.api}/api/services/too-many-names/operations`, { method: 'GET' })
    console.info(
      `grew by ${mib(pids.map((pid, i) => residentBytes(pid) - (before[i] ?? 0)))} MiB; operations answer ${listed.status}, ${listed.body.length} bytes, ${listed.ms.toFixed(0)} ms`,
    )
    expect(listed.status).toBe(200)
    expect(JSON.parse(listed.body)).toMatchObject({ truncated: true })
    expect(pidsOf()).toEqual(pids)
    for (const [i, pid] of pids.entries()) expect(residentBytes(pid) - (before[i] ?? 0)).toBeLessThan(GROWTH_BYTES)
    expect(pids.reduce((sum, pid) => sum + residentBytes(pid), 0)).toBeLessThan(MOST_BYTES)
  })
})
