import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openRecord, RECORD_HEADER_BYTES, receivedAtMs, sealRecord, valueChecksum } from './record.ts'

function seal(value: Uint8Array, partition: number, offset: number): Buffer {
  const record = Buffer.alloc(RECORD_HEADER_BYTES + value.length)
  record.set(value, RECORD_HEADER_BYTES)
  sealRecord(record, partition, offset, valueChecksum(value))
  return record
}

const place = [fc.uint8Array({ maxLength: 300 }), fc.nat(1000), fc.maxSafeNat()] as const

test('a sealed record opens to its value under its own key', () => {
  fc.assert(
    fc.property(...place, (value, partition, offset) => {
      expect(openRecord(seal(value, partition, offset), partition, offset)).toEqual(Buffer.from(value))
    }),
  )
})

test('under another key, cut short, or with any one bit flipped it does not open', () => {
  fc.assert(
    fc.property(...place, fc.nat(), (value, partition, offset, bit) => {
      const record = seal(value, partition, offset)
      expect(openRecord(record, partition + 1, offset)).toBeNull()
      expect(openRecord(record, partition, offset === 0 ? 1 : offset - 1)).toBeNull()
      expect(openRecord(record.subarray(0, record.length - 1), partition, offset)).toBeNull()
      const at = bit % (record.length * 8)
      record[at >> 3] = (record[at >> 3] as number) ^ (1 << (at & 7))
      expect(openRecord(record, partition, offset)).toBeNull()
    }),
  )
})

test('what is too short for an envelope has no log time', () => {
  expect(receivedAtMs(new Uint8Array(15))).toBe(0)
})
