import { describe, expect, it } from 'vitest'
import { createFormat } from '../../../format/format.ts'
import { readLogQuery } from '../../url.ts'
import { linesSearch, valueText } from './metric-look.ts'

describe('a metric from log lines', () => {
  it('leads to the lines that made it: what the rule wants, with the values of the series', () => {
    const of = { groupBy: ['service', 'http.route'], values: ['nginx', '/a "b"'], folded: 0 }
    expect(linesSearch('GET OR POST', of)).toBe('(GET OR POST) service:nginx http.route:"/a \\"b\\""')
    expect(linesSearch('', { ...of, values: ['nginx', ''] })).toBe('service:nginx -http.route:*')
    expect(linesSearch('GET', { ...of, values: ['nginx', 'other'], folded: 3 })).toBe('(GET) service:nginx')
    expect(linesSearch('GET', { ...of, values: ['nginx', 'other'] })).toBe('(GET) service:nginx http.route:other')
    expect(linesSearch('GET', { groupBy: [], values: [], folded: 0 })).toBe('GET')
    expect(readLogQuery(linesSearch('GET OR POST', of))).toEqual({ ok: true })
  })

  it('is told with its unit', () => {
    const format = createFormat({ language: 'en', timeZone: 'UTC' })
    expect(valueText(format, 'p95', 's')(0.25)).toBe('250 ms')
    expect(valueText(format, 'sum', 'By')(2048)).toBe('2 KiB')
    expect(valueText(format, 'sum', '{order}')(12)).toBe('12 order')
    expect(valueText(format, 'avg', null)(-1.5)).toBe('-1.50')
    expect(valueText(format, 'count', 's')(12)).toBe('12')
    expect(valueText(format, 'rate', 's')(2)).toBe('2/s')
  })
})
