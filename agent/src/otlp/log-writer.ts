import { AnyValue, ExportLogsServiceRequest, LogRecord, ResourceLogs, ScopeLogs } from '@skein/schemas/otlp-wire'
import { LogAttribute } from '@skein/schemas/log'
import { field, recordAttributes } from './attributes.ts'

/** What all records of one stream share. */
export interface StreamHead {
  /** The field `resource`, from `encodeResource`. */
  readonly resource: Buffer
  /** Attributes of every record, from `recordAttributes`. */
  readonly attributes: Buffer
  /** 16 hex digits that make `log.record.uid` together with the offset; '' when records bring a uid of their own. */
  readonly identity: string
}

/** One record. Owned by whoever fills it; the writer keeps nothing of it. */
export interface Line {
  /** Bytes of the body, valid UTF-8. */
  bytes: Buffer
  start: number
  end: number
  /** Where it begins in its file. */
  offset: number
  /** Unix ns; 0n is unknown. */
  timeNs: bigint
  /** OpenTelemetry's severity, 0 is unspecified. */
  severity: number
  /** Bytes it had before it was cut; 0 when it is whole. */
  cutBytes: number
  /** Further attributes, from `recordAttributes`. */
  extra: Buffer
}

/** Writes one `ExportLogsServiceRequest` into one buffer: records of one stream after the other, no object for any of them. */
export interface LogWriter {
  /** Begins a stream; everything until `close` is of it. False when the request is full. */
  open(head: StreamHead): boolean
  /** False when the request is full: then nothing of it was written. */
  append(line: Line): boolean
  /** Ends the stream; one without records leaves nothing. */
  close(): void
  readonly records: number
  /** Bytes that it still has room for. */
  readonly roomBytes: number
  /** The request, valid until `reset`. */
  bytes(): Buffer
  /** Begins a new request in another buffer. `observedNs` is when its lines were read. */
  reset(buffer: Buffer, observedNs: bigint): void
}

export const EMPTY = Buffer.alloc(0)

/** Room for the head of a stream beyond its resource. */
const HEAD_SLACK_BYTES = 64
const SCOPE = field(ScopeLogs.scope, field(1, Buffer.from('skein-agent')))
const UID_KEY = field(1, Buffer.from(LogAttribute.uid))

function tag(number: number): number {
  return number * 8 + 2
}

interface Writing {
  out: Buffer
  at: number
  records: number
  head: StreamHead | null
  /** Attributes of every record and the beginning of its uid, for an offset of so many digits. */
  block: Buffer
  blockDigits: number
  /** Where the request goes on when the stream turns out empty. */
  openedAt: number
  contentAt: number
  /** The field of the observed time. */
  readonly observed: Buffer
}

export function createLogWriter(): LogWriter {
  const writing: Writing = {
    out: EMPTY,
    at: 0,
    records: 0,
    head: null,
    block: EMPTY,
    blockDigits: 0,
    openedAt: 0,
    contentAt: 0,
    observed: Buffer.alloc(9, LogRecord.observedTimeUnixNano * 8 + 1),
  }
  return {
    get records() {
      return writing.records
    },
    get roomBytes() {
      return writing.out.length - writing.at
    },
    open(head) {
      if (writing.at + head.resource.length + HEAD_SLACK_BYTES > writing.out.length) return false
      writing.head = head
      writing.blockDigits = -1
      writing.openedAt = writing.at
      writing.contentAt = writing.at + head.resource.length + HEAD_SLACK_BYTES
      writing.at = writing.contentAt
      return true
    },
    append: (line) => appendLine(writing, line),
    close: () => closeStream(writing),
    bytes: () => writing.out.subarray(0, writing.at),
    reset(buffer, observedNs) {
      writing.out = buffer
      writing.at = 0
      writing.records = 0
      writing.head = null
      writing.observed.writeBigUInt64LE(observedNs, 1)
    },
  }
}

