import { createJointCounters } from '@skein/schemas/rules/counters'
import { createElsewhere } from '../rules/counts-elsewhere.ts'
import { decodeRecord } from './fakes-for-tests.ts'
import type { RangeJob, RangeProcessor, RangeResult } from './range-job.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'

/** Keeps so many records of each key a minute, of all partitions together, as rules do: those kept come out as `spans`, the others as `edges`. */
export function createLimitingProcessor(limit: number): RangeProcessor {
  let counters = createJointCounters('t')
  return {
    process: (job) => limitRecords(job, counters, limit),
    rebuild: () => [],
    learn: () => undefined,
    remember: () => undefined,
    forget: () => {
      counters = createJointCounters('t')
    },
  }
}

function limitRecords(job: RangeJob, counters: ReturnType<typeof createJointCounters>, limit: number): RangeResult {
  const elsewhere = createElsewhere(job.elsewhere)
  const rows: Record<'spans' | 'edges', string[]> = { spans: [], edges: [] }
  const logTimes = new Map<number, number>()
  job.ends.forEach((end, i) => {
    const partition = job.partitions[i] ?? 0
    const { key, timeMs } = decodeRecord(job.bytes.subarray(job.ends[i - 1] ?? 0, end))
    logTimes.set(partition, timeMs)
    const window = { lengthMs: 60_000, logTimeMs: timeMs, enough: limit }
    const before = counters.of(String(partition), elsewhere.of(partition)).next('rule', String(key), window)
    rows[before < limit ? 'spans' : 'edges'].push(`${partition}/${job.offsets[i]}`)
  })
  const blocks: BuiltBlock[] = (['spans', 'edges'] as const).map((table) => ({
    table,
    block: Buffer.from(JSON.stringify(rows[table])),
    rows: rows[table].length,
    days: [1],
  }))
  const counts = { tenant: 't', records: 1, visible: 1, repeats: 0, dead: 0, bytes: 1, newestNs: 0, batchIds: new Uint8Array(0) }
  return {
    blocks: job.emit ? blocks : [],
    shares: job.emit ? [...logTimes.keys()].map((partition) => ({ ...counts, partition })) : [],
    drops: [],
    repeats: [],
    dead: [],
    logTimes: [...logTimes].map(([partition, logTimeMs]) => ({ partition, logTimeMs })),
    forgottenIds: 0,
    heldBytes: 0,
    elsewhere: elsewhere.used(),
  }
}
