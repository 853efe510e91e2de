import fc from 'fast-check'
import { ATTRIBUTE_SLOTS, SemanticSlot, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import { describe, expect, test } from 'vitest'
import type { DecodedBatch } from './batch-arrays.ts'
import { createSpanDecoder } from './decode-spans.ts'
import { SLACK_BYTES } from './payload-memory.ts'
import {
  batchEnvelope,
  DECODER_OPTIONS,
  decodeRequest,
  encodeMessage,
  encodeRequest,
  type OracleAny,
  type OraclePair,
  type OracleSpan,
  OtlpRequest,
  otlpRequest,
  RECEIVED_AT_MS,
} from './oracle-for-tests.ts'
import { slotTuple } from './span-batch.ts'

const MS = 1_000_000n
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')

/** A row of a batch in the words of the oracle. */
function readRow(batch: DecodedBatch, row: number): Record<string, unknown> {
  const text = (starts: Int32Array, ends: Int32Array): string => (starts[row]! < 0 ? '' : batch.bytes.toString('utf8', starts[row], ends[row]))
  const attributes = []
  for (let i = batch.attributeFrom[row]!; i < batch.attributeTo[row]!; i++) {
    const [keyStart, keyEnd, field, start, end] = batch.attributes.subarray(i * 5, i * 5 + 5)
    attributes.push([batch.bytes.toString('utf8', keyStart, keyEnd), field, hex(batch.bytes.subarray(start, end))])
  }
  const messages = (from: Int32Array, to: Int32Array, ranges: Int32Array): string[] =>
    Array.from({ length: to[row]! - from[row]! }, (_, i) => hex(batch.bytes.subarray(ranges[(from[row]! + i) * 2], ranges[(from[row]! + i) * 2 + 1])))
  return {
    traceId: hex(batch.bytes.subarray(batch.traceId[row], batch.traceId[row]! + 16)),
    spanId: hex(batch.bytes.subarray(batch.spanId[row], batch.spanId[row]! + 8)),
    parentId: batch.parentId[row]! < 0 ? '' : hex(batch.bytes.subarray(batch.parentId[row], batch.parentId[row]! + 8)),
    name: text(batch.nameStart, batch.nameEnd),
    traceState: text(batch.traceStateStart, batch.traceStateEnd),
    message: text(batch.messageStart, batch.messageEnd),
    kind: batch.kind[row],
    status: batch.status[row],
    startNs: (BigInt(batch.start[row * 2 + 1]!) << 32n) | BigInt(batch.start[row * 2]!),
    durationNs: batch.durationNs[row],
    flags: batch.flags[row],
    attributes,
    events: messages(batch.eventFrom, batch.eventTo, batch.events),
    links: messages(batch.linkFrom, batch.linkTo, batch.links),
    scope: batch.scopes[batch.scope[row]!],
    service: batch.resources[batch.resource[row]!]?.service,
  }
}

/** The same of the oracle's span. */
function expectedRow(span: OracleSpan, context: { scope: string; service: string }): Record<string, unknown> {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentId: /^0*$/.test(hex(span.parentSpanId)) ? '' : hex(span.parentSpanId),
    name: span.name ?? '',
    traceState: span.traceState ?? '',
    message: span.status?.message ?? '',
    kind: known(span.kind, 5),
    status: known(span.status?.code, 2),
    ...expectedTimes(BigInt(span.startTimeUnixNano ?? 0), BigInt(span.endTimeUnixNano ?? 0)),
    attributes: span.attributes.map(expectedAttribute),
    events: span.events.map((event) => messageHex('Event', event)),
    links: span.links.map((link) => messageHex('Link', link)),
    ...context,
  }
}

function known(value: number | undefined, last: number): number {
  return value === undefined || value < 0 || value > last ? 0 : value
}

function expectedTimes(start: bigint, end: bigint): Record<string, unknown> {
  const received = BigInt(RECEIVED_AT_MS) * MS
  const outside = start < received - 7n * 86_400_000n * MS || start > received + 600_000n * MS
  return {
    startNs: outside ? received : start,
    durationNs: end < start ? 0 : Math.min(Number(end - start), 2 ** 63),
    flags: (outside ? 1 : 0) | (end < start ? 2 : 0),
  }
}

function messageHex(type: string, message: object): string {
  return hex(encodeMessage(type, message))
}

function expectedAttribute({ key, value }: OraclePair): unknown[] {
  const [name, content] = Object.entries(value ?? {})[0] ?? []
  if (name === undefined) return [key ?? '', 0, '']
  const field = OtlpRequest.root.lookupType('AnyValue').fields[name]!.id
  const wire = messageHex('AnyValue', { [name]: content } as OracleAny)
  // Without its tag and, for what has one, its length.
  const scalar = [2, 3, 4].includes(field)
  let skip = 2
  if (!scalar) while (Number.parseInt(wire.slice(skip, skip + 2), 16) > 0x7f) skip += 2
  return [key ?? '', field, wire.slice(scalar ? 2 : skip + 2)]
}

