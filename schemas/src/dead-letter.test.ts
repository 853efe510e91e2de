import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEAD_REASONS, decodeDeadLetter, encodeDeadLetter } from './dead-letter.ts'
import { crc32 } from './crc32-for-tests.ts'
import { decodeEnvelope, encodeEnvelope, EnvelopeError } from './envelope.ts'

const letters = fc.record({
  topic: fc.constantFrom('skein.traces', 'skein.outcomes'),
  partition: fc.nat(255),
  offset: fc.maxSafeNat(),
  reason: fc.constantFrom(...DEAD_REASONS),
  tenant: fc.string({ minLength: 1, unit: 'grapheme' }),
  keyId: fc.string(),
  atMs: fc.maxSafeNat(),
  record: fc.uint8Array({ maxLength: 300 }),
})

test('a dead letter comes back as it went in, whatever the record', () => {
  fc.assert(
    fc.property(letters, (letter) => {
      expect(decodeDeadLetter(encodeDeadLetter(letter, crc32), crc32)).toEqual(letter)
    }),
  )
})

test('its batch id is the place of the record and nothing else', () => {
  const idOf = (letter: Parameters<typeof encodeDeadLetter>[0]): string =>
    Buffer.from(decodeEnvelope(encodeDeadLetter(letter, crc32), crc32).requestId).toString('hex')
  fc.assert(
    fc.property(letters, letters, (one, other) => {
      const { topic, partition, offset } = one
      expect(idOf({ ...other, topic, partition, offset })).toBe(idOf(one))
      expect(idOf({ ...one, offset: one.offset === 0 ? 1 : one.offset - 1 })).not.toBe(idOf(one))
      expect(idOf({ ...one, partition: partition + 1 })).not.toBe(idOf(one))
    }),
  )
})

test('other envelopes and damaged heads are refused by name', () => {
  const letter = { topic: 't', partition: 0, offset: 1, reason: 'store', tenant: 'a', keyId: '', atMs: 1, record: Buffer.from('x') } as const
  const { payload, ...header } = decodeEnvelope(encodeDeadLetter(letter, crc32), crc32)
  expect(() => decodeDeadLetter(encodeEnvelope({ ...header, content: 1 }, [payload], crc32), crc32)).toThrow(EnvelopeError)
  expect(() => decodeDeadLetter(encodeEnvelope(header, [Buffer.from([1])], crc32), crc32)).toThrow(EnvelopeError)
  expect(() => decodeDeadLetter(encodeEnvelope(header, [Buffer.from([2, 0, 0, 0]), Buffer.from('{}')], crc32), crc32)).toThrow(EnvelopeError)
})
