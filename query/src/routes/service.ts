import { MAX_NAME_IN_PATH, serviceAnswer, serviceParameters, type ServiceAnswer } from '@skein/schemas/api/services'
import type { ServiceKey, TenantWindow } from '@skein/store/contract-terms'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { ProblemError } from '../problem-error.ts'
import type { ServiceRow } from '../topology/topology-rows.ts'
import { thresholdsOf } from '../topology/health.ts'
import { weekBefore } from '../topology/read-topology.ts'
import { inScope, type Scope } from '../topology/scope.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'
import { createJudge, summaryOf } from './services.ts'

export const servicePath = z.object({ name: z.string().min(1).max(MAX_NAME_IN_PATH) })

export function serviceRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'One service, wherever its name lives',
    tags: ['services'],
    params: servicePath,
    querystring: serviceParameters.strict(),
    response: { 200: serviceAnswer },
  }
  app.get('/api/services/:name', { schema }, async (request): Promise<ServiceAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const services = await deps.ask(request, async (tenant) => {
      const own = { tenant, ...window }
      const rows = await findService(deps, own, { name: request.params.name, ...request.query })
      const before = await deps.store.services.services(weekBefore(own), request.params.name)
      const judge = createJudge(before, thresholdsOf(deps.config, tenant))
      return rows.map((row) => summaryOf(row, judge))
    })
    return { window: windowAnswerOf(window), services }
  })
}

export type NamedService = Scope & { name: string }

/** Throws a `ProblemError` when nothing of that name sent a span in the window. */
export async function findService({ store }: RouteDeps, window: TenantWindow, service: NamedService): Promise<ServiceRow[]> {
  const rows = (await store.services.services(window, service.name)).filter((row) => inScope(row, service))
  if (rows.length > 0) return rows
  throw new ProblemError('service_not_found', {
    detail: `No service "${service.name}" sent a span between ${new Date(window.startMs).toISOString()} and ${new Date(window.endMs).toISOString()}.`,
    hint: 'Check the name at /api/services, or widen start and end.',
  })
}

export function serviceKeyOf(service: NamedService): Partial<ServiceKey> {
  return {
    service: service.name,
    ...(service.environment === undefined ? {} : { environment: service.environment }),
    ...(service.cluster === undefined ? {} : { cluster: service.cluster }),
    ...(service.namespace === undefined ? {} : { namespace: service.namespace }),
  }
}

/** Rows of a service; when there are none, either it exists and had none, or a `ProblemError` says that it does not. */
export async function rowsOfService<T>(
  deps: RouteDeps,
  window: TenantWindow,
  service: NamedService,
  read: (key: Partial<ServiceKey>) => Promise<T[]>,
): Promise<T[]> {
  const rows = await read(serviceKeyOf(service))
  if (rows.length === 0) await findService(deps, window, service)
  return rows
}
