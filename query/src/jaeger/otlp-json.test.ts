import type { SpanRow } from '@skein/store/contract-traces'
import { expect, it } from 'vitest'
import { encodeEvent, encodeLink } from '../testing/otlp-encode.ts'
import { resourceSpansOf } from './otlp-json.ts'

const TRACE = '0123456789abcdef0123456789abcdef'

it('writes every field of a span in OTLP/JSON, and what is to be told into the first span', () => {
  const row: SpanRow = {
    spanId: '00000000000000aa',
    parentSpanId: '',
    name: 'GET /epg',
    kind: 2,
    status: 2,
    message: 'too late',
    service: 'epg',
    scope: 'my-lib',
    startNs: '1485467191639875999',
    durationNs: '1',
    resource: 'f1',
    attributes: [
      ['text', 'x'],
      ['yes', true],
      ['count', 7],
      ['ratio', 0.5],
      ['huge', 1e300],
      ['list', ['a', 1]],
      ['map', { a: null }],
    ],
    events: encodeEvent({ timeUnixNano: 5n, name: 'retry', attributes: { 节目: '新闻' } }),
    links: encodeLink({ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), attributes: {} }),
  }
  const other = {
    ...row,
    spanId: '00000000000000bb',
    parentSpanId: row.spanId,
    resource: 'f2',
    service: 'db',
    scope: '',
    attributes: [],
    status: 0,
    message: '',
  }
  const resources = new Map([['f1', { 'service.name': 'epg', cores: 4 }]])
  expect(resourceSpansOf({ traceId: TRACE, spans: [row, other], resources, warnings: ['cut'] })).toEqual([
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { stringValue: 'epg' } },
          { key: 'cores', value: { intValue: '4' } },
        ],
      },
      scopeSpans: [
        {
          scope: { name: 'my-lib' },
          spans: [
            {
              traceId: TRACE,
              spanId: '00000000000000aa',
              parentSpanId: '',
              name: 'GET /epg',
              kind: 2,
              startTimeUnixNano: '1485467191639875999',
              endTimeUnixNano: '1485467191639876000',
              attributes: [
                { key: 'text', value: { stringValue: 'x' } },
                { key: 'yes', value: { boolValue: true } },
                { key: 'count', value: { intValue: '7' } },
                { key: 'ratio', value: { doubleValue: 0.5 } },
                { key: 'huge', value: { doubleValue: 1e300 } },
                { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } } },
                { key: 'map', value: { kvlistValue: { values: [{ key: 'a', value: {} }] } } },
                { key: '@jaeger@warnings', value: { arrayValue: { values: [{ stringValue: 'cut' }] } } },
              ],
              events: [{ timeUnixNano: '5', name: 'retry', attributes: [{ key: '节目', value: { stringValue: '新闻' } }] }],
              links: [{ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), attributes: [] }],
              status: { code: 2, message: 'too late' },
            },
          ],
        },
      ],
    },
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'db' } }] },
      scopeSpans: [
        {
          scope: { name: '' },
          spans: [expect.objectContaining({ spanId: '00000000000000bb', parentSpanId: '00000000000000aa', attributes: [], status: { code: 0, message: '' } })],
        },
      ],
    },
  ])
})
