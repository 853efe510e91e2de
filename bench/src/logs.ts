import { setTimeout as sleep } from 'node:timers/promises'
import { linesOf } from '@skein/ingest/logs/lines-for-tests'
import { type SkeinUp, startUp } from '@skein/tests/harness/skein-process'
import { cpuSeconds, diskBytes, peakMib, sendAll } from './end-to-end.ts'
import type { Figure } from './report.ts'

export interface LogsOptions {
  lines: number
  /** Each sends its own files, one request after the other. */
  agents: number
  seed: number
}

const LINES_PER_REQUEST = 500
const SETTLE_MS = 60_000
const CPU_UNIT = 'CPU-s per 1 M lines'

/**
 * A whole Skein takes lines of tailed files over HTTP, twice: the first lines after a start also pay for compiling and for memory that
 * grows. What they take on disk is measured when merges had a minute, text index and sums included.
 */
export async function benchLogs(options: LogsOptions): Promise<Figure[]> {
  const skein = await startUp({ SKEIN_LOG_LEVEL: 'warn' })
  try {
    const store = `${skein.dataDir}/store`
    const bytesBefore = diskBytes(store, '--apparent-size')
    const first = await measureRound(skein, options, 0)
    const second = await measureRound(skein, { ...options, seed: options.seed + 1000 }, options.lines)
    return [
      ...first,
      ...second.filter(({ unit }) => unit === CPU_UNIT).map((figure) => ({ ...figure, name: `${figure.name}, the next ones` })),
      { name: 'logs: store, bytes in its files', unit: 'B per line', value: (diskBytes(store, '--apparent-size') - bytesBefore) / (options.lines * 2) },
      { name: 'logs: engine peak RSS', unit: 'MiB', value: peakMib(skein.childPid('engine')) },
    ]
  } finally {
    await skein.destroy()
  }
}

async function measureRound(skein: SkeinUp, { lines, agents, seed }: LogsOptions, before: number): Promise<Figure[]> {
  const startMs = Date.now() - 60_000
  const shares = Array.from({ length: agents }, (_, agent) =>
    linesOf({ lines: lines / agents, linesPerEnvelope: LINES_PER_REQUEST, source: 'agent', seed: seed * agents + agent, startMs }),
  )
  const idle = cpuSeconds(skein)
  const sentAt = performance.now()
  await Promise.all(
    shares.map((share) =>
      sendAll(
        share.map(({ payload }) => ({ bytes: payload })),
        skein.otlpHttp,
        1,
        '/v1/logs',
      ),
    ),
  )
  const ackSeconds = (performance.now() - sentAt) / 1000
  await untilCounted(skein, before + lines)
  const visibleSeconds = (performance.now() - sentAt) / 1000
  const visible = cpuSeconds(skein)
  await sleep(SETTLE_MS)
  const after = cpuSeconds(skein)
  const sum = ({ collector, engine }: typeof idle): number => collector + engine
  const millions = lines / 1e6
  return [
    { name: 'logs: accepted', unit: 'lines/s', value: lines / ackSeconds },
    { name: 'logs: all visible after the first byte', unit: 's', value: visibleSeconds },
    { name: 'logs: collector', unit: CPU_UNIT, value: (visible.collector - idle.collector) / millions },
    { name: 'logs: collector and engine until all is visible', unit: CPU_UNIT, value: (sum(visible) - sum(idle)) / millions },
    { name: 'logs: everything, merges and idling of the first minute included', unit: CPU_UNIT, value: (sum(after) - sum(idle)) / millions },
  ]
}

async function untilCounted(skein: SkeinUp, lines: number): Promise<void> {
  const deadline = performance.now() + 300_000
  for (;;) {
    const { total } = (await (await fetch(`${skein.api}/api/logs/histogram?start=now-2h`)).json()) as { total: number }
    if (total >= lines) return
    if (performance.now() > deadline) throw new Error(`only ${total} of ${lines} lines are visible after 5 minutes`)
    await sleep(100)
  }
}
