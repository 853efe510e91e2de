import { crc32 } from 'node:zlib'
import type { AppendRecord } from '@skein/eventlog/contract'
import { Content, encodeEnvelope, Signal, Source } from '@skein/schemas/envelope'
import { LIMITS_VERSION } from '../intake/limits-version.ts'

/** A partition without data for so long gets a heartbeat, and then one each time so much has passed again. */
const SILENT_MS = 1000
/** Once nothing came anywhere for so long, every window that waits for log time has closed and heartbeats end. */
const QUIET_MS = 6 * 60_000
/** Heartbeats are nobody's data. */
const TENANT = 'system'

export interface HeartbeatOptions {
  partitions: number
  lastDataMs(partition: number): number
  randomBytes: (count: number) => Uint8Array
}

/** Says which heartbeats are due, so that log time passes in partitions that get no data while others do. */
export interface Heartbeat {
  due(nowMs: number): AppendRecord[]
}

export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { partitions, lastDataMs } = options
  const lastBeatMs = new Float64Array(partitions).fill(-Infinity)
  return {
    due(nowMs) {
      let newestMs = -Infinity
      for (let partition = 0; partition < partitions; partition++) newestMs = Math.max(newestMs, lastDataMs(partition))
      if (nowMs - newestMs > QUIET_MS) return []
      const records: AppendRecord[] = []
      const requestId = options.randomBytes(16)
      for (let partition = 0; partition < partitions; partition++) {
        if (nowMs - Math.max(lastDataMs(partition), lastBeatMs[partition]!) < SILENT_MS) continue
        lastBeatMs[partition] = nowMs
        records.push({ partition, value: beat(nowMs, requestId, partition, partitions) })
      }
      return records
    },
  }
}

function beat(nowMs: number, requestId: Uint8Array, part: number, parts: number): Uint8Array {
  const header = { signal: Signal.traces, content: Content.heartbeat, source: Source.internal, receivedAtMs: nowMs, requestId, part, parts, records: 0 }
  return encodeEnvelope({ ...header, limitsVersion: LIMITS_VERSION, tenant: TENANT, keyId: '' }, [], crc32)
}
