import { type LogBatch, LogFate } from '../logs/log-batch.ts'

export interface LineForTests {
  partition: number
  offset: number
  tenant: string
  service: string
  logTimeMs: number
  body: string
  dropped?: boolean
}

/** As much of a batch as patterns look at; each line is an envelope of its own. */
export function logBatchOf(lines: readonly LineForTests[]): LogBatch {
  const bodies = lines.map(({ body }) => Buffer.from(body))
  const bodyEnd = new Int32Array(lines.length)
  const bodyStart = new Int32Array(lines.length)
  let at = 0
  for (const [row, body] of bodies.entries()) {
    bodyStart[row] = at
    at += body.length
    bodyEnd[row] = at
  }
  const time = lines.map(({ logTimeMs }) => BigInt(logTimeMs) * 1_000_000n)
  const own = Int32Array.from(lines, (_, row) => row)
  const part = {
    bytes: Buffer.concat(bodies),
    length: lines.length,
    envelope: own,
    envelopes: lines.map(({ partition, offset, tenant, logTimeMs }) => ({ partition, offset, tenant, logTimeMs })),
    resource: own,
    resources: lines.map(({ service }) => ({ service })),
    service: new Int32Array(lines.length).fill(-1),
    services: [],
    timeLow: Uint32Array.from(time, (ns) => Number(ns & 0xffff_ffffn)),
    timeHigh: Uint32Array.from(time, (ns) => Number(ns >> 32n)),
    bodyStart,
    bodyEnd,
    pattern: new Uint32Array(lines.length * 2),
    fate: Uint8Array.from(lines, ({ dropped }) => (dropped === true ? LogFate.rule : LogFate.kept)),
  }
  return part as unknown as LogBatch
}
