import type { SpanRow } from '@skein/store/contract-traces'
import { describe, expect, it } from 'vitest'
import { encodeEvent, encodeLink } from '../testing/otlp-encode.ts'
import type { WholeTrace } from './read-traces.ts'
import { jaegerTraceOf } from './trace.ts'

const TRACE = '0123456789abcdef0123456789abcdef'
const ROW: SpanRow = {
  spanId: '00000000000000aa',
  parentSpanId: '',
  name: 'GET /epg',
  kind: 2,
  status: 0,
  message: '',
  service: 'epg',
  scope: '',
  startNs: '1485467191639875999',
  durationNs: '5999',
  resource: 'f1',
  attributes: [],
  events: new Uint8Array(0),
  links: new Uint8Array(0),
}

const WHOLE: WholeTrace = { traceId: TRACE, spans: [], resources: new Map(), warnings: [] }

describe('a trace as Jaeger shows it', () => {
  it('has the shape that Jaeger answers, with every field, in µs', () => {
    const resources = new Map([['f1', { 'service.name': 'epg', 'k8s.pod.name': 'epg-1', cores: 4 }]])
    expect(
      jaegerTraceOf({
        ...WHOLE,
        spans: [ROW, { ...ROW, spanId: '00000000000000bb', parentSpanId: '00000000000000aa', kind: 0, resource: 'f2', service: 'db' }],
        resources,
      }),
    ).toEqual({
      traceID: TRACE,
      spans: [
        {
          traceID: TRACE,
          spanID: '00000000000000aa',
          operationName: 'GET /epg',
          references: [],
          startTime: 1_485_467_191_639_875,
          duration: 5,
          tags: [{ key: 'span.kind', type: 'string', value: 'server' }],
          logs: [],
          processID: 'p1',
          warnings: null,
        },
        {
          traceID: TRACE,
          spanID: '00000000000000bb',
          operationName: 'GET /epg',
          references: [{ refType: 'CHILD_OF', traceID: TRACE, spanID: '00000000000000aa' }],
          startTime: 1_485_467_191_639_875,
          duration: 5,
          tags: [],
          logs: [],
          processID: 'p2',
          warnings: null,
        },
      ],
      processes: {
        p1: {
          serviceName: 'epg',
          tags: [
            { key: 'k8s.pod.name', type: 'string', value: 'epg-1' },
            { key: 'cores', type: 'int64', value: 4 },
          ],
        },
        p2: { serviceName: 'db', tags: [] },
      },
      warnings: null,
    })
  })

  it('has status, scope and kind as tags beside the attributes, each of its type', () => {
    const attributes: SpanRow['attributes'] = [
      ['text', 'x'],
      ['yes', true],
      ['count', 7],
      ['ratio', 0.5],
      ['large', '9223372036854775807'],
      ['list', [1, 'a']],
      ['map', { a: 1 }],
      ['none', null],
      ['endless', Number.POSITIVE_INFINITY],
    ]
    const [span] = jaegerTraceOf({ ...WHOLE, spans: [{ ...ROW, status: 2, message: 'too "late"', scope: 'my-lib', attributes }] }).spans
    expect(span?.tags.map(({ key, type, value }) => [key, type, value])).toEqual([
      ['otel.scope.name', 'string', 'my-lib'],
      ['text', 'string', 'x'],
      ['yes', 'bool', true],
      ['count', 'int64', 7],
      ['ratio', 'float64', 0.5],
      ['large', 'string', '9223372036854775807'],
      ['list', 'string', '[1,"a"]'],
      ['map', 'string', '{"a":1}'],
      ['none', 'string', ''],
      ['endless', 'string', 'Infinity'],
      ['span.kind', 'string', 'server'],
      ['otel.status_code', 'string', 'ERROR'],
      ['error', 'bool', true],
      ['otel.status_description', 'string', 'too "late"'],
    ])
  })

  it('has events as logs and links as references after the parent', () => {
    const events = Buffer.concat([
      encodeEvent({ timeUnixNano: 1_485_467_191_639_876_500n, name: 'exception', attributes: { 'exception.type': 'E' } }),
      encodeEvent({ timeUnixNano: 1_485_467_191_639_877_500n, name: 'named', attributes: { event: 'its own' } }),
    ])
    const links = encodeLink({ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), attributes: {} })
    const [span] = jaegerTraceOf({ ...WHOLE, spans: [{ ...ROW, parentSpanId: '00000000000000cc', events, links }] }).spans
    expect(span?.references).toEqual([
      { refType: 'CHILD_OF', traceID: TRACE, spanID: '00000000000000cc' },
      { refType: 'FOLLOWS_FROM', traceID: 'f'.repeat(32), spanID: 'e'.repeat(16) },
    ])
    expect(span?.logs).toEqual([
      {
        timestamp: 1_485_467_191_639_876,
        fields: [
          { key: 'event', type: 'string', value: 'exception' },
          { key: 'exception.type', type: 'string', value: 'E' },
        ],
      },
      { timestamp: 1_485_467_191_639_877, fields: [{ key: 'event', type: 'string', value: 'its own' }] },
    ])
  })
})
