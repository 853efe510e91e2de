import fastifyEtag from '@fastify/etag'
import Fastify, { type FastifyInstance } from 'fastify'
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { App, QueryDeps, RouteDeps } from './app-types.ts'
import { installErrorTable } from './errors.ts'
import { createGate } from './gate.ts'
import { intakeRoute } from './routes/intake.ts'
import { probeRoutes } from './routes/probes.ts'
import { serviceInstancesRoute } from './routes/service-instances.ts'
import { serviceOperationsRoute } from './routes/service-operations.ts'
import { serviceSeriesRoute } from './routes/service-series.ts'
import { serviceRoute } from './routes/service.ts'
import { servicesRoute } from './routes/services.ts'
import { statusRoute } from './routes/status.ts'
import { topologyEdgeRoute } from './routes/topology-edge.ts'
import { topologyRoute } from './routes/topology.ts'
import { traceRoute } from './routes/trace.ts'
import { tracesRoute } from './routes/traces.ts'
import { tenantOf } from './tenant.ts'

const ROUTES = [
  statusRoute,
  topologyRoute,
  topologyEdgeRoute,
  servicesRoute,
  serviceRoute,
  serviceOperationsRoute,
  serviceInstancesRoute,
  serviceSeriesRoute,
  tracesRoute,
  intakeRoute,
]

/** Answers that are the same until somebody sends more data: browsers keep them and ask whether they still hold. */
const REVALIDATED_ROUTES = [traceRoute]

export async function buildApp(deps: QueryDeps): Promise<FastifyInstance> {
  const { perTenant, queued, uiSeconds } = deps.config.limits.query
  const gate = createGate({ perTenant, queued, timeoutMs: uiSeconds * 1000 })
  const app: App = Fastify({ loggerInstance: deps.logger, disableRequestLogging: true }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => JSON.stringify)
  installErrorTable(app)
  const routeDeps: RouteDeps = {
    ...deps,
    startedMs: deps.clock(),
    ask: (request, question) => {
      const tenant = tenantOf(request)
      return gate.run(tenant, () => question(tenant))
    },
  }
  probeRoutes(app, { ...routeDeps, isDraining: () => false })
  await app.register(async (scope: App) => {
    scope.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'))
    for (const route of ROUTES) route(scope, routeDeps)
  })
  await app.register(async (scope: App) => {
    await scope.register(fastifyEtag, { weak: true })
    scope.addHook('onSend', async (_request, reply) => void (reply.hasHeader('cache-control') || reply.header('cache-control', 'private, no-cache')))
    for (const route of REVALIDATED_ROUTES) route(scope, routeDeps)
  })
  return app
}
