import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, createRandomLogs } from '@skein/agent/random-logs-for-tests'
import { type Sink, startSink } from '@skein/agent/sink-for-tests'
import { type SkeinProcess, startSkein } from './skein-process.ts'

export interface KillReport {
  lines: number
  missing: string[]
  twice: string[]
  /** New lines that the rule for repeats would have taken for old ones. */
  mistaken: number
  /** Lines that came again after a kill, and were known. */
  repeats: number
}

/** Between two kills. Long enough to start and to send, short enough to die in the midst of both. */
const SHORTEST_MS = 500
const SPREAD_MS = 1500
const WAIT_MS = 60_000
/** Of what went wrong this many lines are named. */
const SHOWN = 10

/** Applications write and rotate while `skein agent` is killed again and again and the collector fails now and then; then all is judged. */
export async function killAgent({ kills, seed }: { kills: number; seed: number }): Promise<KillReport> {
  const directory = mkdtempSync(join(tmpdir(), 'skein-agent-kills-'))
  mkdirSync(join(directory, 'logs'))
  const random = createRandom(seed)
  const logs = createRandomLogs(join(directory, 'logs'), { random, files: 4, lines: 60, rotating: 0.03 })
  const sink = await startSink()
  const start = (): SkeinProcess =>
    startSkein(['agent', join(directory, 'logs', '*.log')], { SKEIN_DATA_DIR: join(directory, 'data'), SKEIN_AGENT_ENDPOINT: sink.url })
  let agent = start()
  try {
    await until(
      () => agent.output().includes('"event":"ready"'),
      () => agent.output(),
    )
    logs.begin()
    await until(
      () => sink.lines.length === logs.written.length,
      () => agent.output(),
    )
    sink.answer = () => (random() < 0.1 ? { status: 503, headers: { 'retry-after': '0' } } : { status: 200, delayMs: random() * 30 })
    let killing = true
    const applications = (async () => {
      while (killing) {
        logs.step()
        await sleep(random() * 25)
      }
    })()
    for (let kill = 0; kill < kills; kill++) {
      await sleep(SHORTEST_MS + random() * SPREAD_MS)
      await agent.kill9()
      agent = start()
    }
    await sleep(SHORTEST_MS)
    killing = false
    await applications
    logs.finish()
    const seen = (): Set<string> => new Set(sink.bodies())
    await until(
      () => seen().size >= logs.written.length,
      () => agent.output(),
    ).catch(() => undefined)
    await agent.stop()
    return judge(logs.written, sink)
  } finally {
    await agent.kill9()
    await sink.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

function judge(written: readonly string[], sink: Sink): KillReport {
  const counts = new Map<string, number>()
  for (const body of sink.bodies()) counts.set(body, (counts.get(body) ?? 0) + 1)
  const short = (line: string): string => line.slice(0, 40)
  return {
    lines: written.length,
    missing: written
      .filter((line) => !counts.has(line))
      .slice(0, SHOWN)
      .map(short),
    twice: [...counts]
      .filter(([, count]) => count > 1)
      .slice(0, SHOWN)
      .map(([line]) => short(line)),
    mistaken: sink.mistaken.length,
    repeats: sink.repeats,
  }
}

async function until(condition: () => boolean, what: () => string): Promise<void> {
  const endMs = performance.now() + WAIT_MS
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`never happened; the agent said:\n${what()}`)
    await sleep(100)
  }
}
