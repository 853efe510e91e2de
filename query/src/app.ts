import fastifyCompress from '@fastify/compress'
import fastifyEtag from '@fastify/etag'
import Fastify, { LogController, type FastifyInstance, type FastifyRequest } from 'fastify'
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { App, QueryDeps, RouteDeps } from './app-types.ts'
import { BROTLI, ENCODINGS, GZIP, MIN_COMPRESSED_BYTES } from './compression.ts'
import { installErrorTable } from './errors.ts'
import { createGate } from './gate.ts'
import { installHostCheck } from './host-check.ts'
import { createLifecycle, type Lifecycle } from './lifecycle.ts'
import { createQueryMetrics } from './metrics.ts'
import { installNotFound } from './not-found.ts'
import { installOpenapi } from './openapi.ts'
import { ProblemError } from './problem-error.ts'
import { bottlenecksRoute } from './routes/bottlenecks.ts'
import { docsRoutes } from './routes/docs.ts'
import { eventsRoute } from './routes/events.ts'
import { intakeRoute } from './routes/intake.ts'
import { jaegerRoutes } from './routes/jaeger.ts'
import { jaegerV3Routes } from './routes/jaeger-v3.ts'
import { logContextRoute } from './routes/log-context.ts'
import { logExportRoute } from './routes/log-export.ts'
import { logFacetsRoute, logFieldsRoute, logValuesRoute } from './routes/log-facets.ts'
import { logHistogramRoute } from './routes/log-histogram.ts'
import { logDropsRoute } from './routes/log-drops.ts'
import { logMetricsRoute } from './routes/log-metrics.ts'
import { logPatternsRoute } from './routes/log-patterns.ts'
import { logTailRoute } from './routes/log-tail.ts'
import { logsRoute } from './routes/logs.ts'
import { logRuleTrialsRoute } from './routes/log-rule-trials.ts'
import { logRulesRoute } from './routes/log-rules.ts'
import { metricsRoute } from './routes/metrics.ts'
import { networkProbesRoute } from './routes/network-probes.ts'
import { openapiRoute } from './routes/openapi.ts'
import { probeRoutes } from './routes/probes.ts'
import { replayRoute } from './routes/replay.ts'
import { scenarioFunnelRoute } from './routes/scenario-funnel.ts'
import { scenarioMapRoute } from './routes/scenario-map.ts'
import { scenariosRoute } from './routes/scenarios.ts'
import { serviceInstancesRoute } from './routes/service-instances.ts'
import { serviceOperationsRoute } from './routes/service-operations.ts'
import { serviceSeriesRoute } from './routes/service-series.ts'
import { serviceRoute } from './routes/service.ts'
import { servicesRoute } from './routes/services.ts'
import { statusRoute } from './routes/status.ts'
import { topologyDiffRoute } from './routes/topology-diff.ts'
import { topologyEdgeRoute } from './routes/topology-edge.ts'
import { topologyFramesRoute } from './routes/topology-frames.ts'
import { topologyRoute } from './routes/topology.ts'
import { traceLinksRoute } from './routes/trace-links.ts'
import { tracePointsRoute } from './routes/trace-points.ts'
import { traceAttributesRoute } from './routes/trace-attributes.ts'
import { traceComparisonRoute } from './routes/trace-comparison.ts'
import { traceRoute } from './routes/trace.ts'
import { tracesRoute } from './routes/traces.ts'
import { installSecurityHeaders } from './security-headers.ts'
import { tenantOf } from './tenant.ts'
import { installWebFiles } from './web/web-files.ts'

type Route = (app: App, deps: RouteDeps) => void | Promise<void>

