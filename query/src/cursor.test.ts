import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor, questionHash } from './cursor.ts'

const WINDOW = { startMs: 60_000, endMs: 120_000 }

describe('a cursor', () => {
  it('gives back what it was made of to the same question', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 })), (after, parameters) => {
        const question = questionHash(parameters)
        expect(decodeCursor(encodeCursor(question, WINDOW, after), question)).toEqual({ window: WINDOW, after })
      }),
    )
  })

  it('is refused by another question', () => {
    const cursor = encodeCursor(questionHash({ service: 'epg' }), WINDOW, 'x')
    expect(() => decodeCursor(cursor, questionHash({ service: 'play' }))).toThrow(/^cursor: belongs to another question/)
  })

  it('that nobody made is refused, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (cursor) => {
          expect(() => decodeCursor(cursor, questionHash({}))).toThrow(/^cursor: /)
        },
      ),
    )
  })

  it('of a time that nobody means is refused', () => {
    const forged = encodeCursor(questionHash({}), { startMs: 0, endMs: Number.MAX_SAFE_INTEGER }, 'x')
    expect(() => decodeCursor(forged, questionHash({}))).toThrow(/^cursor: is not a cursor/)
  })

  it('too long to be one is refused without being read', () => {
    expect(() => decodeCursor('A'.repeat(100_000), questionHash({}))).toThrow(/^cursor: is not a cursor/)
  })

  it('does not depend on the page size, on itself, or on the order of parameters', () => {
    expect(questionHash({ a: '1', b: ['x', 'y'], limit: 5, cursor: 'z', c: undefined })).toBe(questionHash({ b: ['x', 'y'], a: '1', limit: 50 }))
    expect(questionHash({ a: '1', b: '2' })).not.toBe(questionHash({ a: '2', b: '1' }))
  })
})
