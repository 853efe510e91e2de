import { ATTRIBUTE_SLOTS, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import { viewOf } from '../decode/byte-interner.ts'
import type { BatchEnvelope, BatchResource, SpanBatch } from '../decode/span-batch.ts'
import { ID_WORDS, readFacts } from '../facts/read-facts.ts'
import { createSpanNames } from '../facts/span-names.ts'

/** A span as a test writes it. Ids are short hex texts, padded with zeros on the left. */
export interface TestSpan {
  trace?: string
  id: string
  parent?: string
  name?: string
  kind?: number
  status?: number
  traceState?: string
  /** Instrumentation scope. */
  scope?: string
  /** Unix ms. */
  startMs?: number
  durationMs?: number
  attributes?: Record<string, string | number | boolean>
  links?: readonly { trace: string; id: string }[]
  resource?: Partial<Omit<BatchResource, 'bytes' | 'fingerprint' | 'fingerprintHex'>>
  envelope?: Partial<BatchEnvelope>
}

export const MINUTE_MS = 60_000
/** A whole minute, so that tests can name the minutes of spans by offset. */
export const START_MS = 29_000_000 * MINUTE_MS

const SLOTS = new Map(ATTRIBUTE_SLOTS)

/** A batch of spans, each in an envelope of its own unless the next one's envelope is the same. */
export function batchOf(spans: readonly TestSpan[]): SpanBatch {
  const writer = createWriter()
  const resources = createResources()
  const envelopes: BatchEnvelope[] = []
  const rows = spans.map((span) => {
    const envelope = envelopeOf(span)
    const last = envelopes.at(-1)
    if (last === undefined || !sameEnvelope(last, envelope)) envelopes.push(envelope)
    return { envelope: envelopes.length - 1, resource: resources.add(span.resource ?? NO_RESOURCE), ...writeSpan(writer, span) }
  })
  const batch = assemble({ rows, envelopes, resources: resources.list, bytes: writer.bytes() })
  readFacts(batch, viewOf(batch.bytes), 0, batch.length)
  return batch
}

export function idBytes(id: string, length: number): Buffer {
  return Buffer.from(id.padStart(length * 2, '0'), 'hex')
}

type Row = ReturnType<typeof writeSpan> & { envelope: number; resource: number }

function envelopeOf(span: TestSpan): BatchEnvelope {
  const logTimeMs = span.envelope?.logTimeMs ?? START_MS
  return { topic: 'skein.traces', partition: 0, offset: 0, tenant: 't', keyId: 'k', receivedAtMs: logTimeMs, logTimeMs, linkedCopy: false, ...span.envelope }
}

function sameEnvelope(a: BatchEnvelope, b: BatchEnvelope): boolean {
  return a.partition === b.partition && a.logTimeMs === b.logTimeMs && a.tenant === b.tenant && a.linkedCopy === b.linkedCopy && a.topic === b.topic
}

function createResources(): { list: BatchResource[]; add(resource: NonNullable<TestSpan['resource']>): number } {
  const list: BatchResource[] = []
  const known = new Map<string, number>()
  const places = new Map<object, number>()
  const place = (resource: NonNullable<TestSpan['resource']>): number => {
    const full = { service: 'svc', namespace: '', environment: 'test', cluster: '', instance: '', version: '', addresses: [], ...resource }
    const name = JSON.stringify(full)
    const at = known.get(name) ?? list.length
    known.set(name, at)
    if (at === list.length) list.push({ ...full, fingerprint: new Uint8Array(8), fingerprintHex: name, bytes: new Uint8Array() })
    return at
  }
  return {
    list,
    add(resource) {
      const at = places.get(resource) ?? place(resource)
      places.set(resource, at)
      return at
    },
  }
}

const NO_RESOURCE = {}
const NO_TEXT: [start: number, end: number] = [-1, -1]

interface Writer {
  put(bytes: Uint8Array): number
  text(text: string): [start: number, end: number]
  bytes(): Buffer
}

function createWriter(): Writer {
  let buffer = Buffer.alloc(4096)
  let length = 0
  const put = (bytes: Uint8Array): number => {
    if (length + bytes.length > buffer.length) buffer = Buffer.concat([buffer], (length + bytes.length) * 2)
    buffer.set(bytes, length)
    length += bytes.length
    return length - bytes.length
  }
  return {
    put,
    text(text) {
      const start = put(Buffer.from(text))
      return [start, length]
    },
    bytes: () => buffer.subarray(0, length),
  }
}

function writeAttributes(writer: Writer, attributes: NonNullable<TestSpan['attributes']>) {
  return Object.entries(attributes).map(([key, value]) => {
    const [keyStart, keyEnd] = writer.text(key)
    const encoded = encodeValue(value)
    const start = writer.put(encoded.bytes)
    return { key, tuple: [keyStart, keyEnd, encoded.field, start, start + encoded.bytes.length] }
  })
}

function writeLinks(writer: Writer, links: NonNullable<TestSpan['links']>): number[][] {
  return links.map((link) => {
    const message = Buffer.concat([Buffer.of(10, 16), idBytes(link.trace, 16), Buffer.of(18, 8), idBytes(link.id, 8)])
    const start = writer.put(message)
    return [start, start + message.length]
  })
}

function writeSpan(writer: Writer, span: TestSpan) {
  const attributes = writeAttributes(writer, span.attributes ?? {})
  const links = writeLinks(writer, span.links ?? [])
  const startMs = span.startMs ?? START_MS
  return {
    attributes,
    links,
    traceId: writer.put(idBytes(span.trace ?? '1', 16)),
    spanId: writer.put(idBytes(span.id, 8)),
    parentId: span.parent === undefined ? -1 : writer.put(idBytes(span.parent, 8)),
    name: writer.text(span.name ?? 'op'),
    traceState: span.traceState === undefined ? NO_TEXT : writer.text(span.traceState),
    scope: span.scope ?? '',
    kind: span.kind ?? 1,
    status: span.status ?? 0,
    startNs: startWords(startMs),
    startUs: startMs * 1000,
    durationNs: (span.durationMs ?? 10) * 1e6,
  }
}

/** Unix ns, to the µs, low word first. */
function startWords(startMs: number): [low: number, high: number] {
  const ns = BigInt(Math.max(0, Math.round(finiteOr0(startMs) * 1000))) * 1000n
  return [Number(ns & 0xffff_ffffn), Number((ns >> 32n) & 0xffff_ffffn)]
}

function finiteOr0(value: number): number {
  return Number.isFinite(value) ? value : 0
}

function encodeValue(value: string | number | boolean): { field: number; bytes: Uint8Array } {
  if (typeof value === 'string') return { field: 1, bytes: Buffer.from(value) }
  if (typeof value === 'boolean') return { field: 2, bytes: Uint8Array.of(value ? 1 : 0) }
  const bytes: number[] = []
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | (rest >= 128 ? 128 : 0))
  return { field: 3, bytes: Uint8Array.from(bytes) }
}

