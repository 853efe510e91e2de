import { likeWords } from '@skein/schemas/filter/body-text'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { literalIn, tokensIn, wholeTokens } from './log-words.ts'

test('tokens of a pattern are those that its `*` cannot make longer', () => {
  const tokens: Record<string, string[]> = {
    '*eset by pe*': ['by'],
    'reset by pe*': ['reset', 'by'],
    '*eset by peer': ['by', 'peer'],
    'reset*peer': [],
    '*魑魅*': ['魑', '魅'],
    '*a登录b*': ['登', '录'],
    'x*x by y*': ['by'],
    '*，*': [],
  }
  for (const [pattern, whole] of Object.entries(tokens)) expect([pattern, wholeTokens(pattern)]).toEqual([pattern, whole])
})

test('every text that a pattern fits has all whole tokens of the pattern', () => {
  const letters = fc.constantFrom('a', 'b', '1', ' ', '_', '.', '登', '录', '，', 'ü')
  const text = fc.string({ unit: letters, maxLength: 12 })
  let fitting = 0
  fc.assert(
    fc.property(text, fc.nat(11), fc.nat(11), fc.array(fc.nat(11), { maxLength: 3 }), (body, start, length, stars) => {
      const part = body.slice(start, start + length + 1).split('')
      for (const at of stars) if (at < part.length) part[at] = '*'
      const pattern = [`*${part.join('')}*`, `*${part.join('')}`, `${part.join('')}*`, part.join('')][stars.length] ?? '*'
      if (pattern.replaceAll('*', '') === '' || !likeWords(body, pattern)) return
      fitting++
      for (const token of wholeTokens(pattern)) expect(tokensIn(body)).toContain(token)
    }),
    { numRuns: 5000 },
  )
  expect(fitting).toBeGreaterThan(500)
})

test('a literal of an expression is looked for where every match has it in lower case, and where it is long enough for an index', () => {
  const literals: Record<string, string> = {
    'Timeout after \\d+ms': 'timeout after ',
    '(?i)TIMEOUT after \\d+ms': 'timeout after ',
    '(?i)desks of \\w+': ' of ',
    '(?i)Über\\d': 'ber',
    '(?i)用户登录\\d': '用户登录',
    'ab\\d': '',
    '登\\d': '登',
    'reset|refused': '',
  }
  for (const [expression, literal] of Object.entries(literals)) expect([expression, literalIn(expression)]).toEqual([expression, literal])
})
