import { joinCrc32 } from './crc32-join.ts'

/**
 * One bus record = one envelope: a header and the raw OTLP bytes of one tenant and partition.
 *
 * Version 1, little-endian:
 *
 * | offset | size | field |
 * |---|---|---|
 * | 0 | 4 | magic `SKN1` |
 * | 4 | 1 | version, 1 |
 * | 5 | 1 | signal, `Signal` |
 * | 6 | 1 | content kind, `Content` |
 * | 7 | 1 | source, `Source` |
 * | 8 | 8 | received at, Unix ms, unsigned |
 * | 16 | 16 | request id |
 * | 32 | 2 | part of the request, from 0 |
 * | 34 | 2 | parts of the request |
 * | 36 | 4 | records (spans, …) |
 * | 40 | 4 | limits version |
 * | 44 | 2 | tenant bytes |
 * | 46 | 2 | key id bytes |
 * | 48 | 4 | payload bytes |
 * | 52 | 4 | CRC-32 (IEEE, as zlib) of everything else: bytes 0–52, then 56 to the end |
 * | 56 | … | tenant, key id (both UTF-8), payload |
 *
 * Batch id = request id + part: ingest counts a repeated batch id once.
 */
export const ENVELOPE_HEADER_BYTES = 56
const CHECKSUM_AT = 52
const MAGIC = 0x314e4b53
const VERSION = 1

export const Signal = { traces: 1, logs: 2, metrics: 3, device: 4, outcomes: 5 } as const
export type Signal = (typeof Signal)[keyof typeof Signal]
/** `otlp`: an OTLP export request. `linkedCopy`: the same, for pairing only, never a row. `heartbeat`: no payload, log time passes. `json`: JSON text. `deadLetter`: `dead-letter.ts`. */
export const Content = { otlp: 1, linkedCopy: 2, heartbeat: 3, json: 4, deadLetter: 5 } as const
export type Content = (typeof Content)[keyof typeof Content]
export const Source = { grpc: 1, httpProtobuf: 2, httpJson: 3, internal: 4 } as const
export type Source = (typeof Source)[keyof typeof Source]

export interface EnvelopeHeader {
  signal: Signal
  content: Content
  source: Source
  receivedAtMs: number
  /** 16 bytes. */
  requestId: Uint8Array
  part: number
  parts: number
  records: number
  limitsVersion: number
  tenant: string
  keyId: string
}

export interface Envelope extends EnvelopeHeader {
  /** A view into the bytes that were read. */
  payload: Uint8Array
}

/** `crc32(bytes, start value)`, as `node:zlib` has it. */
export type Crc32 = (bytes: Uint8Array, value?: number) => number

export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
}

const text = new TextEncoder()
const untext = new TextDecoder('utf-8', { fatal: true })

/** A payload that is written in place. `write` fills exactly `bytes` bytes of `out` from `at` on. */
export interface PayloadWriter {
  bytes: number
  write(out: Uint8Array, at: number): void
}

/** What differs between the envelopes of one request. */
export type EnvelopePart = Pick<EnvelopeHeader, 'content' | 'part' | 'records'>

export interface WrittenEnvelope {
  /** Where it ends. */
  end: number
  /** CRC-32 of all its bytes, its own checksum among them. */
  crc32: number
}

/** Writes the envelopes of one request into memory of the caller's. */
export interface EnvelopeWriter {
  /** Bytes of an envelope beside its payload. */
  readonly overheadBytes: number
  /** Fills `overheadBytes` + `payload.bytes` bytes of `out` from `at` on. */
  write(out: Uint8Array, at: number, part: EnvelopePart, payload: PayloadWriter): WrittenEnvelope
}

export function createEnvelopeWriter(header: Omit<EnvelopeHeader, keyof EnvelopePart>, crc32: Crc32): EnvelopeWriter {
  const prefix = encodePrefix(header)
  return {
    overheadBytes: prefix.length,
    write(out, at, part, payload) {
      const end = at + prefix.length + payload.bytes
      out.set(prefix, at)
      out[at + 6] = part.content
      writeUint16(out, at + 32, part.part)
      writeUint32(out, at + 36, part.records)
      writeUint32(out, at + 48, payload.bytes)
      payload.write(out, at + prefix.length)
      const start = crc32(out.subarray(at, at + CHECKSUM_AT))
      const checksum = crc32(out.subarray(at + ENVELOPE_HEADER_BYTES, end), start)
      writeUint32(out, at + CHECKSUM_AT, checksum)
      // The rest behind both starts is the same, so that it need not be read again for the sum of the whole.
      const header = crc32(out.subarray(at + CHECKSUM_AT, at + ENVELOPE_HEADER_BYTES), start)
      return { end, crc32: joinCrc32(start ^ header, checksum, end - at - ENVELOPE_HEADER_BYTES) }
    },
  }
}

