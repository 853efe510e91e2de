import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import protobuf from 'protobufjs'

/** A second, independent reading of OTLP logs: protobufjs with the published message definitions. */
const PROTO = `
syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message InstrumentationScope { string name = 1; string version = 2; }
message Resource { repeated KeyValue attributes = 1; }
message LogRecord { fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5; repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; }
message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
`
const REQUEST = protobuf.parse(PROTO).root.lookupType('ExportLogsServiceRequest')

export interface SeenLine {
  body: string
  timeNs: string
  observedNs: string
  severity: number
  attributes: Record<string, unknown>
  resource: Record<string, unknown>
  scope: string
}

interface KeyValue {
  key: string
  value?: Record<string, unknown>
}
interface WireRecord {
  timeUnixNano?: string
  observedTimeUnixNano?: string
  severityNumber?: number
  body?: { stringValue?: string }
  attributes?: KeyValue[]
}
interface WireRequest {
  resourceLogs?: { resource?: { attributes?: KeyValue[] }; scopeLogs?: { scope?: { name?: string }; logRecords?: WireRecord[] }[] }[]
}

export function decodeLogs(bytes: Uint8Array): SeenLine[] {
  const request = REQUEST.toObject(REQUEST.decode(bytes), { longs: String }) as WireRequest
  return (request.resourceLogs ?? []).flatMap(({ resource, scopeLogs }) =>
    (scopeLogs ?? []).flatMap(({ scope, logRecords }) =>
      (logRecords ?? []).map((record) => ({
        body: record.body?.stringValue ?? '',
        timeNs: record.timeUnixNano ?? '0',
        observedNs: record.observedTimeUnixNano ?? '0',
        severity: record.severityNumber ?? 0,
        attributes: plain(record.attributes),
        resource: plain(resource?.attributes),
        scope: scope?.name ?? '',
      })),
    ),
  )
}

function plain(attributes: KeyValue[] | undefined): Record<string, unknown> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, Object.values(value ?? {})[0]]))
}

/** Answers a request of so many lines; 200 takes them. */
export type Answer = (lines: number, request: number) => { status: number; headers?: Record<string, string>; body?: Buffer; delayMs?: number }

/** A collector that keeps each line once, by the rule that ingest has for uids of files. */
export interface Sink {
  readonly url: string
  /** What a reader would see, in the order it came. */
  readonly lines: SeenLine[]
  /** Lines that came again, and lines that the rule took for repeats though they are new: those would be lost. */
  readonly repeats: number
  readonly mistaken: SeenLine[]
  readonly requests: number
  /** How many requests were under way at once, at most. */
  readonly peak: number
  answer: Answer
  bodies(): string[]
  close(): Promise<void>
}

export async function startSink(port = 0): Promise<Sink> {
  const highest = new Map<string, number>()
  const seen = new Map<string, string>()
  const state = { lines: [] as SeenLine[], repeats: 0, mistaken: [] as SeenLine[], requests: 0, peak: 0, underWay: 0 }

  function keep(line: SeenLine): void {
    const uid = line.attributes['log.record.uid']
    const [identity = '', offset = ''] = typeof uid === 'string' ? uid.split(':') : []
    if (!/^[0-9a-f]{16}$/.test(identity) || !/^\d+$/.test(offset)) {
      state.lines.push(line)
      return
    }
    const before = highest.get(identity)
    if (before === undefined || Number(offset) > before) {
      highest.set(identity, Number(offset))
      seen.set(String(uid), line.body)
      state.lines.push(line)
    } else if (seen.get(String(uid)) === line.body) state.repeats++
    else state.mistaken.push(line)
  }

  const sink = {
    get lines() {
      return state.lines
    },
    get repeats() {
      return state.repeats
    },
    get mistaken() {
      return state.mistaken
    },
    get requests() {
      return state.requests
    },
    get peak() {
      return state.peak
    },
    answer: (() => ({ status: 200 })) as Answer,
    bodies: () => state.lines.map(({ body }) => body),
  }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    state.peak = Math.max(state.peak, ++state.underWay)
    response.on('close', () => state.underWay--)
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const packed = Buffer.concat(parts)
      const encoding = request.headers['content-encoding']
      const body = encoding === 'zstd' ? zstdDecompressSync(packed) : encoding === 'gzip' ? gunzipSync(packed) : packed
      const lines = decodeLogs(body)
      const { status, headers, body: answer, delayMs } = sink.answer(lines.length, state.requests++)
      if (status === 200) for (const line of lines) keep(line)
      setTimeout(() => response.writeHead(status, headers).end(answer), delayMs ?? 0)
    })
  })
  await listen(server, port)
  return Object.assign(sink, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }) as Sink
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
