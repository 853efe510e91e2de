import { MAX_OPERATIONS, operationsAnswer, serviceParameters, type OperationsAnswer } from '@skein/schemas/api/services'
import { SPAN_KINDS } from '@skein/schemas/otlp-wire'
import type { App, RouteDeps } from '../app-types.ts'
import { quantilePercentiles } from '../milliseconds.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'
import { rowsOfService, servicePath } from './service.ts'

export function serviceOperationsRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'What a service is asked for',
    tags: ['services'],
    params: servicePath,
    querystring: serviceParameters.strict(),
    response: { 200: operationsAnswer },
  }
  app.get('/api/services/:name/operations', { schema }, async (request): Promise<OperationsAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const service = { name: request.params.name, ...request.query }
    const rows = await deps.ask(request, (tenant) => {
      const tenantWindow = { tenant, ...window }
      return rowsOfService(deps, tenantWindow, service, (key) => deps.store.services.operations(tenantWindow, key, MAX_OPERATIONS + 1))
    })
    const operations = rows.map((row) => ({
      operation: row.operation,
      kind: SPAN_KINDS[row.kind] ?? 'unspecified',
      calls: row.calls,
      errors: row.errors,
      ...quantilePercentiles(row.duration),
    }))
    const busiest = operations.sort((a, b) => b.calls - a.calls || (a.operation < b.operation ? -1 : 1)).slice(0, MAX_OPERATIONS)
    return { window: windowAnswerOf(window), truncated: operations.length > MAX_OPERATIONS, operations: busiest }
  })
}
