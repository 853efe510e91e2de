import { describe, expect, it } from 'vitest'
import { readFilter, satisfies } from './filter.ts'
import type { FieldValue, Filter } from './filter/tree.ts'

const fields: Record<string, FieldValue> = { stall_ms: 0, watch_ms: 600_000, 'http.route': '/epg', code: '503', cached: true, empty: '' }

function filterOf(text: string): Filter {
  const read = readFilter(text)
  if (!read.ok) throw new Error(`${read.error.message} at ${read.error.column}`)
  return read.filter
}

describe('a filter', () => {
  it.each([
    ['stall_ms = 0 and watch_ms >= 600000', true],
    ['stall_ms=0 watch_ms>600000', false],
    ['http.route:/epg', true],
    ['http.route:"/epg" -cached:true', false],
    ['code >= 500', true],
    ['code = 503.0', true],
    ['missing = 1', false],
    ['missing != 1', true],
    ['missing > 1 or not (stall_ms > 0)', true],
    ['missing:*', false],
    ['empty:*', true],
    ['empty = 0', false],
    ['stall_ms > -1 AND NOT missing:*', true],
    ['http.route > 1', false],
  ])('%s → %s', (text, holds) => {
    expect(satisfies(filterOf(text), (name) => fields[name])).toBe(holds)
  })

  it('is a tree in which and binds before or', () => {
    expect(filterOf('a:1 or b:2 c != x')).toEqual({
      or: [
        { field: 'a', op: '=', value: 1 },
        {
          and: [
            { field: 'b', op: '=', value: 2 },
            { field: 'c', op: '!=', value: 'x' },
          ],
        },
      ],
    })
  })

  it.each([
    ['', 1, 'empty'],
    ['stall_ms', 9, 'needs a comparison'],
    ['stall_ms =', 11, 'needs a value'],
    ['a > many', 5, 'compares numbers, and many is none'],
    ['(a:1', 1, 'never closed'],
    ['a:1)', 4, 'never opened'],
    ['a:"x', 3, 'quotation is never closed'],
    ['a:1 and', 8, 'a condition is missing'],
    ['a:1 or or b:2', 8, 'a field name is expected, not or'],
    ['a ! b', 3, '! is not expected'],
    ['('.repeat(30) + 'a:1' + ')'.repeat(30), 21, 'deep'],
    ['a:1 '.repeat(300), 1001, '1000 characters'],
  ])('%s is refused at column %i: %s', (text, column, message) => {
    const read = readFilter(text)
    expect(read).toMatchObject({ ok: false, error: { column } })
    if (!read.ok) expect(read.error.message).toContain(message)
  })
})
