import { LogAttribute } from '@skein/schemas/log'
import { OWNER_FIELD } from '@skein/schemas/otlp-count'
import {
  AnyValue,
  ArrayValue,
  InstrumentationScope,
  KeyValue,
  KeyValueList,
  LogRecord,
  Resource,
  Span,
  SpanEvent,
  SpanLink,
  Status,
  WireType,
} from '@skein/schemas/otlp-wire'
import { createRedactor, type RedactionPreset, type Redactor } from '@skein/schemas/redaction'
import { ATTRIBUTE_SLOTS, SemanticSlot } from '@skein/schemas/semantic-conventions'
import type { StoredSignal } from '../answers/export-response.ts'
import { RECORD_STRIDE, type RecordScan } from '../scan/record-scan.ts'
import type { WireCursor } from '../scan/wire-cursor.ts'
import { enterBytes, readTag, skipValue } from '../scan/wire-cursor.ts'

/**
 * Overwrites what presets describe in the bytes of a request, before any of it is durable. Looked at are the texts people write:
 * bodies of log records, names and status messages of spans, names of events, and values of attributes, however nested. Keys,
 * ids and everything that is not text stay, and so do all lengths: nothing is encoded again.
 *
 * Resources and scopes say what programs and machines are, so of presets only those for secrets look at them. The address of a
 * server is what the map knows a peer by, so the preset for addresses leaves it; `log.record.uid` is how a repeated line is known.
 */
export interface Masker {
  /** Masks in `scan.bytes` what the scan found and accepted; returns how many findings there were. */
  mask(scan: RecordScan, signal: StoredSignal): number
}

const SECRETS: ReadonlySet<RedactionPreset> = new Set<RedactionPreset>(['jwt', 'cloud_key'])

/** What to do with a field: nothing, look at it as text, or go into it as a message of that kind. */
const NOTHING = 0
const TEXT = 1
const Kind = {
  span: 2,
  event: 3,
  link: 4,
  status: 5,
  log: 6,
  pair: 7,
  value: 8,
  array: 9,
  list: 10,
  resource: 11,
  scope: 12,
  resourceGroup: 13,
  scopeGroup: 14,
} as const
/** Fields that are looked at have numbers below this. */
const FIELDS = 16
const ACTIONS = actions()

function actions(): Uint8Array {
  const table = new Uint8Array(FIELDS * FIELDS)
  const set = (kind: number, field: number, action: number): void => {
    table[kind * FIELDS + field] = action
  }
  set(Kind.span, Span.name, TEXT)
  set(Kind.span, Span.attributes, Kind.pair)
  set(Kind.span, Span.events, Kind.event)
  set(Kind.span, Span.links, Kind.link)
  set(Kind.span, Span.status, Kind.status)
  set(Kind.event, SpanEvent.name, TEXT)
  set(Kind.event, SpanEvent.attributes, Kind.pair)
  set(Kind.link, SpanLink.attributes, Kind.pair)
  set(Kind.status, Status.message, TEXT)
  set(Kind.log, LogRecord.body, Kind.value)
  set(Kind.log, LogRecord.attributes, Kind.pair)
  set(Kind.pair, KeyValue.value, Kind.value)
  set(Kind.value, AnyValue.stringValue, TEXT)
  set(Kind.value, AnyValue.arrayValue, Kind.array)
  set(Kind.value, AnyValue.kvlistValue, Kind.list)
  set(Kind.array, ArrayValue.values, Kind.value)
  set(Kind.list, KeyValueList.values, Kind.pair)
  set(Kind.resourceGroup, OWNER_FIELD, Kind.resource)
  set(Kind.scopeGroup, OWNER_FIELD, Kind.scope)
  set(Kind.resource, Resource.attributes, Kind.pair)
  set(Kind.scope, InstrumentationScope.attributes, Kind.pair)
  return table
}

