import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeAttribute, decodeRest, encodeAttribute, encodeRest, ESCAPE, searchedPairs, SEPARATOR } from './attribute-text.ts'
import type { StoredValue } from './contract-terms.ts'

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('\x1d', '\x1e', '=', '#', '?', ':', '0', 'k') }))
const value: fc.Arbitrary<StoredValue> = fc.oneof(
  text,
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }).map((x) => x + 0),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.record({ a: text, b: fc.maxSafeInteger() }),
)

test('an attribute is read back as written, with its type, a whole number that may not be exact as its text', () => {
  const expectedOf = (each: StoredValue): StoredValue => {
    const isInexact = typeof each === 'number' && Number.isInteger(each) && !Number.isSafeInteger(each) && !String(each).includes('e')
    return isInexact ? String(each) : Object.is(each, -0) ? 0 : each
  }
  fc.assert(
    fc.property(text, value, (key, each) => {
      expect(decodeAttribute(encodeAttribute(key, each))).toEqual([key, expectedOf(each)])
    }),
    { examples: [['', -(2 ** 53)]] },
  )
})

test('rest gives back its pairs, none when empty, and no pair holds a separator', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, value), { maxLength: 5 }), (attributes) => {
      const pairs = attributes.map(([key, each]) => encodeAttribute(key, each))
      for (const pair of pairs) expect(pair).not.toContain(SEPARATOR)
      expect(decodeRest(encodeRest(pairs))).toEqual(pairs)
    }),
  )
  expect(encodeRest([])).toBe('')
})

test('the form is what the law says', () => {
  expect(encodeAttribute('http.route', '/a=b')).toBe('http.route=/a=b')
  expect(encodeAttribute('a:b', `x${SEPARATOR}y`)).toBe(`a${ESCAPE}5b=x${ESCAPE}1y`)
  expect(encodeAttribute('n', -7)).toBe('n#-7')
  expect(encodeAttribute('n', Number.NaN)).toBe('n#NaN')
  expect(encodeAttribute('b', true)).toBe('b?true')
  expect(encodeAttribute('l', ['x', 1])).toBe('l:["x",1]')
  expect(encodeAttribute('e', null)).toBe('e:null')
  expect(encodeRest(['a=1', 'b=2'])).toBe('\x1ea=1\x1eb=2\x1e')
  expect(decodeAttribute('raw:[{"$bytes":"AQI="}]')).toEqual(['raw', ['AQI=']])
  expect(decodeAttribute('big#9223372036854775807')).toEqual(['big', '9223372036854775807'])
})

test('a search finds a value whatever its type', () => {
  fc.assert(
    fc.property(text, fc.oneof(text, fc.maxSafeInteger(), fc.double({ noNaN: true }), fc.boolean()), (key, each) => {
      expect(searchedPairs(key, String(each))).toContain(encodeAttribute(key, each))
    }),
  )
  expect(searchedPairs('k', '9223372036854775807')).toContain('k#9223372036854775807')
  expect(searchedPairs('k', 'x')).toEqual(['k=x'])
})
