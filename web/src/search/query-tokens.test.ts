import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queryTokens } from './query-tokens.ts'

const kinds = (text: string) => queryTokens(text).flatMap((token) => (token.kind === 'plain' ? [] : [`${token.kind} ${token.text}`]))

describe('the colours of a search', () => {
  it('tell fields, operators and quoted text apart', () => {
    expect(kinds('service:drm duration>=5')).toEqual(['field service', 'operator :', 'field duration', 'operator >='])
    expect(kinds('"a b" -x:"y" OR /re+/')).toEqual(['text "a b"', 'operator -', 'field x', 'operator :', 'text "y"', 'operator OR', 'text /re+/'])
    expect(kinds('a-b')).toEqual([])
  })

  it('lose no character and keep columns, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const tokens = queryTokens(text)
        expect(tokens.map((token) => token.text).join('')).toBe(text)
        let column = 1
        for (const token of tokens) {
          expect(token.column).toBe(column)
          column += token.text.length
        }
      }),
    )
  })
})