/** Pairs whose value is treated in another way, by the length of their key. */
interface Special {
  key: Buffer
  isServer: boolean
}
const SPECIALS: ReadonlyMap<number, readonly Special[]> = Map.groupBy(
  [
    { key: Buffer.from(LogAttribute.uid), isServer: false },
    ...ATTRIBUTE_SLOTS.filter(([, slot]) => slot === SemanticSlot.serverAddress).map(([key]) => ({ key: Buffer.from(key), isServer: true })),
  ],
  ({ key }) => key.length,
)

interface Walk {
  cursor: WireCursor
  redactor: Redactor
  /** For values of attributes that name a server. */
  ofServers: Redactor
  found: number
}

export function createMasker(presets: readonly RedactionPreset[]): Masker {
  const all = createRedactor(presets)
  const secrets = createRedactor(presets.filter((preset) => SECRETS.has(preset)))
  const ofServers = createRedactor(presets.filter((preset) => preset !== 'ip'))
  const hasSecrets = presets.some((preset) => SECRETS.has(preset))
  return {
    mask(scan, signal) {
      const walk: Walk = { cursor: { bytes: scan.bytes, at: 0 }, redactor: secrets, ofServers: secrets, found: 0 }
      if (hasSecrets) {
        maskRanges(walk, Kind.resourceGroup, scan.resourceRanges, scan.resourceRangeCount)
        maskRanges(walk, Kind.scopeGroup, scan.scopeRanges, scan.scopeRangeCount)
      }
      walk.redactor = all
      walk.ofServers = ofServers
      const kind = signal === 'traces' ? Kind.span : Kind.log
      for (let record = 0; record < scan.recordCount; record++) {
        const at = record * RECORD_STRIDE
        walk.cursor.at = scan.records[at + 1]!
        const end = scan.records[at + 2]!
        maskMessage(walk, kind, enterBytes(walk.cursor, readTag(walk.cursor, end), end))
      }
      return walk.found
    },
  }
}

function maskRanges(walk: Walk, kind: number, ranges: Int32Array, count: number): void {
  for (let range = 0; range < count; range++) {
    walk.cursor.at = ranges[range * 2]!
    maskMessage(walk, kind, ranges[range * 2 + 1]!)
  }
}

/** The scan has found these bytes to be well-formed and values nested no deeper than it allows, so calling ourselves is bounded. */
function maskMessage(walk: Walk, kind: number, end: number): void {
  const { cursor } = walk
  const special = kind === Kind.pair ? specialOf(cursor, end) : undefined
  if (special !== undefined) return maskSpecial(walk, special, end)
  while (cursor.at < end) {
    const tag = readTag(cursor, end)
    const field = tag >>> 3
    const action = field < FIELDS ? ACTIONS[kind * FIELDS + field]! : NOTHING
    if (action === NOTHING) {
      skipValue(cursor, tag, end)
      continue
    }
    const inner = enterBytes(cursor, tag, end)
    if (action !== TEXT) maskMessage(walk, action, inner)
    else {
      walk.found += walk.redactor.mask(cursor.bytes, cursor.at, inner)
      cursor.at = inner
    }
  }
}

function maskSpecial(walk: Walk, special: Special, end: number): void {
  const { cursor, redactor } = walk
  if (special.isServer) {
    walk.redactor = walk.ofServers
    cursor.at = enterBytes(cursor, readTag(cursor, end), end)
    maskMessage(walk, Kind.pair, end)
    walk.redactor = redactor
  } else cursor.at = end
}

const KEY_TAG = (KeyValue.key << 3) | WireType.bytes

/** A pair begins with its key, as all exporters write it. */
function specialOf({ bytes, at }: WireCursor, end: number): Special | undefined {
  if (bytes[at] !== KEY_TAG || at + 2 + bytes[at + 1]! > end) return undefined
  return SPECIALS.get(bytes[at + 1]!)?.find(({ key }) => isAt(bytes, at + 2, key))
}

function isAt(bytes: Uint8Array, at: number, key: Buffer): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key[i]) return false
  return true
}