/** Joins header and payload into one buffer. */
export function encodeEnvelope(header: EnvelopeHeader, payload: readonly Uint8Array[], crc32: Crc32): Uint8Array {
  const whole = joined(payload)
  const writer = createEnvelopeWriter(header, crc32)
  const out = new Uint8Array(writer.overheadBytes + whole.bytes)
  writer.write(out, 0, header, whole)
  return out
}

/** Header, tenant and key id; what differs by part is left 0. */
function encodePrefix(header: Omit<EnvelopeHeader, keyof EnvelopePart>): Uint8Array {
  const tenant = text.encode(header.tenant)
  const keyId = text.encode(header.keyId)
  if (tenant.length === 0 || tenant.length > 0xffff || keyId.length > 0xffff) throw new EnvelopeError('tenant or key id is empty or too long')
  if (header.requestId.length !== 16) throw new EnvelopeError('a request id has 16 bytes')
  const out = new Uint8Array(ENVELOPE_HEADER_BYTES + tenant.length + keyId.length)
  writeUint32(out, 0, MAGIC)
  out[4] = VERSION
  out[5] = header.signal
  out[7] = header.source
  writeUint32(out, 8, header.receivedAtMs % 0x100000000)
  writeUint32(out, 12, Math.floor(header.receivedAtMs / 0x100000000))
  out.set(header.requestId, 16)
  writeUint16(out, 34, header.parts)
  writeUint32(out, 40, header.limitsVersion)
  writeUint16(out, 44, tenant.length)
  writeUint16(out, 46, keyId.length)
  out.set(tenant, ENVELOPE_HEADER_BYTES)
  out.set(keyId, ENVELOPE_HEADER_BYTES + tenant.length)
  return out
}

function writeUint16(out: Uint8Array, at: number, value: number): void {
  out[at] = value
  out[at + 1] = value >>> 8
}

function writeUint32(out: Uint8Array, at: number, value: number): void {
  out[at] = value
  out[at + 1] = value >>> 8
  out[at + 2] = value >>> 16
  out[at + 3] = value >>> 24
}

function joined(parts: readonly Uint8Array[]): PayloadWriter {
  let bytes = 0
  for (const part of parts) bytes += part.length
  return {
    bytes,
    write(out, from) {
      let at = from
      for (const part of parts) {
        out.set(part, at)
        at += part.length
      }
    },
  }
}

/** Throws `EnvelopeError` for anything that is not a whole, undamaged envelope of a known version. Without `crc32` whoever gave the bytes has seen that they are those written. */
export function decodeEnvelope(bytes: Uint8Array, crc32: Crc32 | null): Envelope {
  if (bytes.length < ENVELOPE_HEADER_BYTES) throw new EnvelopeError(`envelope of ${bytes.length} bytes is shorter than its header`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw new EnvelopeError('envelope does not start with SKN1')
  if (bytes[4] !== VERSION) throw new EnvelopeError(`envelope version ${bytes[4]} is not known to this version of Skein`)
  const tenantEnd = ENVELOPE_HEADER_BYTES + view.getUint16(44, true)
  const keyEnd = tenantEnd + view.getUint16(46, true)
  const end = keyEnd + view.getUint32(48, true)
  if (end !== bytes.length) throw new EnvelopeError(`envelope says ${end} bytes and has ${bytes.length}`)
  if (crc32 !== null && view.getUint32(CHECKSUM_AT, true) !== checksum(bytes, crc32)) throw new EnvelopeError('envelope checksum does not match')
  return {
    signal: bytes[5] as Signal,
    content: bytes[6] as Content,
    source: bytes[7] as Source,
    receivedAtMs: view.getUint32(8, true) + view.getUint32(12, true) * 0x100000000,
    requestId: bytes.subarray(16, 32),
    part: view.getUint16(32, true),
    parts: view.getUint16(34, true),
    records: view.getUint32(36, true),
    limitsVersion: view.getUint32(40, true),
    tenant: untext.decode(bytes.subarray(ENVELOPE_HEADER_BYTES, tenantEnd)),
    keyId: untext.decode(bytes.subarray(tenantEnd, keyEnd)),
    payload: bytes.subarray(keyEnd, end),
  }
}

function checksum(bytes: Uint8Array, crc32: Crc32): number {
  return crc32(bytes.subarray(ENVELOPE_HEADER_BYTES), crc32(bytes.subarray(0, CHECKSUM_AT)))
}
