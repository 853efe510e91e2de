import { decodeAttribute } from '@skein/store/attribute-text'
import type { StoredValue } from '@skein/store/contract-terms'
import type { SpanRow } from '@skein/store/contract-traces'
import { encodeMessage, type OracleAny, type OraclePair, type OracleSpan, RECEIVED_AT_MS } from '../decode/oracle-for-tests.ts'

export const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')

/** What a row of the store says of a span, to be compared with what was sent. */
export function rowWords(row: SpanRow): Record<string, unknown> {
  const { spanId: id, name, kind, status, message, startNs, durationNs } = row
  return { id, name, kind, status, message, startNs, durationNs, attributes: comparable(row.attributes), events: hex(row.events), links: hex(row.links) }
}

/** What the store should say of a span that was sent so. */
export function sentWords(sent: OracleSpan): Record<string, unknown> {
  const received = BigInt(RECEIVED_AT_MS) * 1_000_000n
  const start = BigInt(sent.startTimeUnixNano ?? 0)
  const outside = start < received - 7n * 86_400_000_000_000n || start > received + 600_000_000_000n
  const duration = BigInt(sent.endTimeUnixNano ?? 0) - start
  return {
    id: hex(sent.spanId),
    name: sent.name ?? '',
    kind: [1, 2, 3, 4, 5].includes(sent.kind) ? sent.kind : 0,
    status: [1, 2].includes(sent.status?.code) ? sent.status.code : 0,
    message: sent.status?.message ?? '',
    startNs: String(outside ? received : start),
    durationNs: String(duration < 0n ? 0n : BigInt(Math.min(Number(duration), 2 ** 63))),
    attributes: comparable(sent.attributes.map(({ key, value }) => [key ?? '', stored(value)])),
    events: withLengths(sent.events.map((event) => encodeMessage('Event', event))),
    links: withLengths(sent.links.map((link) => encodeMessage('Link', link))),
  }
}

/** A value as the store gives it back (attribute-text.ts). */
function stored(value: OracleAny | undefined, inside = false): StoredValue {
  if (value?.doubleValue !== undefined) return storedDouble(value.doubleValue, inside)
  if (value?.arrayValue !== undefined) return (value.arrayValue.values ?? []).map((each) => stored(each, true))
  if (value?.kvlistValue !== undefined) return storedMap(value.kvlistValue.values)
  return storedScalar(value)
}

function storedMap(pairs: readonly OraclePair[] | undefined): StoredValue {
  return Object.fromEntries((pairs ?? []).map(({ key, value }) => [key ?? '', stored(value, true)]))
}

function storedScalar(value: OracleAny | undefined): StoredValue {
  if (value?.stringValue !== undefined) return value.stringValue
  if (value?.boolValue !== undefined) return value.boolValue
  if (value?.intValue !== undefined) return Number.isSafeInteger(Number(value.intValue)) ? Number(value.intValue) : value.intValue
  return value?.bytesValue === undefined ? null : Buffer.from(value.bytesValue).toString('base64')
}

function storedDouble(value: number, inside: boolean): StoredValue {
  if (inside) return Number.isFinite(value) ? value : String(value)
  return decodeAttribute(`k#${value}`)[1]
}

/** Maps whose keys would change what the store's JSON reading does are compared as text. */
function comparable(attributes: readonly (readonly [string, StoredValue])[]): string[] {
  return attributes.map(([key, value]) => `${key} ${JSON.stringify(value)}`).sort()
}

function withLengths(messages: readonly Uint8Array[]): string {
  return messages.map((message) => hex(Buffer.concat([varint(message.length), message]))).join('')
}

function varint(value: number): Buffer {
  const out: number[] = []
  for (; value > 0x7f; value >>>= 7) out.push((value & 0x7f) | 0x80)
  return Buffer.from([...out, value])
}
