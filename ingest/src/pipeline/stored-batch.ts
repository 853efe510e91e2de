import { createSpanDecoder, type SpanDecoder } from '../decode/decode-spans.ts'
import type { DecodeInput } from '../decode/payload-memory.ts'
import type { DecodeLimits } from '../decode/decode-state.ts'
import type { StoredSpans } from '../topology/look-up.ts'
import type { FoundSpans } from './found-spans.ts'

/** Stored spans start when their rows say, however long ago that is. */
const ANY_DAYS = 100_000

/** Gives stored spans back their meaning, with a decoder of its own: that of new spans still holds theirs. */
export function createStoredReader(options: { limits: DecodeLimits; maxInternedBytes: number }): (found: FoundSpans) => StoredSpans {
  let decoder: SpanDecoder | null = null
  return ({ asked, homes, cut, requests }) => {
    decoder ??= createSpanDecoder({ ...options, limits: { ...options.limits, pastDays: ANY_DAYS, futureMinutes: ANY_DAYS * 1440 } })
    const inputs = requests.map(
      ({ tenant, partition, copies, payload }): DecodeInput => ({ envelope: { ...NOWHERE, tenant, partition, linkedCopy: copies }, payload }),
    )
    const { batch, malformed } = decoder.decode(inputs)
    const kept = requests.filter((_, i) => !malformed.includes(i))
    return {
      batch,
      arrivedByMs: kept.flatMap(({ arrivedByMs }) => [...arrivedByMs]),
      weights: kept.flatMap(({ weights }) => [...weights]),
      asked: new Set(asked),
      homes: new Set(homes),
      cut: new Set(cut),
    }
  }
}

const NOWHERE = { topic: '', offset: 0, keyId: '', receivedAtMs: 0, logTimeMs: 0 }
