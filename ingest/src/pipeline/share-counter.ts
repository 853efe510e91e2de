import { NO_TENANT } from './damaged.ts'
import { BATCH_ID_BYTES } from './batch-ids.ts'
import type { Drop, LogFiles, ShareCounts } from './range-job.ts'
import type { OutcomeKind, OutcomeReason } from '@skein/schemas/outcomes'

const MS_PER_MINUTE = 60_000

/** What a count belongs to. */
export interface CountedEnvelope {
  partition: number
  tenant: string
  keyId: string
  logTimeMs: number
}

/** Adds up what became of a job's records, by partition and tenant, and its drops by reason. */
export interface ShareCounter {
  received(envelope: CountedEnvelope, counts: { records: number; bytes: number }): void
  accepted(envelope: CountedEnvelope, batchId: Uint8Array): void
  visible(envelope: CountedEnvelope, spans: number, newestUs: number): void
  dropped(
    envelope: CountedEnvelope,
    kind: OutcomeKind & ('repeat' | 'dead'),
    drop: { reason: OutcomeReason; requests: number; records: number; bytes: number },
  ): void
  /** Files that were read. */
  files(read: LogFiles & { partition: number; tenant: string }): void
  shares(): ShareCounts[]
  drops(): Drop[]
}

type Counting = Omit<ShareCounts, 'batchIds'> & { ids: Uint8Array[] }

export function createShareCounter(): ShareCounter {
  const shares = new Map<string, Counting>()
  const drops = new Map<string, Drop>()
  /** Envelopes of one partition and tenant come one behind the other. */
  let last: { of: Pick<CountedEnvelope, 'partition' | 'tenant'>; share: Counting } | null = null
  const shareOf = ({ partition, tenant }: CountedEnvelope): Counting => {
    if (last?.of.partition === partition && last.of.tenant === tenant) return last.share
    const share = knownShare(partition, tenant)
    last = { of: { partition, tenant }, share }
    return share
  }
  const knownShare = (partition: number, tenant: string): Counting => {
    const key = `${partition}:${tenant}`
    const known = shares.get(key)
    if (known !== undefined) return known
    const share: Counting = {
      partition,
      tenant: tenant === '' ? NO_TENANT : tenant,
      records: 0,
      visible: 0,
      repeats: 0,
      dead: 0,
      bytes: 0,
      newestNs: 0,
      ids: [],
    }
    shares.set(key, share)
    return share
  }
  return {
    received(envelope, { records, bytes }) {
      const share = shareOf(envelope)
      share.records += records
      share.bytes += bytes
    },
    accepted: (envelope, batchId) => void shareOf(envelope).ids.push(batchId.slice(0, BATCH_ID_BYTES)),
    visible(envelope, spans, newestUs) {
      const share = shareOf(envelope)
      share.visible += spans
      share.newestNs = Math.max(share.newestNs, Math.round(newestUs) * 1000)
    },
    dropped(envelope, kind, { reason, requests, records, bytes }) {
      const share = shareOf(envelope)
      if (kind === 'repeat') share.repeats += records
      else share.dead += records
      const { tenant } = share
      const minuteMs = Math.floor(envelope.logTimeMs / MS_PER_MINUTE) * MS_PER_MINUTE
      const key = `${tenant} ${envelope.keyId} ${minuteMs} ${reason}`
      const drop = drops.get(key) ?? { tenant, keyId: envelope.keyId, minuteMs, kind, reason, requests: 0, records: 0, bytes: 0 }
      drops.set(key, drop)
      drop.requests += requests
      drop.records += records
      drop.bytes += bytes
    },
    files({ partition, tenant, files, offsets }) {
      shareOf({ partition, tenant, keyId: '', logTimeMs: 0 }).logFiles = { files, offsets }
    },
    shares: () => [...shares.values()].map(({ ids, ...share }) => ({ ...share, batchIds: new Uint8Array(Buffer.concat(ids)) })),
    drops: () => [...drops.values()],
  }
}
