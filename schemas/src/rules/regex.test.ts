import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OverrunError, readRegex, type SafeRegex } from './regex.ts'
import { literalOf } from './regex-literal.ts'

const enough = () => ({ left: 1e9 })
function regexOf(source: string): SafeRegex {
  const read = readRegex(source)
  if (!read.ok) throw new Error(read.message)
  return read.regex
}

test('what cannot be done in bounded time is refused with the reason and the column', () => {
  expect(readRegex('ab(?=c)')).toMatchObject({ ok: false, column: 3, message: expect.stringContaining('looks around') as string })
  expect(readRegex('(a)\\1')).toMatchObject({ ok: false, column: 4, message: expect.stringContaining('refers back') as string })
  for (const source of ['(a{1000}){1000}', '((a{99}){99}){9}', '[', 'a'.repeat(1025), '(?P<a>x)(?P<a>y)']) expect(readRegex(source).ok).toBe(false)
})

test('expressions that ruin other engines take time in proportion to the text', () => {
  const text = 'a'.repeat(50_000)
  for (const source of ['(a+)+$', '(a|a)*b', '(.*)*x', '(a|aa)+$', '([a-z]+)*\\d']) {
    const started = performance.now()
    regexOf(source).test(text, enough())
    expect(performance.now() - started).toBeLessThan(2000)
  }
})

test('a text that would take longer than it may is not begun, and the same text always costs the same', () => {
  const regex = regexOf('(?P<n>a+)b')
  expect(() => regex.groups(`${'a'.repeat(1000)}b`, { left: 100 })).toThrow(OverrunError)
  const [one, two] = [enough(), enough()]
  regex.groups('aab', one)
  regex.groups('aab', two)
  expect(one).toEqual(two)
})

test('groups come by name, also by names of the language', () => {
  const groups = regexOf('(?P<a>x)(?P<__proto__>y)?(?P<c>z)?').groups('xy', enough())
  expect([...(groups ?? [])]).toEqual([
    ['a', 'x'],
    ['__proto__', 'y'],
  ])
})

test('all places are replaced, and empty matches are none', () => {
  expect(regexOf('\\d+').replaceAll('a1b22c', (found) => `<${found}>`, enough())).toBe('a<1>b<22>c')
  expect(regexOf('x*').replaceAll('axxb', () => '-', enough())).toBe('a-b')
})

test('a literal is in every text that matches', () => {
  expect(
    [
      'abc\\d+defg',
      'a?bc',
      'ab*',
      'x|y',
      '(?i)abc',
      '[abc]de',
      'a\\.b',
      '\\x41b',
      'a{2}b',
      '[]a]bcd',
      '[[:alpha:]]xyz',
      'ab+c',
      '(abcdef)gh',
      '中文.*错误',
    ].map(literalOf),
  ).toEqual(['defg', 'bc', 'a', '', '', 'de', 'a.b', '', 'b', 'bcd', 'xyz', 'ab', 'gh', '中文'])
  const piece = fc.constantFrom('a', 'b', '.', 'a*', 'b?', '[ab]', '[^a]', '(ab)', '(a|b)', '\\.', '\\d', 'a+', 'a{0,2}', '\\b', '^', '中')
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '1', '中'), maxLength: 12 })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.array(text, { minLength: 5, maxLength: 20 }), (pieces, texts) => {
      const regex = regexOf(pieces.join(''))
      for (const each of texts) if (regex.test(each, enough())) expect(each).toContain(regex.literal)
    }),
    { numRuns: 300 },
  )
})
