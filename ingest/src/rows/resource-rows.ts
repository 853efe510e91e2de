import { createNativeBlock } from '@skein/store/native/block'
import { TABLES } from '@skein/store/tables'
import type { BatchResource } from '../decode/span-batch.ts'
import { dictionaryOf } from './dictionary.ts'
import type { BucketOrder } from './row-order.ts'

const SECONDS_PER_DAY = 86_400

/** Row → its resource. */
export interface ResourceOfRows {
  resource: Int32Array
  resources: BatchResource[]
}

/** Writes each resource once a tenant and day. Forgetting what was written only writes it again. */
export interface ResourceRows {
  /** Null when every resource of these rows was written before. */
  take(batch: ResourceOfRows, order: BucketOrder): { block: Uint8Array; rows: number; days: number[] } | null
}

export function createResourceRows(maxRemembered: number): ResourceRows {
  const written = new Set<string>()
  return {
    take(batch, order) {
      if (written.size > maxRemembered) written.clear()
      const fresh = freshResources(batch, order, written)
      return fresh.length === 0 ? null : { block: resourcesBlock(fresh), rows: fresh.length, days: [...new Set(fresh.map(({ day }) => day))] }
    },
  }
}

interface Fresh {
  tenant: string
  day: number
  resource: BatchResource
}

function freshResources(batch: ResourceOfRows, order: BucketOrder, written: Set<string>): Fresh[] {
  const fresh: Fresh[] = []
  /** Resource → tenant and bucket it was last looked at with: most rows repeat them. */
  const lastTenant = new Int32Array(batch.resources.length).fill(-1)
  const lastBucket = new Int32Array(batch.resources.length)
  for (let i = 0; i < order.length; i++) {
    const number = batch.resource[order.rows[i] as number] as number
    const tenantNumber = order.tenant[i] as number
    const bucket = order.bucket[i] as number
    if (lastTenant[number] === tenantNumber && lastBucket[number] === bucket) continue
    lastTenant[number] = tenantNumber
    lastBucket[number] = bucket
    const resource = batch.resources[number]
    if (resource === undefined) continue
    const tenant = order.tenants[tenantNumber] ?? ''
    const day = Math.floor(bucket / SECONDS_PER_DAY)
    const key = `${day}:${resource.fingerprintHex}:${tenant}`
    if (written.has(key)) continue
    written.add(key)
    fresh.push({ tenant, day, resource })
  }
  return fresh
}

function resourcesBlock(fresh: readonly Fresh[]): Uint8Array {
  const block = createNativeBlock(TABLES.resources.columns, fresh.length)
  const tenants = dictionaryOf(fresh.map(({ tenant }) => tenant))
  const bytes = Buffer.concat(fresh.map(({ resource }) => resource.bytes))
  let at = 0
  const ends = Int32Array.from(fresh, ({ resource }) => (at += resource.bytes.length))
  block.lowCardinality('tenant', tenants.dictionary, tenants.indexes)
  block.fixed(
    'day',
    Uint16Array.from(fresh, ({ day }) => day),
  )
  block.fixed('fp', Buffer.concat(fresh.map(({ resource }) => resource.fingerprint)))
  block.ranges('attributes', { bytes, starts: Int32Array.from(fresh, ({ resource }, i) => (ends[i] as number) - resource.bytes.length), ends })
  return block.finish()
}
