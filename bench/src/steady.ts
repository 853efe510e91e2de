import { setTimeout as sleep } from 'node:timers/promises'
import { createLoad } from '@skein/bench/load/generator'
import { startUp } from '@skein/tests/harness/skein-process'
import { processCpuSeconds, sendAll } from './end-to-end.ts'
import type { Figure } from './report.ts'

export interface SteadyOptions {
  spansPerSecond: number
  seconds: number
}

const BATCHES_PER_SECOND = 10
/** Compiling and memory that grows are not what a day costs. */
const WARM_SECONDS = 15

/** What the engine pays for a million spans when they come as they do in a day: most of it is for inserts, which cost the same whatever they hold. */
export async function benchSteady({ spansPerSecond, seconds }: SteadyOptions): Promise<Figure[]> {
  const skein = await startUp({ SKEIN_LOG_LEVEL: 'warn' })
  try {
    const gapMs = 1000 / BATCHES_PER_SECOND
    const load = createLoad({
      seed: 11,
      profile: 'demo',
      spansPerBatch: Math.round(spansPerSecond / BATCHES_PER_SECOND),
      startMs: Date.now(),
      traceGapMs: 8000 / spansPerSecond,
    })
    const send = async (count: number): Promise<number> => {
      let spans = 0
      for (let i = 0; i < count * BATCHES_PER_SECOND; i++) {
        const sentAt = performance.now()
        const batch = load.next()
        spans += batch.spans
        await sendAll([batch], skein.otlpHttp, 1)
        await sleep(Math.max(0, gapMs - (performance.now() - sentAt)))
      }
      return spans
    }
    await send(WARM_SECONDS)
    const before = processCpuSeconds(skein.childPid('engine'))
    const spans = await send(seconds)
    const cpuSeconds = processCpuSeconds(skein.childPid('engine')) - before
    return [{ name: `engine at ${spansPerSecond} spans/s`, unit: 'CPU-s per 1 M spans', value: (cpuSeconds / spans) * 1e6 }]
  } finally {
    await skein.destroy()
  }
}