/** Answers that the next span changes. */
const LIVE_ROUTES: readonly Route[] = [
  statusRoute,
  topologyRoute,
  topologyEdgeRoute,
  topologyDiffRoute,
  topologyFramesRoute,
  bottlenecksRoute,
  servicesRoute,
  serviceRoute,
  serviceOperationsRoute,
  serviceInstancesRoute,
  serviceSeriesRoute,
  tracesRoute,
  traceComparisonRoute,
  traceAttributesRoute,
  tracePointsRoute,
  traceLinksRoute,
  logPatternsRoute,
  logRulesRoute,
  logRuleTrialsRoute,
  logDropsRoute,
  logMetricsRoute,
  intakeRoute,
  eventsRoute,
  scenariosRoute,
  scenarioFunnelRoute,
  scenarioMapRoute,
  replayRoute,
  logsRoute,
  logHistogramRoute,
  logFacetsRoute,
  logFieldsRoute,
  logValuesRoute,
  logContextRoute,
  logExportRoute,
  logTailRoute,
  networkProbesRoute,
]

/** Answers that stay the same for long: browsers keep them and ask whether they still hold. */
const REVALIDATED_ROUTES: readonly Route[] = [traceRoute, openapiRoute, docsRoutes]

const BODY_BYTES = 1024 * 1024
const PARAMETER_CHARS = 4096

/** Everything query answers, without listening. */
export async function buildApp(deps: QueryDeps, lifecycle: Lifecycle = createLifecycle()): Promise<FastifyInstance> {
  const { perTenant, queued, uiSeconds } = deps.config.limits.query
  const gate = createGate({ perTenant, queued, timeoutMs: uiSeconds * 1000 })
  const metrics = createQueryMetrics(gate)
  const app: App = Fastify({
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAMETER_CHARS },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  // Answers are made by code whose type is the schema's; to walk 50,000 spans again only to be told so costs more than making them.
  app.setSerializerCompiler(() => JSON.stringify)
  lifecycle.install(app)
  installHostCheck(app, deps.config)
  installSecurityHeaders(app)
  metrics.install(app)
  installErrorTable(app, { metrics, clock: deps.clock })
  await app.register(fastifyCompress, {
    encodings: [...ENCODINGS],
    threshold: MIN_COMPRESSED_BYTES,
    zlibOptions: GZIP,
    brotliOptions: BROTLI,
  })
  await installOpenapi(app, deps.version)
  const routeDeps: RouteDeps = {
    ...deps,
    startedMs: deps.clock(),
    ask: (request, question) => {
      const tenant = tenantOf(request)
      return whileConnected(request, (gone) => gate.run(tenant, () => question(tenant), gone))
    },
  }
  probeRoutes(app, { ...routeDeps, isDraining: lifecycle.isDraining })
  metricsRoute(app, { ...routeDeps, own: metrics })
  await app.register((scope: App) => installRoutes(scope, LIVE_ROUTES, { ...routeDeps, cacheControl: 'no-store' }))
  for (const route of [jaegerRoutes, jaegerV3Routes]) {
    await app.register((scope: App) => installRoutes(scope, [route], { ...routeDeps, cacheControl: 'no-store' }))
  }
  await app.register(async (scope: App) => {
    await scope.register(fastifyEtag, { weak: true })
    await installRoutes(scope, REVALIDATED_ROUTES, { ...routeDeps, cacheControl: 'private, no-cache' })
  })
  installNotFound(app, await installWebFiles(app, deps.webDirectory))
  return app
}

/** A question whose asker hung up does not wait for a place any longer. */
async function whileConnected<T>(request: FastifyRequest, ask: (gone: AbortSignal) => Promise<T>): Promise<T> {
  const gone = new AbortController()
  const leave = () => gone.abort(new ProblemError('query_timeout', { detail: 'Who asked hung up.' }))
  request.socket.once('close', leave)
  try {
    return await ask(gone.signal)
  } finally {
    request.socket.off('close', leave)
  }
}

async function installRoutes(scope: App, routes: readonly Route[], deps: RouteDeps & { cacheControl: string }): Promise<void> {
  scope.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', deps.cacheControl)
  })
  for (const route of routes) await route(scope, deps)
}
