import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLiteralScan } from './literal-scan.ts'

test('every text that stands there is found, letters of either case being alike', () => {
  const piece = fc.constantFrom('a', 'B', 'b', 'er', ' ', '登', 'é', 'x', '1')
  const text = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), fc.array(text, { maxLength: 5 }), (texts, parts) => {
      const body = Buffer.from(`<<${parts.join('')}>>`)
      const scan = createLiteralScan(texts)
      const found = new Uint32Array(scan.words)
      scan.scan(body, 2, body.length - 2, found)
      const has = texts.map((_, bit) => ((found[bit >>> 5]! >>> (bit & 31)) & 1) === 1)
      const inside = parts.join('').toLowerCase()
      texts.forEach((each, bit) => {
        if (Buffer.from(each).length >= 2) expect(has[bit]).toBe(Buffer.from(inside).includes(Buffer.from(each.toLowerCase())))
        else expect(has[bit]).toBe(true)
      })
    }),
    { numRuns: 300 },
  )
})

test('more texts than there are groups are all found', () => {
  const texts = Array.from({ length: 900 }, (_, at) => `${String.fromCharCode(97 + (at % 26))}${String.fromCharCode(97 + Math.floor(at / 26))}${at}`)
  const scan = createLiteralScan(texts)
  const found = new Uint32Array(scan.words)
  const body = Buffer.from(texts.join(' '))
  scan.scan(body, 0, body.length, found)
  texts.forEach((_, bit) => expect((found[bit >>> 5]! >>> (bit & 31)) & 1).toBe(1))
})
