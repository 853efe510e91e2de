import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, createRandomLogs } from '@skein/agent/random-logs-for-tests'
import { startSink } from '@skein/agent/sink-for-tests'
import { type SkeinProcess, startSkein } from './skein-process.ts'

export interface KillReport {
  lines: number
  missing: string[]
  twice: string[]
  /** What the keeper alone can tell; null where it cannot. */
  counts: LineCounts | null
}

export interface LineCounts {
  /** New lines that the rule for repeats would have taken for old ones. */
  mistaken: number
  /** Lines that came again after a kill, and were known. */
  repeats: number
}

/** Who takes the lines, and shows what a reader would see. */
export interface LineKeeper {
  url: string
  bodies(): Promise<readonly string[]>
  counts(): LineCounts | null
  /** From now on requests fail now and then. */
  fail(random: () => number): void
  /** Resolves when lines were taken and nobody was told so yet; null where the keeper cannot wait with its answer. */
  taken(): Promise<void> | null
  close(): Promise<void>
}

/** Between two kills. Long enough to start and to send, short enough to die in the midst of both. */
const SHORTEST_MS = 500
const SPREAD_MS = 1500
const WAIT_MS = 60_000
/** How long an answer waits for a kill. */
const UNTOLD_MS = 5000
/** Of what went wrong this many lines are named. */
const SHOWN = 10

/** A sink that keeps each line once by the rule of ingest. */
export async function keepInSink(): Promise<LineKeeper> {
  const sink = await startSink()
  const waiting: (() => void)[] = []
  return {
    url: sink.url,
    bodies: () => Promise.resolve(sink.bodies()),
    counts: () => ({ mistaken: sink.mistaken.length, repeats: sink.repeats }),
    fail(random) {
      sink.answer = () => {
        if (random() < 0.1) return { status: 503, headers: { 'retry-after': '0' } }
        const untold = waiting.splice(0)
        for (const resolve of untold) setImmediate(resolve)
        return { status: 200, delayMs: untold.length > 0 ? UNTOLD_MS : random() * 30 }
      }
    },
    taken: () => new Promise((resolve) => void waiting.push(resolve)),
    close: sink.close,
  }
}

/** A whole Skein, asked for the lines that it shows. */
export function keepInSkein(skein: { otlpHttp: string; api: string }): LineKeeper {
  return {
    url: skein.otlpHttp,
    async bodies() {
      const answer = await fetch(`${skein.api}/api/logs/export?start=now-30m&end=now&format=ndjson&limit=100000`)
      if (!answer.ok) throw new Error(`export answers ${answer.status}: ${await answer.text()}`)
      const lines = (await answer.text()).split('\n').filter(Boolean)
      return lines.map((line) => (JSON.parse(line) as { body?: string }).body ?? line)
    },
    // What ingest took for a repeat is missing, and nothing else tells of it.
    counts: () => null,
    fail: () => undefined,
    taken: () => null,
    close: () => Promise.resolve(),
  }
}

/** Applications write and rotate while `skein agent` is killed again and again; then all is judged. */
export async function killAgent(keeper: LineKeeper, { kills, seed, lines }: { kills: number; seed: number; lines: number }): Promise<KillReport> {
  const directory = mkdtempSync(join(tmpdir(), 'skein-agent-kills-'))
  mkdirSync(join(directory, 'logs'))
  const random = createRandom(seed)
  const logs = createRandomLogs(join(directory, 'logs'), { random, files: 4, lines, rotating: 0.03 })
  const start = (): SkeinProcess =>
    startSkein(['agent', join(directory, 'logs', '*.log')], { SKEIN_DATA_DIR: join(directory, 'data'), SKEIN_AGENT_ENDPOINT: keeper.url })
  let agent = start()
  const allSeen = async (): Promise<boolean> => new Set(await keeper.bodies()).size >= logs.written.length
  try {
    await until(() => Promise.resolve(agent.output().includes('"event":"ready"')), agent)
    logs.begin()
    await until(allSeen, agent)
    keeper.fail(random)
    let killing = true
    const applications = (async () => {
      while (killing) {
        logs.step()
        await sleep(random() * 25)
      }
    })()
    for (let kill = 0; kill < kills; kill++) {
      const moment = SHORTEST_MS + random() * SPREAD_MS
      // Every other kill comes where it hurts most: the lines have arrived, and the agent does not know.
      await ((kill % 2 === 1 ? keeper.taken() : null) ?? sleep(moment))
      await agent.kill9()
      agent = start()
    }
    await sleep(SHORTEST_MS)
    killing = false
    await applications
    logs.finish()
    await until(allSeen, agent).catch(() => undefined)
    await agent.stop()
    return judge(logs.written, await keeper.bodies(), keeper)
  } finally {
    await agent.kill9()
    rmSync(directory, { recursive: true, force: true })
  }
}

function judge(written: readonly string[], bodies: readonly string[], keeper: LineKeeper): KillReport {
  const counts = new Map<string, number>()
  for (const body of bodies) counts.set(body, (counts.get(body) ?? 0) + 1)
  const short = (lines: readonly string[]): string[] => lines.slice(0, SHOWN).map((line) => line.slice(0, 40))
  return {
    lines: written.length,
    missing: short(written.filter((line) => !counts.has(line))),
    twice: short([...counts].filter(([, count]) => count > 1).map(([line]) => line)),
    counts: keeper.counts(),
  }
}

async function until(condition: () => Promise<boolean>, agent: SkeinProcess): Promise<void> {
  const endMs = performance.now() + WAIT_MS
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`never happened; the agent said:\n${agent.output()}`)
    await sleep(100)
  }
}
