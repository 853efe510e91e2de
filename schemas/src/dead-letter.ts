import { Content, decodeEnvelope, encodeEnvelope, type Crc32, EnvelopeError, Signal, Source } from './envelope.ts'
import { Topic } from './topics.ts'
import { z } from 'zod'

/**
 * `envelope`: the record's envelope cannot be read. `payload`: its payload is not what the envelope says. `signal`: a signal or content that this
 * topic does not have. `store`: the store refused its rows for good. `rule`: a rule that redacts failed on lines of it; its other lines came through.
 */
export const DEAD_REASONS = ['envelope', 'payload', 'signal', 'store', 'rule'] as const
export type DeadReason = (typeof DEAD_REASONS)[number]

/** Where a dead letter lay, why nothing came of it, and the record as it was. */
export interface DeadLetter {
  topic: string
  partition: number
  offset: number
  reason: DeadReason
  tenant: string
  keyId: string
  /** Log time, Unix ms. */
  atMs: number
  /** A view into the bytes that were read. */
  record: Uint8Array
}

const head = z.strictObject({
  v: z.literal(1),
  topic: z.string(),
  partition: z.int().nonnegative(),
  offset: z.int().nonnegative(),
  reason: z.enum(DEAD_REASONS),
})
const text = new TextEncoder()
const untext = new TextDecoder('utf-8', { fatal: true })

/**
 * An envelope of content `deadLetter`: 4 bytes length of a JSON head (little-endian), the head, the record. Its batch id is a function of where the
 * record lay, so a letter written again after a crash is known by it.
 */
export function encodeDeadLetter(letter: DeadLetter, crc32: Crc32): Uint8Array {
  const { topic, partition, offset, reason, tenant, keyId, atMs, record } = letter
  const json = text.encode(JSON.stringify({ v: 1, topic, partition, offset, reason } satisfies z.infer<typeof head>))
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, json.length, true)
  const requestId = new Uint8Array(16)
  const id = new DataView(requestId.buffer)
  id.setUint32(0, crc32(text.encode(topic)), true)
  id.setUint32(4, partition, true)
  id.setFloat64(8, offset, true)
  const header = {
    signal: topic === Topic.logs ? Signal.logs : Signal.traces,
    content: Content.deadLetter,
    source: Source.internal,
    receivedAtMs: atMs,
    requestId,
    part: 0,
    parts: 1,
    records: 1,
  }
  return encodeEnvelope({ ...header, limitsVersion: 1, tenant, keyId }, [length, json, record], crc32)
}

/** Throws `EnvelopeError` for bytes that are no dead letter. */
export function decodeDeadLetter(bytes: Uint8Array, crc32: Crc32): DeadLetter {
  const { content, payload, tenant, keyId, receivedAtMs } = decodeEnvelope(bytes, crc32)
  if (content !== Content.deadLetter || payload.length < 4) throw new EnvelopeError('not a dead letter')
  const end = 4 + new DataView(payload.buffer, payload.byteOffset).getUint32(0, true)
  const { v: _, ...position } = readHead(payload.subarray(4, end))
  return { ...position, tenant, keyId, atMs: receivedAtMs, record: payload.subarray(end) }
}

function readHead(json: Uint8Array): z.infer<typeof head> {
  try {
    return head.parse(JSON.parse(untext.decode(json)))
  } catch (error) {
    throw new EnvelopeError(`a dead letter's head cannot be read: ${String(error)}`)
  }
}
