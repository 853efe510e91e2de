import fc from 'fast-check'
import protobuf from 'protobufjs'
import type { BatchEnvelope } from './span-batch.ts'

/** OTLP traces as protobufjs knows them: the independent decoder that ours is compared with. */
const PROTO = `syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; fixed32 flags = 6; }
message Status { string message = 2; int32 code = 3; }
message Span { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
  repeated Event events = 11; repeated Link links = 13; Status status = 15; fixed32 flags = 16;
  string unknown_text = 900; fixed32 unknown_number = 901; int64 unknown_varint = 17; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; string unknown_text = 77; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Request { repeated ResourceSpans resource_spans = 1; fixed64 unknown_number = 50; }`

export const OtlpRequest = protobuf.parse(PROTO, { keepCase: false }).root.lookupType('Request')

export interface OracleAny {
  stringValue?: string
  boolValue?: boolean
  intValue?: string
  doubleValue?: number
  arrayValue?: { values: OracleAny[] }
  kvlistValue?: { values: OraclePair[] }
  bytesValue?: Uint8Array
}
export interface OraclePair {
  key: string
  value?: OracleAny
}
export interface OracleSpan {
  traceId: Uint8Array
  spanId: Uint8Array
  traceState: string
  parentSpanId: Uint8Array
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: OraclePair[]
  events: { timeUnixNano: string; name: string; attributes: OraclePair[] }[]
  links: { traceId: Uint8Array; spanId: Uint8Array; traceState: string; attributes: OraclePair[] }[]
  status: { message: string; code: number }
}
export interface OracleRequest {
  resourceSpans: { resource?: { attributes: OraclePair[] }; scopeSpans: { scope?: { name: string; version: string }; spans: OracleSpan[] }[] }[]
}

export const RECEIVED_AT_MS = 1_763_800_000_000

export const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
export const text = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 100, maxLength: 300 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('\x1d', '\x1e', '=', '#', '?', ':', 'a'), maxLength: 10 }) },
)
const key = fc.oneof(
  text,
  fc.constantFrom('http.method', 'http.request.method', 'db.system', 'db.system.name', 'peer.service', 'service.peer.name', 'session.id', 'a', 'b'),
)
const nano = fc.oneof(
  fc.bigInt({ min: BigInt(RECEIVED_AT_MS - 3_600_000) * 1_000_000n, max: BigInt(RECEIVED_AT_MS + 500_000) * 1_000_000n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
)

export const { any } = fc.letrec<{ any: OracleAny }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant({}),
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.oneof(fc.integer().map(String), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)) }),
    fc.record({ doubleValue: fc.double().map((x) => (x === 0 ? 0 : x)) }),
    fc.record({ bytesValue: fc.uint8Array({ maxLength: 10 }) }),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('any'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(fc.record({ key, value: tie('any') }), { maxLength: 3 }) }) }),
  ),
}))
export const pairs = fc.array(fc.record({ key, value: any }), { maxLength: 8 })

const span = fc.record({
  traceId: fc.oneof(bytes(16), fc.constant(new Uint8Array(16).fill(7))),
  spanId: bytes(8),
  traceState: fc.oneof(fc.constant(''), text),
  parentSpanId: fc.oneof(fc.constant(new Uint8Array(0)), fc.constant(new Uint8Array(8)), bytes(8)),
  name: text,
  kind: fc.integer({ min: -1, max: 7 }),
  startTimeUnixNano: nano.map(String),
  endTimeUnixNano: nano.map(String),
  attributes: pairs,
  events: fc.array(fc.record({ timeUnixNano: nano.map(String), name: text, attributes: pairs }), { maxLength: 3 }),
  links: fc.array(fc.record({ traceId: bytes(16), spanId: bytes(8), traceState: text, attributes: pairs }), { maxLength: 2 }),
  status: fc.record({ message: text, code: fc.integer({ min: -1, max: 4 }) }),
})
const known = fc.record({ unknownText: text, unknownNumber: fc.nat(), unknownVarint: fc.constant('-1') })

/** A request of any shape, with fields that are not ours in the middle of it. */
export const otlpRequest: fc.Arbitrary<OracleRequest> = fc.record({
  resourceSpans: fc.array(
    fc.record(
      {
        resource: fc.record({ attributes: pairs }),
        scopeSpans: fc.array(
          fc.record(
            {
              scope: fc.record({ name: text, version: text }),
              spans: fc.array(
                fc.tuple(span, known).map(([a, b]) => ({ ...a, ...b })),
                { maxLength: 4 },
              ),
              unknownText: text,
            },
            { requiredKeys: ['spans'] },
          ),
          { maxLength: 3 },
        ),
        schemaUrl: text,
      },
      { requiredKeys: ['scopeSpans'] },
    ),
    { maxLength: 3 },
  ),
  unknownNumber: fc.nat().map(String),
}) as fc.Arbitrary<OracleRequest>

export function encodeRequest(request: OracleRequest): Uint8Array {
  return OtlpRequest.encode(OtlpRequest.fromObject(request)).finish()
}

export function encodeMessage(type: string, message: object): Uint8Array {
  const found = OtlpRequest.root.lookupType(type)
  return found.encode(found.fromObject(message)).finish()
}

/** What protobufjs reads from the bytes, with defaults for what is absent. */
export function decodeRequest(payload: Uint8Array): OracleRequest {
  return OtlpRequest.toObject(OtlpRequest.decode(payload), { longs: String, arrays: true }) as OracleRequest
}

export function batchEnvelope(more: Partial<BatchEnvelope> = {}): BatchEnvelope {
  return {
    topic: 'skein.traces',
    partition: 0,
    offset: 0,
    tenant: 'default',
    keyId: 'key',
    receivedAtMs: RECEIVED_AT_MS,
    logTimeMs: RECEIVED_AT_MS,
    linkedCopy: false,
    ...more,
  }
}

export const DECODER_OPTIONS = {
  limits: { pastDays: 7, futureMinutes: 10, attributes: 256, keyBytes: 4096, valueBytes: 32_768, logBodyBytes: 262_144, events: 128, links: 128 },
  maxInternedBytes: 1 << 20,
}
