import { describe, expect, it } from 'vitest'
import { crc32 } from './crc32-for-tests.ts'
import { Content, createEnvelopeWriter, decodeEnvelope, encodeEnvelope, EnvelopeError, Signal, Source } from './envelope.ts'

const shared = {
  signal: Signal.traces,
  source: Source.grpc,
  receivedAtMs: 1_750_000_000_123,
  requestId: Uint8Array.from({ length: 16 }, (_, i) => i + 240),
  parts: 0xfffe,
  limitsVersion: 0xfffffffe,
  tenant: 'ténant',
  keyId: 'key',
}

describe('an envelope', () => {
  it('says what was written, whatever lay in the memory before, and touches nothing around it', () => {
    const writer = createEnvelopeWriter(shared, crc32)
    const memory = new Uint8Array(400).fill(0xaa)
    const part = { content: Content.linkedCopy, part: 0xfffd, records: 0xfffffffc }
    const { end, crc32: whole } = writer.write(memory, 50, part, { bytes: 5, write: (out, at) => out.fill(3, at, at + 5) })
    expect(end).toBe(50 + writer.overheadBytes + 5)
    expect(decodeEnvelope(memory.subarray(50, end), crc32)).toEqual({ ...shared, ...part, payload: new Uint8Array(5).fill(3) })
    expect(whole).toBe(crc32(memory.subarray(50, end)))
    expect(memory.subarray(0, 50).every((byte) => byte === 0xaa)).toBe(true)
    expect(memory.subarray(end).every((byte) => byte === 0xaa)).toBe(true)
  })

  it('is the same bytes whether written in place or encoded alone', () => {
    const part = { content: Content.otlp, part: 1, records: 2 }
    const payload = [Uint8Array.of(1, 2), Uint8Array.of(3)]
    const alone = encodeEnvelope({ ...shared, ...part }, payload, crc32)
    const writer = createEnvelopeWriter(shared, crc32)
    const memory = new Uint8Array(alone.length)
    writer.write(memory, 0, part, { bytes: 3, write: (out, at) => out.set([1, 2, 3], at) })
    expect(memory).toEqual(alone)
  })

  it('that lost or changed a byte is refused', () => {
    const bytes = encodeEnvelope({ ...shared, content: Content.otlp, part: 0, records: 1 }, [new Uint8Array(9)], crc32)
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at]! ^= 1
      expect(() => decodeEnvelope(changed, crc32)).toThrow(EnvelopeError)
    }
    expect(() => decodeEnvelope(bytes.subarray(0, -1), crc32)).toThrow(EnvelopeError)
  })

  it('needs a tenant and a request id of 16 bytes', () => {
    expect(() => createEnvelopeWriter({ ...shared, tenant: '' }, crc32)).toThrow(EnvelopeError)
    expect(() => createEnvelopeWriter({ ...shared, requestId: new Uint8Array(15) }, crc32)).toThrow(EnvelopeError)
  })
})
