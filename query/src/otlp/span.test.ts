import { traceSpan } from '@skein/schemas/api/traces'
import type { SpanRow } from '@skein/store/contract-traces'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeAnyValue, encodeEvent, encodeLink, encodeResource, type Encodable } from '../testing/otlp-encode.ts'
import { decodeAnyValue, decodeResource } from './attributes.ts'
import { traceSpanOf } from './span.ts'
import { decodeEvents, decodeLinks } from './span-parts.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const ROW: SpanRow = {
  spanId: '0102030405060708',
  parentSpanId: '',
  name: 'GET /epg',
  kind: 2,
  status: 2,
  message: 'no',
  service: 'epg',
  scope: 'http',
  startNs: '1795546621411000001',
  durationNs: '9007199254740993',
  resource: 'aaaaaaaaaaaaaaaa',
  attributes: [],
  events: new Uint8Array(0),
  links: new Uint8Array(0),
}

describe('a value of OTLP', () => {
  // Bytes as the protobuf specification has them, so that the encoder of these tests is no witness for the decoder.
  it.each<[string, string, unknown]>([
    ['string', '0a 03 65 70 67', 'epg'],
    ['bool', '10 01', true],
    ['false', '10 00', false],
    ['int', '18 96 01', 150],
    ['negative int', '18 ff ff ff ff ff ff ff ff ff 01', -1],
    ['int beyond 2^53', '18 81 80 80 80 80 80 80 10', '9007199254740993'],
    ['double', '21 00 00 00 00 00 00 e0 3f', 0.5],
    ['NaN', '21 00 00 00 00 00 00 f8 7f', 'NaN'],
    ['-Infinity', '21 00 00 00 00 00 00 f0 ff', '-Infinity'],
    ['bytes', '3a 02 ff 00', '/wA='],
    ['array', '2a 06 0a 04 0a 02 68 69', ['hi']],
    ['empty', '', null],
    ['unknown field, then string', '78 01 0a 01 61', 'a'],
  ])('%s', (_name, bytes, value) => {
    expect(decodeAnyValue(hex(bytes))).toEqual(value)
  })

  it('comes back as it was sent', () => {
    const { value: encodable } = fc.letrec<{ value: Encodable }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.boolean(),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(encodable, (value) => {
        expect(decodeAnyValue(encodeAnyValue(value))).toEqual(value)
      }),
    )
  })

  it('nested without end stops at a depth', () => {
    let bytes: Uint8Array = encodeAnyValue('deep')
    for (let i = 0; i < 500; i++)
      bytes = Buffer.concat([hex('2a'), varintOf(bytes.byteLength + lengthOf(bytes.byteLength) + 1), hex('0a'), varintOf(bytes.byteLength), bytes])
    expect(JSON.stringify(decodeAnyValue(bytes)).length).toBeLessThan(500)
  })

  it('cut or changed anywhere never throws', () => {
    const whole = encodeResource({ a: 'x', b: [1, 2.5, { c: true }], d: new Uint8Array([1, 2]) })
    fc.assert(
      fc.property(fc.nat(whole.byteLength), fc.nat(whole.byteLength - 1), fc.nat(255), (length, at, byte) => {
        const bytes = Buffer.from(whole)
        bytes[at] = byte
        decodeResource(bytes.subarray(0, length))
        decodeEvents(bytes.subarray(0, length))
        decodeLinks(bytes.subarray(0, length))
      }),
    )
  })
})

function lengthOf(value: number): number {
  return varintOf(value).byteLength
}

function varintOf(value: number): Buffer {
  const bytes = []
  let rest = value
  for (; rest > 127; rest >>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}

describe('attributes', () => {
  it('called like parts of objects are keys like any other', () => {
    const read = decodeResource(encodeResource(JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}')))
    expect(JSON.stringify(read)).toBe('{"__proto__":"x","constructor":"y","toString":"z"}')
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })
})

describe('a span', () => {
  it('ends at its start and duration, to the nanosecond', () => {
    expect(traceSpanOf(ROW)).toMatchObject({ startTimeUnixNano: '1795546621411000001', endTimeUnixNano: '1804553820665740994' })
  })

  it('has its events and links in order', () => {
    const events = Buffer.concat([
      encodeEvent({ timeUnixNano: 1_795_546_621_411_000_005n, name: 'exception', attributes: { 'exception.type': 'Error' } }),
      encodeEvent({ timeUnixNano: 1_795_546_621_411_000_009n, name: '重试', attributes: {} }),
    ])
    const links = encodeLink({ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), attributes: { n: 1 } })
    expect(traceSpanOf({ ...ROW, events, links })).toMatchObject({
      events: [
        { timeUnixNano: '1795546621411000005', name: 'exception', attributes: { 'exception.type': 'Error' } },
        { timeUnixNano: '1795546621411000009', name: '重试', attributes: {} },
      ],
      links: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), attributes: { n: 1 } }],
    })
  })

  it('is what the API says it is, with attributes of every type', () => {
    const attributes: SpanRow['attributes'] = [
      ['n', Number.NaN],
      ['list', [1, Infinity, null]],
      ['map', { __proto__: 'x', k: false }],
      ['text', '<script>'],
    ]
    const span = traceSpanOf({ ...ROW, attributes, kind: 77, status: 77 })
    expect(traceSpan.parse(span)).toEqual(span)
    expect(span).toMatchObject({ kind: 'unspecified', status: { code: 'unset' }, attributes: { n: 'NaN', list: [1, 'Infinity', null], text: '<script>' } })
  })
})
