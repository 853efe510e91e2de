import fc from 'fast-check'
import protobuf from 'protobufjs'
import { bytes, type OracleAny, type OraclePair, pairs, any, RECEIVED_AT_MS, text } from '../decode/oracle-for-tests.ts'

/** OTLP logs as protobufjs knows them. */
const PROTO = `syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message LogRecord { fixed64 time_unix_nano = 1; fixed64 observed_time_unix_nano = 11; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5;
  repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10; string event_name = 12; string unknown_text = 900; }
message ScopeLogs { Scope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
message Request { repeated ResourceLogs resource_logs = 1; fixed64 unknown_number = 50; }`
const LogsRequest = protobuf.parse(PROTO, { keepCase: false }).root.lookupType('Request')

export interface OracleLog {
  timeUnixNano?: string
  observedTimeUnixNano?: string
  severityNumber?: number
  severityText?: string
  body?: OracleAny
  attributes?: OraclePair[]
  flags?: number
  traceId?: Uint8Array
  spanId?: Uint8Array
  eventName?: string
}
export interface OracleLogs {
  resourceLogs: { resource?: { attributes: OraclePair[] }; scopeLogs: { scope?: { name: string }; logRecords: OracleLog[] }[] }[]
}

const nano = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: BigInt(RECEIVED_AT_MS - 3_600_000) * 1_000_000n, max: BigInt(RECEIVED_AT_MS + 500_000) * 1_000_000n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
)
const log = fc.record(
  {
    timeUnixNano: nano.map(String),
    observedTimeUnixNano: nano.map(String),
    severityNumber: fc.integer({ min: -1, max: 30 }),
    severityText: fc.oneof(fc.constantFrom('INFO', 'warning', 'Error', 'FATAL2', 'DEBUG', ''), text),
    body: fc.oneof({ weight: 4, arbitrary: text.map((stringValue) => ({ stringValue })) }, any),
    attributes: pairs,
    flags: fc.nat(255),
    traceId: fc.oneof(bytes(16), bytes(8), fc.constant(new Uint8Array(16)), fc.constant(new Uint8Array(0))),
    spanId: fc.oneof(bytes(8), fc.constant(new Uint8Array(8)), bytes(16)),
    eventName: fc.oneof(fc.constant(''), text),
    unknownText: text,
  },
  { requiredKeys: [] },
)

/** A request of any shape. */
export const logsRequest: fc.Arbitrary<OracleLogs> = fc.record({
  resourceLogs: fc.array(
    fc.record(
      {
        resource: fc.record({ attributes: pairs }),
        scopeLogs: fc.array(
          fc.record({ scope: fc.record({ name: text, version: text }), logRecords: fc.array(log, { maxLength: 4 }) }, { requiredKeys: ['logRecords'] }),
          {
            maxLength: 3,
          },
        ),
      },
      { requiredKeys: ['scopeLogs'] },
    ),
    { maxLength: 3 },
  ),
  unknownNumber: fc.nat().map(String),
})

export function encodeLogs(request: OracleLogs): Uint8Array {
  return LogsRequest.encode(LogsRequest.fromObject(request)).finish()
}

/** What protobufjs reads from the bytes, with defaults for what is absent. */
export function decodeOracleLogs(payload: Uint8Array): OracleLogs {
  return LogsRequest.toObject(LogsRequest.decode(payload), { longs: String, arrays: true }) as OracleLogs
}

/** One resource of a service with these records. */
export function logsOf(service: string, logRecords: readonly OracleLog[]): OracleLogs {
  return {
    resourceLogs: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] }, scopeLogs: [{ logRecords: [...logRecords] }] }],
  }
}
