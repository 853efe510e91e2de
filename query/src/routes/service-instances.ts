import { instancesAnswer, serviceParameters, type InstancesAnswer } from '@skein/schemas/api/services'
import type { App, RouteDeps } from '../app-types.ts'
import { quantilePercentiles } from '../milliseconds.ts'
import { isoTime, parseWindow, windowAnswerOf } from '../window.ts'
import { rowsOfService, servicePath } from './service.ts'

export function serviceInstancesRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Who does the work of a service',
    tags: ['services'],
    params: servicePath,
    querystring: serviceParameters.strict(),
    response: { 200: instancesAnswer },
  }
  app.get('/api/services/:name/instances', { schema }, async (request): Promise<InstancesAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const service = { name: request.params.name, ...request.query }
    const rows = await deps.ask(request, (tenant) => {
      const tenantWindow = { tenant, ...window }
      return rowsOfService(deps, tenantWindow, service, (key) => deps.store.services.instances(tenantWindow, key))
    })
    const instances = rows.map((row) => ({
      instance: row.instance,
      version: row.version,
      calls: row.calls,
      errors: row.errors,
      ...quantilePercentiles(row.duration),
      lastSeen: isoTime(row.lastSeenMs),
    }))
    return { window: windowAnswerOf(window), instances: instances.sort((a, b) => (a.instance < b.instance ? -1 : 1)) }
  })
}
