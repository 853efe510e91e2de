import { crc32 } from 'node:zlib'
import type { AppendRecord } from '@skein/eventlog/contract'
import { Content, encodeEnvelope, type EnvelopeHeader, type Signal, Source } from '@skein/schemas/envelope'
import { LIMITS_VERSION } from '../intake/limits-version.ts'

/** A partition without data for so long gets a heartbeat, and then one each time so much has passed again … */
const SILENT_MS = 1000
/**
 * … and once no partition got data for `CALM_MS`, all of them together each time so much has passed: what waits still then waits for minutes, and what
 * waits for records of every partition finds them beside each other.
 */
const CALM_SILENT_MS = 5000
/** By then traces that ended are closed (5 s after their last span) and what is held of them is brought (5 s). */
const CALM_MS = 12_000
/** Once nothing came anywhere for so long, every window that waits for log time has closed and heartbeats end. */
const QUIET_MS = 6 * 60_000
/** Heartbeats are nobody's data. */
const TENANT = 'system'

export interface HeartbeatOptions {
  signal: Signal
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
  const silentSinceMs = (partition: number): number => Math.max(lastDataMs(partition), lastBeatMs[partition]!)
  return {
    due(nowMs) {
      let newestMs = -Infinity
      let longestMs = 0
      for (let partition = 0; partition < partitions; partition++) {
        newestMs = Math.max(newestMs, lastDataMs(partition))
        longestMs = Math.max(longestMs, nowMs - silentSinceMs(partition))
      }
      if (nowMs - newestMs > QUIET_MS || (nowMs - newestMs > CALM_MS && longestMs < CALM_SILENT_MS)) return []
      const records: AppendRecord[] = []
      const requestId = options.randomBytes(16)
      for (let partition = 0; partition < partitions; partition++) {
        if (nowMs - silentSinceMs(partition) < SILENT_MS) continue
        lastBeatMs[partition] = nowMs
        records.push({ partition, value: beat(options.signal, { receivedAtMs: nowMs, requestId, part: partition, parts: partitions }) })
      }
      return records
    },
  }
}

function beat(signal: Signal, place: Pick<EnvelopeHeader, 'receivedAtMs' | 'requestId' | 'part' | 'parts'>): Uint8Array {
  const header = { signal, content: Content.heartbeat, source: Source.internal, records: 0, limitsVersion: LIMITS_VERSION, tenant: TENANT, keyId: '' }
  return encodeEnvelope({ ...header, ...place }, [], crc32)
}
