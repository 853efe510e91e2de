import type { TraceQuestions } from '../contract.ts'
import type { Engine } from '../engine.ts'
import { asBytes, asText } from '../sql/column.ts'
import { sql, uint64Ids } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { compareTraces } from './trace-comparison.ts'
import { linkingSpans } from './trace-links.ts'
import { tracePoints } from './trace-points.ts'
import { searchTraces } from './trace-search.ts'
import { traceSpans } from './trace-spans.ts'

export function createTraceQuestions(engine: Engine): TraceQuestions {
  return {
    search: (search) => searchTraces(engine, search),
    points: (search, limit) => tracePoints(engine, search, limit),
    differences: (search, selection, perSide) => compareTraces(engine, search, selection, perSide),
    linking: (window, traceId, limit) => linkingSpans(engine, { window, traceId, limit }),
    spans: (tenant, traceId, limit, aroundMs) => traceSpans(engine, { tenant, traceId, limit, aroundMs }),
    async resources(tenant, fingerprints) {
      if (fingerprints.length === 0) return new Map()
      const rows = await engine.ask(resourcesQuery(tenant, fingerprints))
      return new Map(rows.map((row) => [row.fingerprint, row.attributes]))
    },
  }
}

export function resourcesQuery(tenant: string, fingerprints: readonly string[]) {
  return compile({
    scope: { tenant },
    from: 'resources',
    columns: { fingerprint: asText(sql`leftPad(lower(hex(fp)), 16, '0')`), attributes: asBytes(sql`base64Encode(any(attributes))`) },
    where: [sql`fp IN (${uint64Ids(fingerprints)})`],
    groupBy: sql`fp`,
  })
}
