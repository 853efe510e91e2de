import type { TenantWindow } from '../contract-terms.ts'
import type { TraceQuestions } from '../contract-traces.ts'
import type { Engine } from '../engine.ts'
import { asBytes, asNumber, asText } from '../sql/column.ts'
import { hexId, sql, text, uint64Ids } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { bucketsOf, wholeRange } from './trace-fold.ts'
import { traceAttributes } from './trace-attributes.ts'
import { compareTraces } from './trace-comparison.ts'
import { linkingSpans, linkOwners } from './trace-links.ts'
import { tracePoints } from './trace-points.ts'
import { searchTraces } from './trace-search.ts'
import { servicesInTraces } from './services-in-traces.ts'
import { storedSpans } from './stored-spans.ts'
import { traceSpans } from './trace-spans.ts'

export function createTraceQuestions(engine: Engine): TraceQuestions {
  return {
    search: (search) => searchTraces(engine, search),
    points: (search, limit) => tracePoints(engine, search, limit),
    differences: (search, selection, perSide) => compareTraces(engine, search, selection, perSide),
    attributes: (search, limit) => traceAttributes(engine, search, limit),
    services: (window, traceIds) => servicesInTraces(engine, window, traceIds),
    spanNames: (window, service, limit) => engine.ask(spanNamesQuery(window, service, limit)),
    linking: (tenant, traceId, limit) => linkingSpans(engine, { tenant, traceId, limit }),
    linkOwners: (lookUp) => linkOwners(engine, lookUp),
    spans: (tenant, traceId, limit, aroundMs) => traceSpans(engine, { tenant, traceId, limit, aroundMs }),
    stored: (lookUp) => storedSpans(engine, lookUp),
    async resources(tenant, fingerprints) {
      if (fingerprints.length === 0) return new Map()
      const rows = await engine.ask(resourcesQuery(tenant, fingerprints))
      return new Map(rows.map((row) => [row.fingerprint, row.attributes]))
    },
  }
}

export function spanNamesQuery(window: TenantWindow, service: string, limit: number) {
  return compile({
    scope: window,
    from: 'spans',
    columns: { name: asText(sql`name`), kind: asNumber(sql`kind`) },
    where: [...bucketsOf(wholeRange(window)), sql`service = ${text(service)}`],
    groupBy: sql`name, kind`,
    orderBy: sql`count() DESC, name, kind`,
    limit,
  })
}

export function resourcesQuery(tenant: string, fingerprints: readonly string[]) {
  return compile({
    scope: { tenant },
    from: 'resources',
    columns: { fingerprint: asText(hexId(sql`fp`)), attributes: asBytes(sql`base64Encode(any(attributes))`) },
    where: [sql`fp IN (${uint64Ids(fingerprints)})`],
    groupBy: sql`fp`,
  })
}