describe('decodeSpans', () => {
  test('reads what protobufjs reads, whatever the request', () => {
    const decoder = createSpanDecoder(DECODER_OPTIONS)
    fc.assert(
      fc.property(fc.array(otlpRequest, { minLength: 1, maxLength: 3 }), (requests) => {
        const payloads = requests.map(encodeRequest)
        const { batch, malformed } = decoder.decode(payloads.map((payload) => ({ envelope: batchEnvelope(), payload })))
        const expected = payloads.map(decodeRequest).flatMap(({ resourceSpans }) =>
          resourceSpans.flatMap(({ resource, scopeSpans }) => {
            const named = resource?.attributes.findLast(({ key }) => key === 'service.name')?.value?.stringValue
            const service = named === undefined || named === '' ? 'unknown_service' : named
            return scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => expectedRow(span, { scope: scope?.name ?? '', service })))
          }),
        )
        expect(malformed).toEqual([])
        expect(Array.from({ length: batch.length }, (_, row) => readRow(batch, row))).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('a damaged payload leaves nothing behind and harms no other', () => {
    const decoder = createSpanDecoder(DECODER_OPTIONS)
    fc.assert(
      fc.property(otlpRequest, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 }), otlpRequest, (request, flips, other) => {
        const damaged = encodeRequest(request)
        for (const [at, byte] of flips) if (damaged.length > 0) damaged[at % damaged.length] = byte
        const whole = encodeRequest(other)
        const envelope = batchEnvelope()
        const alone = decoder.decode([{ envelope, payload: whole }]).batch
        const rows = Array.from({ length: alone.length }, (_, row) => readRow(alone, row))
        const { batch } = decoder.decode([
          { envelope, payload: damaged },
          { envelope, payload: whole },
        ])
        const after = Array.from({ length: batch.length }, (_, row) => row).filter((row) => batch.envelope[row] === 1)
        expect(after.map((row) => readRow(batch, row))).toEqual(rows)
      }),
      { numRuns: 300 },
    )
  })

  test('payloads that lie in one memory are read where they lie, and are what copies of them are', () => {
    fc.assert(
      fc.property(otlpRequest, otlpRequest, fc.nat(100), (first, second, before) => {
        const payloads = [encodeRequest(first), encodeRequest(second)]
        const memory = Buffer.from(new ArrayBuffer(before + payloads.reduce((sum, { length }) => sum + length, SLACK_BYTES))).fill(0xff)
        let at = before
        const lying = payloads.map((payload) => {
          memory.set(payload, at)
          at += payload.length
          return memory.subarray(at - payload.length, at)
        })
        const envelope = batchEnvelope()
        const rowsOf = (of: readonly Uint8Array[]): unknown[] => {
          const { batch, malformed } = createSpanDecoder(DECODER_OPTIONS).decode(of.map((payload) => ({ envelope, payload })))
          return [malformed, ...Array.from({ length: batch.length }, (_, row) => readRow(batch, row))]
        }
        expect(rowsOf(lying)).toEqual(rowsOf(payloads))
      }),
      { numRuns: 100 },
    )
  })

  test('a cut payload is malformed or shorter, never more', () => {
    const decoder = createSpanDecoder(DECODER_OPTIONS)
    const whole = encodeRequest(oneSpan({ attributes: [{ key: 'k', value: { stringValue: 'v' } }] }))
    for (let length = 1; length < whole.length; length++) {
      const { batch, malformed } = decoder.decode([{ envelope: batchEnvelope(), payload: whole.subarray(0, length) }])
      expect([batch.length, malformed]).toEqual([0, [0]])
    }
  })

  test('a message sent in pieces is one message, in any order of its fields', () => {
    const decoder = createSpanDecoder(DECODER_OPTIONS)
    const resource = (key: string, value: string): Uint8Array =>
      encodeRequest({ resourceSpans: [{ resource: { attributes: [{ key, value: { stringValue: value } }] }, scopeSpans: [] }] })
    const inner = (request: Uint8Array): Buffer => Buffer.from(request).subarray(2)
    const spans = inner(encodeRequest({ resourceSpans: [{ scopeSpans: oneSpan({}).resourceSpans[0]!.scopeSpans }] }))
    const joined = Buffer.concat([inner(resource('service.name', 'shop')), spans, inner(resource('k8s.namespace.name', 'prod'))])
    const { batch } = decoder.decode([{ envelope: batchEnvelope(), payload: Buffer.concat([Buffer.from([0x0a, joined.length]), joined]) }])
    expect(batch.length).toBe(1)
    expect(batch.resources[batch.resource[0]!]).toMatchObject({ service: 'shop', namespace: 'prod' })
  })

  test('a scope behind its spans is their scope', () => {
    const decoder = createSpanDecoder(DECODER_OPTIONS)
    const scopeSpans = OtlpRequest.root.lookupType('ScopeSpans')
    const { spans } = oneSpan({ attributes: [{ key: 'peer.service', value: { stringValue: 'a' } }] }).resourceSpans[0]!.scopeSpans[0]!
    const encode = (message: object): Uint8Array => scopeSpans.encode(scopeSpans.fromObject(message)).finish()
    const joined = Buffer.concat([encode({ spans }), encode({ scope: { name: 'late' } })])
    const payload = Buffer.concat([Buffer.from([0x0a, joined.length + 2, 0x12, joined.length]), joined])
    const { batch } = decoder.decode([{ envelope: batchEnvelope(), payload }])
    expect([batch.length, batch.scopes[batch.scope[0]!]]).toEqual([1, 'late'])
    expect(slotTuple(batch, 0, SemanticSlot.peerService, SLOT_COUNT)).toBe(0)
  })

  test('every attribute with a meaning is found, and the newer name of two wins', () => {
    const decoder = createSpanDecoder(DECODER_OPTIONS)
    for (const [name, slot] of ATTRIBUTE_SLOTS) {
      const others = ATTRIBUTE_SLOTS.filter(([, same]) => same === slot).map(([other]) => other)
      const names = [...others].reverse()
      const attributes = names.map((key) => ({ key, value: { stringValue: key } }))
      const { batch } = decoder.decode([{ envelope: batchEnvelope(), payload: encodeRequest(oneSpan({ attributes })) }])
      expect(names[slotTuple(batch, 0, slot, SLOT_COUNT)]).toBe(others[0])
      const alone = decoder.decode([
        { envelope: batchEnvelope(), payload: encodeRequest(oneSpan({ attributes: [{ key: name, value: { intValue: '7' } }] })) },
      ]).batch
      expect(Array.from(alone.slots.subarray(0, SLOT_COUNT)).map((tuple) => tuple - 1)[slot]).toBe(0)
    }
  })

  test('ids of a wrong length make the payload malformed', () => {
    const decoder = createSpanDecoder(DECODER_OPTIONS)
    for (const wrong of [{ traceId: new Uint8Array(15) }, { spanId: new Uint8Array(0) }, { parentSpanId: new Uint8Array(7) }]) {
      expect(decoder.decode([{ envelope: batchEnvelope(), payload: encodeRequest(oneSpan(wrong)) }]).malformed).toEqual([0])
    }
  })

  test('what is beyond the limits is cut, between characters', () => {
    const limits = { ...DECODER_OPTIONS.limits, attributes: 2, keyBytes: 4, valueBytes: 4, events: 1, links: 1 }
    const decoder = createSpanDecoder({ ...DECODER_OPTIONS, limits })
    const event = { timeUnixNano: '1', name: 'e', attributes: [] }
    const link = { traceId: new Uint8Array(16), spanId: new Uint8Array(8), traceState: '', attributes: [] }
    const attributes = [
      { key: 'länge', value: { stringValue: 'aébcd' } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'abcdef' }] } } },
      { key: 'b', value: { bytesValue: new Uint8Array(9) } },
      { key: 'c', value: { boolValue: true } },
    ]
    const { batch } = decoder.decode([
      { envelope: batchEnvelope(), payload: encodeRequest(oneSpan({ attributes, events: [event, event], links: [link, link] })) },
    ])
    const row = readRow(batch, 0)
    expect(row['attributes']).toEqual([
      ['län', 1, hex(Buffer.from('aéb'))],
      ['b', 7, '00000000'],
    ])
    expect([(row['events'] as string[]).length, (row['links'] as string[]).length]).toEqual([1, 1])
  })

  test('the same resource is the same object in every batch, and its fingerprint is its bytes alone', () => {
    const payload = encodeRequest(oneSpan({}))
    const decoders = [createSpanDecoder(DECODER_OPTIONS), createSpanDecoder(DECODER_OPTIONS)]
    const [first, again, other] = [decoders[0]!, decoders[0]!, decoders[1]!].map((decoder) => {
      const { batch } = decoder.decode([{ envelope: batchEnvelope(), payload }])
      return batch.resources[batch.resource[0]!]!
    })
    expect(again).toBe(first)
    expect(other).toEqual(first)
    expect(Buffer.from(first!.fingerprint).readBigUInt64LE().toString(16).padStart(16, '0')).toBe(first!.fingerprintHex)
  })

  test('interned names do not grow without end', () => {
    const decoder = createSpanDecoder({ ...DECODER_OPTIONS, maxInternedBytes: 10_000 })
    let most = 0
    for (let round = 0; round < 50; round++) {
      const attributes = Array.from({ length: 50 }, (_, i) => ({ key: `key-${round}-${i}`, value: { intValue: '1' } }))
      const { batch } = decoder.decode([{ envelope: batchEnvelope(), payload: encodeRequest(oneSpan({ attributes })) }])
      most = Math.max(most, batch.keyCount)
    }
    expect(most).toBeLessThan(1000)
  })
})

function oneSpan(more: Partial<OracleSpan>): Parameters<typeof encodeRequest>[0] {
  const span = {
    traceId: new Uint8Array(16).fill(1),
    spanId: new Uint8Array(8).fill(2),
    startTimeUnixNano: String(BigInt(RECEIVED_AT_MS) * MS),
    endTimeUnixNano: String(BigInt(RECEIVED_AT_MS) * MS + 5n),
    ...more,
  } as OracleSpan
  return { resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }, scopeSpans: [{ spans: [span] }] }] }
}
