import { readSearch } from '@skein/schemas/filter'
import type { FieldValue } from '@skein/schemas/filter/tree'
import { logLineId } from '@skein/schemas/log'
import { severityClass } from '@skein/schemas/severity'
import { encodeAttribute, encodeRest } from './attribute-text.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'
import type { Suite } from './conformance-suite.ts'
import type { LogRow } from './contract-logs.ts'
import { keyValueBytes } from './questions/resource-owners.ts'

const DAY_MS = Date.UTC(2026, 0, 2)
export const START_MS = DAY_MS + 20 * 3_600_000
export const MINUTE_MS = 60_000
const BUCKET_MS = 300_000
const RESOURCES: readonly Record<string, string>[] = [
  { 'service.name': 'epg', 'deployment.environment.name': 'prod', 'k8s.cluster.name': 'bj-1', 'host.name': 'node-1' },
  { 'service.name': 'drm', 'deployment.environment': 'test', 'k8s.cluster.name': 'sh-2', 'host.name': 'node-22', 'http.route': '/of/resource', replicas: '3' },
]
export const BODIES = [
  'Payment 4711 for user_id=42 failed: connection.reset by peer',
  '用户登录失败，用户42，频道新闻综合',
  'failed登录 again',
  'presets loaded in 12ms',
  'GET /api/v1/epg HTTP/1.1 503',
  '',
  "it's 3.14 a.b:c d_e,f;g",
  'ÄRGER über Größe',
  'first line\n  at second',
]

export interface Line {
  timeMs: number
  seq: bigint
  fields: Record<string, FieldValue>
  row: HandRow
}

/** Twenty-four lines, one a minute, each another mixture of what a line can say. */
export const LINES: readonly Line[] = Array.from({ length: 24 }, (_, i) => lineOf(i))

function lineOf(i: number): Line {
  const resource = i % 2
  const timeMs = START_MS + i * MINUTE_MS
  const body = BODIES[i % BODIES.length] ?? ''
  const severity = [0, 9, 13, 17, 18, 21][i % 6] ?? 0
  const own = attributesOf(i)
  const ids = { trace_id: i % 3 === 1 ? hex(i + 1, 32) : '', span_id: i % 3 === 1 ? hex(i + 2, 16) : '', pattern: i % 2 === 0 ? hex(i + 3, 16) : '' }
  const said: Said = { body, severity, resource, own, ids, scope: i % 2 === 0 ? 'tv.scope' : '' }
  const seq = BigInt(i) << 20n
  return { timeMs, seq, fields: fieldsOf(said), row: { ...rowOf(said), bucket: bucketOf(timeMs), ts: BigInt(timeMs) * 1_000_000n, seq, received: timeMs } }
}

export function bucketOf(timeMs: number): number {
  return Math.floor(timeMs / BUCKET_MS) * BUCKET_MS
}

/** Attributes stand in either column, those of every second resource in both. */
function rowOf({ body, severity, resource, own, ids, scope }: Said): HandRow {
  const pairs = Object.entries(own).map(([key, value]) => encodeAttribute(key, value))
  return {
    severity,
    severity_text: severityClass(severity).toUpperCase(),
    service: RESOURCES[resource]?.['service.name'] ?? '',
    resource_fp: BigInt(resource + 1),
    scope,
    trace_id: ids['trace_id'] || hex(0, 32),
    span_id: ids['span_id'] || hex(0, 16),
    pattern: BigInt(`0x${ids['pattern'] || '0'}`),
    body,
    items: resource === 0 ? pairs : pairs.slice(0, 1),
    rest: encodeRest(resource === 0 ? [] : pairs.slice(1)),
  }
}

function attributesOf(i: number): Record<string, FieldValue> {
  return {
    ...(i % 3 === 0 ? { 'http.route': i % 2 === 0 ? '/api/v1/pay' : '/api/v2/pay' } : {}),
    ...(i % 4 === 0 ? { 'http.status_code': 500 + i } : {}),
    ...(i % 5 === 0 ? { cached: true, version: '1.10' } : {}),
    ...(i % 7 === 0 ? { 'odd key=': 'a\x1eb' } : {}),
  }
}

export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

interface Said {
  body: string
  severity: number
  resource: number
  own: Record<string, FieldValue>
  ids: Record<string, string>
  scope: string
}

function fieldsOf({ body, severity, resource, own, ids, scope }: Said): Record<string, FieldValue> {
  const of = RESOURCES[resource] ?? {}
  const said: Record<string, FieldValue> = {
    ...of,
    ...own,
    ...ids,
    body,
    scope,
    service: of['service.name'] ?? '',
    environment: of['deployment.environment.name'] ?? of['deployment.environment'] ?? '',
    cluster: of['k8s.cluster.name'] ?? '',
  }
  return { ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== '')), severity }
}

export const WINDOW = { startMs: START_MS, endMs: START_MS + 24 * MINUTE_MS }

export async function insertLines(suite: Suite, tenant: string): Promise<void> {
  await insertResources(suite, tenant, RESOURCES)
  await insertRows(
    suite,
    'logs',
    tenant,
    LINES.map(({ row }) => row),
  )
}

/** With fingerprints from 1 on. */
export async function insertResources(suite: Suite, tenant: string, resources: readonly Readonly<Record<string, string>>[]): Promise<void> {
  const messages = resources.map((resource) =>
    Buffer.concat(Object.entries(resource).map(([key, value]) => prefixed(keyValueBytes(key, value)[0] ?? Buffer.alloc(0)))).toString('latin1'),
  )
  await insertRows(
    suite,
    'resources',
    tenant,
    messages.map((attributes, i) => ({ day: DAY_MS, fp: i + 1, attributes })),
  )
}

/** A sub-message of field 1. */
function prefixed(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x0a, message.length]), message])
}

export function idOf({ timeMs, seq }: Line): string {
  return logLineId(BigInt(timeMs) * 1_000_000n, seq)
}

export function searchOf(text: string) {
  const read = readSearch(text)
  if (!read.ok) throw new Error(`${text}: ${read.error.message}`)
  return read.search
}

export const idsOf = (rows: readonly LogRow[]): string[] => rows.map(({ id }) => id)
