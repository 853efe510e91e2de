import type { DecodeInput } from '@skein/ingest/decode/payload-memory'
import { createSpanDecoder, type SpanDecoder } from '@skein/ingest/decode/decode-spans'
import { createLoad } from './generator.ts'

const START_MS = 1_763_800_000_000
const SPANS_PER_BATCH = 1000

/** Ranges of one partition as a worker gets them, a second of log time apart: each call makes the next. */
export function createRanges(spansPerRange: number): () => DecodeInput[] {
  const load = createLoad({ seed: 1, profile: 'demo', spansPerBatch: SPANS_PER_BATCH, startMs: START_MS, traceGapMs: 0.5 })
  const batchesPerRange = spansPerRange / SPANS_PER_BATCH
  let offset = 0
  return () => {
    const receivedAtMs = START_MS + Math.floor(offset / batchesPerRange) * 1000
    return Array.from({ length: batchesPerRange }, () => {
      const at = { topic: 'skein.traces', partition: 0, offset: offset++, tenant: 'default', keyId: 'bench' }
      return { envelope: { ...at, receivedAtMs, logTimeMs: receivedAtMs, linkedCopy: false }, payload: load.next().bytes }
    })
  }
}

/** A worker's decoder with limits that no span of the load meets. */
export function createDecoder(): SpanDecoder {
  const limits = { pastDays: 7, futureMinutes: 100_000, attributes: 256, keyBytes: 256, valueBytes: 32_768, events: 128, links: 128 }
  return createSpanDecoder({ limits, maxInternedBytes: 1 << 26 })
}