function appendLine(writing: Writing, line: Line): boolean {
  const { head, out } = writing
  if (head === null) throw new Error('append outside a stream')
  const extra = line.cutBytes === 0 ? line.extra : Buffer.concat([line.extra, recordAttributes({ [LogAttribute.cutBytes]: line.cutBytes })])
  const bodyBytes = line.end - line.start
  const textBytes = 1 + varintBytes(bodyBytes) + bodyBytes
  const digits = head.identity === '' ? 0 : digitsOf(line.offset)
  if (digits !== writing.blockDigits) setBlock(writing, head, digits)
  const attributeBytes = extra.length + writing.block.length + digits
  const recordBytes = (line.timeNs === 0n ? 0 : 9) + (line.severity === 0 ? 0 : 2) + 1 + varintBytes(textBytes) + textBytes + attributeBytes + 9
  if (writing.at + recordBytes + 6 > out.length) return false
  out[writing.at++] = tag(ScopeLogs.logRecords)
  putVarint(writing, recordBytes)
  putTimeAndSeverity(writing, line)
  out[writing.at++] = tag(LogRecord.body)
  putVarint(writing, textBytes)
  out[writing.at++] = tag(AnyValue.stringValue)
  putVarint(writing, bodyBytes)
  line.bytes.copy(out, writing.at, line.start, line.end)
  writing.at += bodyBytes
  if (extra.length > 0) put(writing, extra)
  put(writing, writing.block)
  putDigits(writing, line.offset, digits)
  for (const byte of writing.observed) out[writing.at++] = byte
  writing.records++
  return true
}

function putTimeAndSeverity(writing: Writing, { timeNs, severity }: Line): void {
  if (timeNs !== 0n) {
    writing.out[writing.at++] = LogRecord.timeUnixNano * 8 + 1
    writing.at = writing.out.writeBigUInt64LE(timeNs, writing.at)
  }
  if (severity !== 0) {
    writing.out[writing.at++] = LogRecord.severityNumber * 8
    writing.out[writing.at++] = severity
  }
}

/** The value of the uid fits one length byte: 16 hex digits, a colon and at most 16 digits. */
function setBlock(writing: Writing, { attributes, identity }: StreamHead, digits: number): void {
  const valueBytes = identity.length + 1 + digits
  const lengths = { attribute: UID_KEY.length + valueBytes + 4, value: valueBytes + 2, text: valueBytes }
  const uid = [
    Buffer.from([tag(LogRecord.attributes), lengths.attribute]),
    UID_KEY,
    Buffer.from([tag(2), lengths.value, tag(AnyValue.stringValue), lengths.text]),
    Buffer.from(`${identity}:`, 'latin1'),
  ]
  writing.block = digits === 0 ? attributes : Buffer.concat([attributes, ...uid])
  writing.blockDigits = digits
}

function putDigits(writing: Writing, value: number, digits: number): void {
  const { out } = writing
  let rest = value
  for (let place = writing.at + digits - 1; place >= writing.at; place--) {
    const tenth = Math.floor(rest / 10)
    out[place] = 0x30 + rest - tenth * 10
    rest = tenth
  }
  writing.at += digits
}

/** The lengths are known only now: the head is written, and the content moves up to it. */
function closeStream(writing: Writing): void {
  const { head, out, contentAt, openedAt } = writing
  if (head === null) return
  const contentBytes = writing.at - contentAt
  writing.head = null
  writing.at = openedAt
  if (contentBytes === 0) return
  const scopeBytes = SCOPE.length + contentBytes
  const resourceBytes = head.resource.length + 1 + varintBytes(scopeBytes) + scopeBytes
  out[writing.at++] = tag(ExportLogsServiceRequest.resourceLogs)
  putVarint(writing, resourceBytes)
  put(writing, head.resource)
  out[writing.at++] = tag(ResourceLogs.scopeLogs)
  putVarint(writing, scopeBytes)
  put(writing, SCOPE)
  out.copyWithin(writing.at, contentAt, contentAt + contentBytes)
  writing.at += contentBytes
}

function put(writing: Writing, bytes: Buffer): void {
  bytes.copy(writing.out, writing.at)
  writing.at += bytes.length
}

function putVarint(writing: Writing, value: number): void {
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) writing.out[writing.at++] = (rest & 0x7f) | 0x80
  writing.out[writing.at++] = rest
}

function varintBytes(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  return value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5
}

function digitsOf(value: number): number {
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  return digits
}
