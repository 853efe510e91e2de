import { servicesAnswer, servicesParameters, type ServicesAnswer, type ServiceSummary } from '@skein/schemas/api/services'
import { nodeId } from '@skein/schemas/topology'
import type { App, RouteDeps } from '../app-types.ts'
import { quantilePercentiles } from '../milliseconds.ts'
import type { ServiceRow } from '../topology/assemble.ts'
import { healthOf } from '../topology/health.ts'
import { graphNotes } from '../topology/notes.ts'
import { serviceNode } from '../topology/resolve.ts'
import { inScope } from '../topology/scope.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'

const LIST_NOTES = new Set(['no_spans', 'unnamed_service'])

export function servicesRoute(app: App, deps: RouteDeps): void {
  const schema = { summary: 'All services of a window', tags: ['services'], querystring: servicesParameters.strict(), response: { 200: servicesAnswer } }
  app.get('/api/services', { schema }, async (request): Promise<ServicesAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const rows = await deps.ask(request, (tenant) => deps.store.services.services({ tenant, ...window }))
    const shown = rows.filter((row) => inScope(row, request.query))
    const seen = { services: rows, nodes: shown.map(serviceNode), edges: [], folded: 0, filtered: shown.length < rows.length }
    return {
      window: windowAnswerOf(window),
      services: shown.map(summaryOf).sort((a, b) => b.calls - a.calls || (a.id < b.id ? -1 : 1)),
      notes: graphNotes(seen).filter((note) => LIST_NOTES.has(note.code)),
    }
  })
}

export function summaryOf(row: ServiceRow): ServiceSummary {
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
    health: healthOf(row).health,
  }
}
