import { servicesAnswer, servicesParameters, type ServicesAnswer, type ServiceSummary } from '@skein/schemas/api/services'
import type { HealthThresholds } from '@skein/schemas/config'
import { nodeId } from '@skein/schemas/topology'
import type { App, RouteDeps } from '../app-types.ts'
import { quantilePercentiles } from '../milliseconds.ts'
import type { ServiceRow } from '../topology/topology-rows.ts'
import { serviceNumbers } from '../topology/context.ts'
import { healthOf, thresholdsOf } from '../topology/health.ts'
import { weekBefore } from '../topology/read-topology.ts'
import { graphNotes } from '../topology/notes.ts'
import { serviceNode } from '../topology/resolve.ts'
import { inScope } from '../topology/scope.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'

const LIST_NOTES = new Set(['no_spans', 'unnamed_service'])

export function servicesRoute(app: App, deps: RouteDeps): void {
  const schema = { summary: 'All services of a window', tags: ['services'], querystring: servicesParameters.strict(), response: { 200: servicesAnswer } }
  app.get('/api/services', { schema }, async (request): Promise<ServicesAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const { rows, judge } = await deps.ask(request, async (tenant) => {
      const own = { tenant, ...window }
      const [now, before] = await Promise.all([deps.store.services.services(own), deps.store.services.services(weekBefore(own))])
      return { rows: now, judge: createJudge(before, thresholdsOf(deps.config, tenant)) }
    })
    const shown = rows.filter((row) => inScope(row, request.query))
    const seen = { services: rows, nodes: shown.map(serviceNode), edges: [], folded: 0, filtered: shown.length < rows.length }
    return {
      window: windowAnswerOf(window),
      services: shown.map((row) => summaryOf(row, judge)).sort((a, b) => b.calls - a.calls || (a.id < b.id ? -1 : 1)),
      notes: graphNotes(seen).filter((note) => LIST_NOTES.has(note.code)),
    }
  })
}

export type Judge = (row: ServiceRow) => Pick<ServiceSummary, 'health' | 'weekAgoP95Ms'>

/** Health of services, beside what they were the week before. */
export function createJudge(before: readonly ServiceRow[], thresholds: HealthThresholds): Judge {
  const weekAgo = new Map(before.map((row) => [nodeId(serviceNode(row)), serviceNumbers(row)]))
  return (row) => {
    const before = weekAgo.get(nodeId(serviceNode(row)))
    return { health: healthOf({ ...serviceNumbers(row), errors: row.errors, weekAgo: before }, thresholds).health, weekAgoP95Ms: before?.p95Ms ?? null }
  }
}

export function summaryOf(row: ServiceRow, judge: Judge): ServiceSummary {
  return {
    id: nodeId(serviceNode(row)),
    name: row.service,
    environment: row.environment,
    cluster: row.cluster,
    namespace: row.namespace,
    calls: row.calls,
    errors: row.errors,
    ...quantilePercentiles(row.duration),
    instances: row.instances,
    ...judge(row),
  }
}
