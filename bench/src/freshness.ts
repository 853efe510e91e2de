import { setTimeout as sleep } from 'node:timers/promises'
import { createLoad } from '@skein/bench/load/generator'
import { startUp } from '@skein/tests/harness/skein-process'
import { sendAll } from './end-to-end.ts'
import type { Figure } from './report.ts'

export interface FreshnessOptions {
  spansPerSecond: number
  seconds: number
}

const PROBES_PER_SECOND = 4

/** From the first byte sent until `/api/traces/{id}` has the whole batch's trace, while a steady load comes in. */
export async function benchFreshness(options: FreshnessOptions): Promise<Figure[]> {
  const skein = await startUp({ SKEIN_LOG_LEVEL: 'warn' })
  try {
    const spansPerBatch = Math.max(10, Math.round(options.spansPerSecond / PROBES_PER_SECOND))
    const load = createLoad({ seed: 7, profile: 'demo', spansPerBatch, startMs: Date.now() - 60_000, traceGapMs: 1 })
    const waits: Promise<number>[] = []
    for (let i = 0; i < options.seconds * PROBES_PER_SECOND; i++) {
      const batch = load.next()
      const sentAt = performance.now()
      const traceId = firstTraceId(batch.bytes)
      await sendAll([batch], skein.otlpHttp, 1)
      waits.push(untilVisible(`${skein.api}/api/traces/${traceId}`, sentAt))
      await sleep(Math.max(0, 1000 / PROBES_PER_SECOND - (performance.now() - sentAt)))
    }
    const times = (await Promise.all(waits)).sort((a, b) => a - b)
    return [
      { name: `send → visible at ${options.spansPerSecond} spans/s: p50`, unit: 'ms', value: times[times.length >> 1] ?? 0 },
      { name: `send → visible at ${options.spansPerSecond} spans/s: p99`, unit: 'ms', value: times[Math.floor(times.length * 0.99)] ?? 0 },
    ]
  } finally {
    await skein.destroy()
  }
}

async function untilVisible(url: string, sentAt: number): Promise<number> {
  for (;;) {
    const answer = await fetch(url)
    await answer.arrayBuffer()
    if (answer.ok) return performance.now() - sentAt
    if (performance.now() - sentAt > 60_000) throw new Error(`${url} answers ${answer.status} after a minute`)
    await sleep(20)
  }
}

/** The first 16-byte field 1 of a span: `0a 10`, as the generator writes it. */
function firstTraceId(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = buffer.indexOf(Buffer.from([0x0a, 0x10]))
  return buffer.toString('hex', at + 2, at + 18)
}
