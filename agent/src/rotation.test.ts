import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { agentFor, makePlace, type TestAgent, until } from './agent-for-tests.ts'
import { createRandom, createRandomLogs } from './random-logs-for-tests.ts'
import { startSink } from './sink-for-tests.ts'

const SEEDS = (process.env['SKEIN_TEST_SEEDS'] ?? '1,2').split(',').map(Number)

/** Writes, rotates, restarts and lets the collector fail, by a seed; resolves with what went wrong. */
async function schedule(seed: number): Promise<{ missing: string[]; twice: string[]; mistaken: number; lines: number }> {
  const random = createRandom(seed)
  const place = makePlace()
  const sink = await startSink()
  const logs = createRandomLogs(place.logs, { random, files: 3, lines: 40, rotating: 0.15 })
  // Rotated files are found by the glob in one half of the runs, and only by the search in the other.
  const include = [join(place.logs, seed % 2 === 0 ? '*.log' : 'app*')]
  const start = async (): Promise<TestAgent> => {
    const agent = agentFor(place, sink.url, { files: { include } })
    await agent.start()
    return agent
  }
  let agent = await start()
  logs.begin()
  await until(() => sink.lines.length === logs.written.length, 'all logs are seen')
  sink.answer = () => (random() < 0.2 ? { status: 503, headers: { 'retry-after': '0' } } : { status: 200, delayMs: random() < 0.2 ? 10 : 0 })
  for (let step = 0; step < 120; step++) {
    logs.step()
    // At most a few things happen between two looks, as on a host.
    if (random() < 0.6) await sleep(random() * 30)
    if (random() > 0.05) continue
    await agent.stop(random() < 0.5 ? 0 : 100)
    for (let more = random() * 4; more > 0; more--) logs.step()
    agent = await start()
  }
  logs.finish()
  sink.answer = () => ({ status: 200 })
  await until(
    () => new Set(sink.bodies()).size >= logs.written.length,
    () => missingOf(logs.written, sink.bodies()).slice(0, 5).join('; '),
  ).catch(() => undefined)
  await agent.stop(1000)
  const bodies = sink.bodies()
  await sink.close()
  const twice = bodies.filter((body, index) => bodies.indexOf(body) !== index)
  return { missing: missingOf(logs.written, bodies), twice, mistaken: sink.mistaken.length, lines: logs.written.length }
}

function missingOf(written: readonly string[], bodies: readonly string[]): string[] {
  const seen = new Set(bodies)
  return written.filter((line) => !seen.has(line))
}

describe('rotation by chance', () => {
  it.each(SEEDS)('loses no line and shows none twice, seed %i', async (seed) => {
    const { lines, missing, twice, mistaken } = await schedule(seed)
    expect({ missing: missing.slice(0, 5).map((line) => line.slice(0, 30)), twice: twice.slice(0, 5).map((line) => line.slice(0, 30)), mistaken }).toEqual({
      missing: [],
      twice: [],
      mistaken: 0,
    })
    expect(lines).toBeGreaterThan(1000)
  })
})
