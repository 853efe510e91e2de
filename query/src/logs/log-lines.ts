import type { LogLine, LogNote } from '@skein/schemas/api/logs'
import type { AttributeValue } from '@skein/schemas/api/traces'
import { BodyKind } from '@skein/schemas/log'
import { PLACE_ATTRIBUTES } from '@skein/schemas/semantic-conventions'
import { severityClass } from '@skein/schemas/severity'
import type { Store } from '@skein/store/contract'
import type { LogRow } from '@skein/store/contract-logs'
import type { TenantWindow } from '@skein/store/contract-terms'
import { type Attributes, decodeResource, jsonAttributes } from '../otlp/attributes.ts'

/** Lines as they are answered, and the resources they name. */
export interface AnsweredLines {
  lines: LogLine[]
  resources: Record<string, Attributes>
}

/** Resources that a tail has read, so that it reads each once. */
export type KnownResources = Map<string, Attributes>

export async function answerLines(store: Store, tenant: string, rows: readonly LogRow[], known: KnownResources = new Map()): Promise<AnsweredLines> {
  const unknown = [...new Set(rows.map(({ resource }) => resource))].filter((resource) => !known.has(resource))
  const messages = unknown.length === 0 ? new Map<string, Uint8Array>() : await store.traces.resources(tenant, unknown)
  for (const [fingerprint, message] of messages) known.set(fingerprint, decodeResource(message))
  const named = new Set(rows.map(({ resource }) => resource))
  return {
    lines: rows.map((row) => lineOf(row, known.get(row.resource) ?? {})),
    resources: Object.fromEntries([...known].filter(([fingerprint]) => named.has(fingerprint))),
  }
}

function lineOf(row: LogRow, resource: Attributes): LogLine {
  return {
    id: row.id,
    timeUnixNano: row.timeNs,
    time: new Date(Number(BigInt(row.timeNs) / 1_000_000n)).toISOString(),
    severity: row.severity,
    severityClass: severityClass(row.severity),
    severityText: row.severityText,
    service: row.service,
    environment: first(resource, PLACE_ATTRIBUTES.environment),
    cluster: first(resource, PLACE_ATTRIBUTES.cluster),
    namespace: first(resource, PLACE_ATTRIBUTES.namespace),
    body: row.body,
    bodyKind: row.bodyKind === BodyKind.json ? 'json' : 'text',
    attributes: jsonAttributes(row.attributes),
    resource: row.resource,
    scope: row.scope,
    traceId: row.traceId || null,
    spanId: row.spanId || null,
    pattern: row.pattern || null,
  }
}

function first(resource: Attributes, names: readonly string[]): string {
  return names.map((name) => textOf(resource[name])).find((text) => text !== '') ?? ''
}

/** A text, or the first of a list of texts. */
function textOf(value: AttributeValue | undefined): string {
  const text = Array.isArray(value) ? value[0] : value
  return typeof text === 'string' ? text : ''
}

/** Nothing found: because nothing came, or because nothing matched. */
export async function emptyNotes(store: Store, window: TenantWindow): Promise<LogNote[]> {
  const lines = await store.logs.count(window)
  if (lines === 0) return [{ code: 'no_logs', message: 'No log lines in this window', count: 0 }]
  return [{ code: 'no_match', message: `None of the ${lines} lines in this window matches the search`, count: lines }]
}