function assemble(parts: { rows: Row[]; envelopes: BatchEnvelope[]; resources: BatchResource[]; bytes: Buffer }): SpanBatch {
  const { rows } = parts
  const ints = (of: (row: Row) => number): Int32Array => Int32Array.from(rows, of)
  const absent = new Int32Array(rows.length).fill(-1)
  const scopes = [...new Set(rows.map(({ scope }) => scope))]
  const attributes = ranges(rows.map((row) => row.attributes.length))
  const links = ranges(rows.map((row) => row.links.length))
  return {
    ...{ bytes: parts.bytes, length: rows.length, envelopes: parts.envelopes, resources: parts.resources, scopes },
    ...{ envelope: ints((row) => row.envelope), resource: ints((row) => row.resource), scope: ints((row) => scopes.indexOf(row.scope)) },
    ...{ traceId: ints((row) => row.traceId), spanId: ints((row) => row.spanId), parentId: ints((row) => row.parentId) },
    ...{ nameStart: ints((row) => row.name[0]), nameEnd: ints((row) => row.name[1]) },
    ...{ traceStateStart: ints((row) => row.traceState[0]), traceStateEnd: ints((row) => row.traceState[1]), messageStart: absent, messageEnd: absent },
    ...{ kind: Uint8Array.from(rows, (row) => row.kind), status: Uint8Array.from(rows, (row) => row.status) },
    ...{
      startUs: Float64Array.from(rows, (row) => row.startUs),
      durationNs: Float64Array.from(rows, (row) => row.durationNs),
    },
    ...{ attributeFrom: attributes.from, attributeTo: attributes.to, slots: slotsOf(rows, attributes.from) },
    attributes: Int32Array.from(rows.flatMap((row) => row.attributes.flatMap((attribute) => attribute.tuple))),
    ...{ eventFrom: new Int32Array(rows.length), eventTo: new Int32Array(rows.length), events: new Int32Array() },
    ...{ linkFrom: links.from, linkTo: links.to, links: Int32Array.from(rows.flatMap((row) => row.links.flat())) },
    ...{
      ids: new Int32Array(rows.length * ID_WORDS),
      start: Uint32Array.from(rows.flatMap((row) => row.startNs)),
      facts: new Int32Array(rows.length),
      operation: new Int32Array(rows.length),
    },
    ...{ peer: new Int32Array(rows.length), address: new Int32Array(rows.length), viewer: new Int32Array(rows.length * 2), names: createSpanNames() },
    flags: new Uint8Array(rows.length),
  }
}

function slotsOf(rows: Row[], from: Int32Array): Int32Array {
  const slots = new Int32Array(rows.length * SLOT_COUNT)
  for (const [i, row] of rows.entries())
    for (const [n, { key }] of row.attributes.entries()) {
      const slot = SLOTS.get(key)
      if (slot !== undefined) slots[i * SLOT_COUNT + slot] = (from[i] ?? 0) + n + 1
    }
  return slots
}

function ranges(lengths: number[]): { from: Int32Array; to: Int32Array } {
  let end = 0
  const to = Int32Array.from(lengths, (length) => (end += length))
  return { from: to.map((last, i) => last - (lengths[i] ?? 0)), to }
}
