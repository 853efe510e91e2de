import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from './crc32-for-tests.ts'
import { joinCrc32 } from './crc32-join.ts'

test('the checksum of two runs, joined, is that of all their bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      expect(joinCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(Buffer.concat([first, second])))
    }),
  )
})

test.each([1 << 16, 899_999, (1 << 20) + 1])('a second run may have %i bytes', (length) => {
  const first = Uint8Array.of(1, 2, 3)
  const second = new Uint8Array(length).map((_, index) => index * 7)
  expect(joinCrc32(crc32(first), crc32(second), length)).toBe(crc32(Buffer.concat([first, second])))
})
