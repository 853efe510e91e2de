import type { SemanticSlot } from '@skein/schemas/semantic-conventions'
import type { SpanNames } from '../facts/span-names.ts'

/**
 * The spans of one worker batch as a struct of arrays: what `decodeSpans` fills and everything behind it reads.
 * Rows 0 … length−1 are in log order (partition by partition, offset by offset). No object per span.
 * Text stays in `bytes`; a `…Start`/`…End` pair is a byte range of it, and start −1 means absent.
 */
export interface SpanBatch {
  /** All payloads of the batch, one after the other. */
  bytes: Buffer
  length: number
  /** Row → index into `envelopes`. */
  envelope: Int32Array
  envelopes: BatchEnvelope[]
  /** Row → index into `resources`. */
  resource: Int32Array
  resources: BatchResource[]
  /** Row → index into `scopes`. */
  scope: Int32Array
  scopes: string[]
  /** Offsets of the 16, 8 and 8 id bytes; parent −1 for a root. */
  traceId: Int32Array
  spanId: Int32Array
  parentId: Int32Array
  nameStart: Int32Array
  nameEnd: Int32Array
  traceStateStart: Int32Array
  traceStateEnd: Int32Array
  /** OTLP span kind 0–5 and status code 0–2. */
  kind: Uint8Array
  status: Uint8Array
  messageStart: Int32Array
  messageEnd: Int32Array
  /** Start in µs since 1970 (¼ µs exact), and duration in ns (never negative). */
  startUs: Float64Array
  durationNs: Float64Array
  /** Row → range of `attributes` (in tuples). */
  attributeFrom: Int32Array
  attributeTo: Int32Array
  /** Five numbers a tuple: key start, key end, AnyValue field number (0 = empty), value start, value end. Varint, bool and double values are their wire bytes. */
  attributes: Int32Array
  /** `slots[row * SLOT_COUNT + slot]` = tuple index + 1 of the attribute with that meaning, 0 = absent. */
  slots: Int32Array
  /** Row → range of `events` and `links`, two numbers each: the byte range of the message. */
  eventFrom: Int32Array
  eventTo: Int32Array
  events: Int32Array
  linkFrom: Int32Array
  linkTo: Int32Array
  links: Int32Array
  /** Eight words a row, little-endian: 4 of the trace id, 2 of the span id, 2 of the parent id (0, 0 for a root). */
  ids: Int32Array
  /** Two words a row, low first: start in ns since 1970, exact, after clock limits were applied. */
  start: Uint32Array
  /** What a span says of itself, in the bits of `Flag`. */
  facts: Int32Array
  /** Its name as a text of `names`, and what it calls the node that it calls as a peer of `names` (−1 = unnamed). */
  operation: Int32Array
  peer: Int32Array
  /** Of a server span: the text of the address at which it was called, where that may be an IP; else −1. */
  address: Int32Array
  /** Two words a row: hash of the session or user; 0, 0 = none. */
  viewer: Int32Array
  names: SpanNames
  /** Bit 1: start replaced by received time (past or future limit). Bit 2: end before start. */
  flags: Uint8Array
}

export interface BatchEnvelope {
  topic: string
  partition: number
  offset: number
  tenant: string
  keyId: string
  receivedAtMs: number
  /** Running maximum of received-at in this partition: log time. */
  logTimeMs: number
  /** True for a marked copy: pairing only, never a row. */
  linkedCopy: boolean
}

/** A resource, interned per worker: the same attributes are the same object in every batch. */
export interface BatchResource {
  /** 64-bit fingerprint of the attributes as 8 bytes, and as 16 hex digits. */
  fingerprint: Uint8Array
  fingerprintHex: string
  service: string
  namespace: string
  environment: string
  cluster: string
  /** `service.instance.id`, else pod, host, or empty. */
  instance: string
  version: string
  /** `k8s.pod.ip`, `host.ip`: to resolve addresses at read time. */
  addresses: string[]
  /** OTLP bytes of the Resource message, own copy. */
  bytes: Uint8Array
}

export function slotTuple(batch: SpanBatch, row: number, slot: SemanticSlot, slotCount: number): number {
  return (batch.slots[row * slotCount + slot] ?? 0) - 1
}
