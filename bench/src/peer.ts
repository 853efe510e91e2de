import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '@skein/demo/free-ports'
import { eventually } from '@skein/tests/harness/skein-process'
import { CPU_UNIT, type EndToEndOptions, EVERYTHING, makeBatches, NEXT, processCpuSeconds, sendAll } from './end-to-end.ts'
import type { Figure } from './report.ts'

/** Batches that it still holds are given to nobody within this time. */
const SETTLE_MS = 3000
const START_MS = 30_000
/** 14 CPU seconds a million spans, on a machine where the collector took 3.3 (its version 0.158). */
const GOAL = 4.24

/** The figures of Skein, and what it takes for each second of the peer. */
export async function besidePeer(figures: readonly Figure[], binary: string, options: EndToEndOptions): Promise<Figure[]> {
  const peer = await peerSeconds(binary, options)
  const skein = figures.find(({ name }) => name === `${EVERYTHING}${NEXT}`)?.value ?? Number.NaN
  return [
    ...figures,
    { name: `OpenTelemetry Collector → nop${NEXT}`, unit: CPU_UNIT, value: peer },
    { name: `everything${NEXT}, by what the OpenTelemetry Collector took`, unit: '×', value: skein / peer, goal: GOAL },
  ]
}

/**
 * What an OpenTelemetry Collector that only decodes and batches (OTLP/HTTP → `batch` → `nop`) takes for the same spans on this machine: what other figures
 * are compared with, since seconds of CPU differ from machine to machine and from day to day. Twice, as Skein is; the second round is told.
 */
async function peerSeconds(binary: string, options: EndToEndOptions): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'skein-bench-peer-'))
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const config = join(directory, 'config.yaml')
  writeFileSync(
    config,
    JSON.stringify({
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
      processors: { batch: {} },
      exporters: { nop: {} },
      service: {
        telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
        pipelines: { traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['nop'] } },
      },
    }),
  )
  const collector = spawn(binary, ['--config', `file:${config}`], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = once(collector, 'exit')
  try {
    const died = ended.then(() => Promise.reject(new Error(`${binary} ended before it took spans`)))
    await Promise.race([eventually(() => fetch(url), START_MS), died])
    const pid = collector.pid ?? 0
    let perMillion = 0
    for (const seed of [options.seed, options.seed + 1000]) {
      const { batches, truth } = makeBatches({ ...options, seed })
      const before = processCpuSeconds(pid)
      await sendAll(batches, url, options.connections)
      await sleep(SETTLE_MS)
      perMillion = ((processCpuSeconds(pid) - before) / truth.spans) * 1e6
    }
    return perMillion
  } finally {
    collector.kill()
    await ended.catch(() => undefined)
    rmSync(directory, { recursive: true, force: true })
  }
}
