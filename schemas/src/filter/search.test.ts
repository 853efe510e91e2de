import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { faultOf } from '../fault.ts'
import { readSearch } from '../filter.ts'
import { hasPhrase, likePattern, likeWords } from './body-text.ts'
import { compileSearch } from './compile.ts'
import type { FieldValue, Search } from './tree.ts'

const line: Record<string, FieldValue> = {
  body: 'Payment 4711 for user_id=42 failed: connection.reset by peer，用户登录失败 at 12:30:45 (HTTP 503)',
  severity: 17,
  service: 'payments-eu',
  trace_id: '00000000000000000000000000000123',
  'http.route': '/api/v1/pay',
  'http.status_code': 503,
  'odd key': 'a b',
  cached: true,
}

function searchOf(text: string): Search | null {
  const read = readSearch(text)
  if (!read.ok) throw new Error(`${read.error.message} at ${read.error.column}`)
  return read.search
}

const holds = (text: string, record = line): boolean =>
  compileSearch(searchOf(text), (source) => {
    const regex = new RegExp(source.replace('(?i)', ''), source.startsWith('(?i)') ? 'i' : '')
    return (value) => regex.test(value)
  })((name) => record[name])

describe('a search', () => {
  it.each([
    ['', true],
    ['payment', true],
    ['PAYMENT failed', true],
    ['pay', false],
    ['pay*', true],
    ['*ment', true],
    ['*ymen*', true],
    ['pay*failed', true],
    ['pay*fail', false],
    ['reset', true],
    ['user_id', true],
    ['登录', true],
    ['登录失败 -退出', true],
    ['"connection.reset by"', true],
    ['"connection.reset b"', false],
    ['12:30:45', true],
    ['12:30', true],
    ['*', true],
    ['/user_id=\\d+/', true],
    ['/PEER/', false],
    ['/peer/i', true],
    ['-/nobody/', true],
    ['failed OR nothing', true],
    ['nothing OR never', false],
    ['(nothing OR failed) -cached:true', false],
    ['NOT nothing', true],
    ['not nothing', false],
    ['not cached:true', false],
    ['severity>=warn', true],
    ['severity:error', true],
    ['severity:error2', false],
    ['severity!=error', false],
    ['severity<=warn', false],
    ['severity>error', false],
    ['severity:*', true],
    ['service:payments-*', true],
    ['service:Payments-*', false],
    ['service:payments', false],
    ['service!=payments*', false],
    ['service:(epg OR payments-eu)', true],
    ['service:(epg OR "drm")', false],
    ['http.route:/api/v1/pay', true],
    ['http.route:/^.api/', true],
    ['http.route!=/^.api/', false],
    ['http.status_code>=500', true],
    ['http.status_code:>=500', true],
    ['http.status_code:503', true],
    ['"odd key":"a b"', true],
    ['traceId:00000000000000000000000000000123', true],
    ['trace_id:123', false],
    ['missing:*', false],
    ['-missing:*', true],
    ['body:payment', true],
    ['body="payment"', false],
    ['cached:true failed', true],
  ])('%s → %s', (text, expected) => {
    expect(holds(text)).toBe(expected)
  })

  it('is a tree that says which field is meant', () => {
    expect(searchOf('boom -"not found" OR severity>=warn url:http://a/b?c=d')).toEqual({
      or: [
        {
          and: [{ field: 'body', op: 'has', value: 'boom' }, { not: { field: 'body', op: 'has', value: 'not found' } }],
        },
        {
          and: [
            { field: 'severity', op: '>=', value: 13 },
            { field: 'url', op: '=', value: 'http://a/b?c=d' },
          ],
        },
      ],
    })
    expect(searchOf('severity:info /a\\/b/i')).toEqual({
      and: [
        {
          and: [
            { field: 'severity', op: '>=', value: 9 },
            { field: 'severity', op: '<=', value: 12 },
          ],
        },
        { field: 'body', op: 'matches', value: '(?i)a\\/b' },
      ],
    })
    expect(searchOf('  ')).toBeNull()
  })

  it.each([
    ['error: refused', 7, 'right behind it'],
    ['service:', 9, 'needs a value'],
    ['severity>=loud', 11, 'no severity'],
    ['took>fast', 6, 'compares numbers'],
    ['severity:/err/', 10, 'by name or number'],
    ['took>/x/', 6, 'not patterns'],
    ['trace_id>5', 10, 'equal or not'],
    ['"open', 1, 'never closed'],
    ['a ""', 3, 'empty'],
    ['/a|b', 1, 'never closed'],
    ['x -/a[b', 3, 'never closed'],
    ['(a OR', 6, 'missing'],
    ['a OR OR b', 6, 'expected, not OR'],
    ['a)', 2, 'never opened'],
    ['service:(a b)', 12, 'OR is expected'],
    ['service:(a OR b', 9, 'never closed'],
    ['done!', 5, '! is not expected'],
    ['a '.repeat(201), 401, '200 conditions'],
    ['a'.repeat(4001), 4001, '4000 characters'],
  ])('%s is refused at column %i: %s', (text, column, message) => {
    const read = readSearch(text)
    expect(read).toMatchObject({ ok: false, error: { column } })
    if (!read.ok) expect(read.error.message).toContain(message)
  })

  it('says of an expression what its engine has against it, where it stands', () => {
    const fault = faultOf('regex_looks_around', { example: '-/…/' })
    const check = (source: string) => (source.includes('(?=') ? { ...fault, column: source.indexOf('(?=') + 1 } : null)
    expect(readSearch('a body:/x(?=y)/', check)).toEqual({ ok: false, error: { ...fault, column: 10 } })
    expect(readSearch('/x(?=y)/i', check)).toEqual({ ok: false, error: { ...fault, column: 3 } })
    expect(readSearch('/x/ /y/i', check).ok).toBe(true)
  })
})

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '0', ' ', '.', '登', '*'), maxLength: 8 })

test('words and patterns mean what the expressions mean that the store runs for them', () => {
  const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const bounded = (text: string, begins: boolean, ends: boolean): string =>
    `${begins && /^[a-z0-9]/.test(text) ? '(?<![a-z0-9])' : ''}${text.split('*').map(escaped).join('[^]*')}${ends && /[a-z0-9]$/.test(text) ? '(?![a-z0-9])' : ''}`
  fc.assert(
    fc.property(letters, letters, (text, pattern) => {
      fc.pre(pattern !== '')
      const plain = pattern.replaceAll('*', '')
      if (plain !== '') expect(hasPhrase(text, plain)).toBe(new RegExp(bounded(plain, true, true)).test(text))
      expect(likeWords(text, pattern)).toBe(new RegExp(bounded(pattern, true, true)).test(text))
      expect(likePattern(text, pattern)).toBe(new RegExp(`^${pattern.split('*').map(escaped).join('[^]*')}$`).test(text))
    }),
  )
})

test('any text is read or refused inside itself', () => {
  const piece = fc.constantFrom('a', '"', '(', ')', ':', '-', '/', '*', ' ', 'OR', 'NOT', '>=', '=', 'severity', 'warn', '登录', '\\', '!', '[', '1')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('')
      const read = readSearch(text)
      if (!read.ok) {
        expect(read.error.column).toBeGreaterThanOrEqual(1)
        expect(read.error.column).toBeLessThanOrEqual(text.length + 1)
      }
    }),
  )
})
