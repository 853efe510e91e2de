import { crc32 } from 'node:zlib'
import { decodeEnvelope } from '@skein/schemas/envelope'
import type { QueuedRecord } from './partition.ts'
import type { RangeResult } from './range-job.ts'

const MS_PER_MINUTE = 60_000

/** The counts of a range whose `dead` records the store refused: not visible, but dead letters. */
export function buryRecords(result: RangeResult, dead: ReadonlySet<QueuedRecord>): RangeResult {
  if (dead.size === 0) return result
  const buried = { ...result, shares: result.shares.map((share) => ({ ...share })), drops: [...result.drops] }
  for (const { partition, value } of dead) {
    const { tenant, keyId, receivedAtMs, records } = decodeEnvelope(value, crc32)
    const share = buried.shares.find((each) => each.partition === partition && each.tenant === tenant)
    if (share !== undefined) {
      share.visible = Math.max(0, share.visible - records)
      share.dead += records
    }
    const minuteMs = Math.floor(receivedAtMs / MS_PER_MINUTE) * MS_PER_MINUTE
    buried.drops.push({ tenant, keyId, minuteMs, kind: 'dead', reason: 'dead_letter', requests: 1, records, bytes: value.length })
  }
  return buried
}
