import type { LineState } from '@skein/schemas/api/log-rules'
import { BodyKind } from '@skein/schemas/log'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import type { Store } from '@skein/store/contract'
import type { LogRow } from '@skein/store/contract-logs'
import { readResourceFields, type ResourceFields } from '@skein/store/resource-attributes'

/** Stored lines as rules see them. The time of a line stands for the time of the log. */
export async function linesOfRows(store: Store, tenant: string, rows: readonly LogRow[]): Promise<RuleLine[]> {
  const messages = await store.traces.resources(tenant, [...new Set(rows.map(({ resource }) => resource))])
  const resources = new Map([...messages].map(([fingerprint, message]) => [fingerprint, readResourceFields(message)]))
  return rows.map((row) => lineOf(row, resources.get(row.resource)))
}

function lineOf(row: LogRow, from: ResourceFields | undefined): RuleLine {
  const timeNs = BigInt(row.timeNs)
  const { severity, severityText, service, scope, traceId, spanId, body } = row
  return {
    timeNs,
    logTimeMs: Number(timeNs / 1_000_000n),
    severity,
    severityText,
    service,
    environment: from?.environment ?? '',
    cluster: from?.cluster ?? '',
    namespace: from?.namespace ?? '',
    scope,
    traceId,
    spanId,
    sampled: false,
    body,
    bodyKind: row.bodyKind === BodyKind.json ? 'json' : 'text',
    attributes: new Map(row.attributes),
    pattern: () => row.pattern,
    resource: (name) => from?.attributes.get(name),
  }
}

export function lineStateOf(line: RuleLine): LineState {
  return {
    time: new Date(Number(line.timeNs / 1_000_000n)).toISOString(),
    service: line.service,
    severity: line.severity,
    severityText: line.severityText,
    body: line.body,
    traceId: line.traceId === '' ? null : line.traceId,
    spanId: line.spanId === '' ? null : line.spanId,
    attributes: Object.fromEntries(line.attributes),
  }
}
