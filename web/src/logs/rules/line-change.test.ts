import type { LineState } from '@skein/schemas/api/log-rules'
import { describe, expect, it } from 'vitest'
import { changesOf } from './line-change.ts'

const line: LineState = {
  time: '2026-01-01T00:00:00Z',
  service: 'gate',
  severity: 9,
  severityText: 'INFO',
  body: 'a',
  traceId: null,
  spanId: null,
  attributes: { a: 1, b: 'x' },
}

describe('what a rule did to a line', () => {
  it('is told by field: changed, new and gone; what stayed is not', () => {
    expect(changesOf(line, { ...line, body: '***', traceId: 'f', attributes: { a: 1, c: [1] } })).toEqual([
      { field: 'body', before: 'a', after: '***' },
      { field: 'traceId', before: null, after: 'f' },
      { field: 'b', before: 'x', after: null },
      { field: 'c', before: null, after: '[1]' },
    ])
    expect(changesOf(line, { ...line, attributes: { ...line.attributes } })).toEqual([])
  })
})
