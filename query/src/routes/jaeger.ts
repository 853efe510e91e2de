import {
  type JaegerAnswer,
  jaegerDependencies,
  jaegerDependenciesParameters,
  type JaegerError,
  jaegerNames,
  jaegerOperations,
  jaegerOperationsParameters,
  jaegerParameters,
  jaegerProblem,
  jaegerSearchParameters,
  jaegerTraceParameters,
  jaegerTraces,
} from '@skein/schemas/api/jaeger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { wantedTraces } from '../jaeger/find-traces.ts'
import { readOperations, readServiceNames } from '../jaeger/names.ts'
import { firstOf, parseDependencies, parseHint, parseSearch, type Text, traceIdOf } from '../jaeger/parameters.ts'
import { readWholeTrace, readWholeTraces } from '../jaeger/read-traces.ts'
import { JaegerRefusal, refusalOf } from '../jaeger/refusal.ts'
import { jaegerTraceOf } from '../jaeger/trace.ts'
import { nameEdges } from '../topology/assemble.ts'

const PRETTY_SPACES = 4

/** Jaeger's query API, for its own interface and Grafana's data source: https://www.jaegertracing.io/docs/latest/apis/ and its http_handler. */
export async function jaegerRoutes(scope: App, deps: RouteDeps): Promise<void> {
  scope.setErrorHandler((error, request, reply) => sendRefusal(error, request, reply))
  nameRoutes(scope, deps)
  traceRoutes(scope, deps)
  dependencyRoute(scope, deps)
  refusingRoutes(scope)
}

function answerOf<Data>(data: Data, total: number, errors: readonly JaegerError[] = []): JaegerAnswer<Data> {
  return { data, total, limit: 0, offset: 0, errors: errors.length === 0 ? null : [...errors] }
}

function send<Data>(reply: FastifyReply, { prettyPrint }: { prettyPrint?: Text }, answer: JaegerAnswer<Data>): FastifyReply {
  const pretty = firstOf(prettyPrint) ?? 'false'
  return reply
    .type('application/json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value, null, pretty === 'false' ? 0 : PRETTY_SPACES))
    .send(answer)
}

function sendRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message } = refusalOf(error, request, reply)
  return send(reply.code(status), {}, answerOf(null, 0, [{ code: status, msg: message }]))
}

/** What Jaeger answers without a store of metrics, so that its Monitor tab says so; and anything else below. */
function refusingRoutes(scope: App): void {
  const schema = { hide: true }
  scope.get('/jaeger/api/metrics/*', { schema }, () => {
    throw new JaegerRefusal(501, 'metrics querying is currently disabled')
  })
  scope.get('/jaeger/api/*', { schema }, () => {
    throw new JaegerRefusal(404, 'there is nothing at this path')
  })
}

const tags = ['jaeger']

function nameRoutes(scope: App, deps: RouteDeps): void {
  const services = { summary: 'Services of the last day', tags, querystring: jaegerParameters, response: { 200: jaegerNames, default: jaegerProblem } }
  scope.get('/jaeger/api/services', { schema: services }, async (request, reply) => {
    const names = await deps.ask(request, (tenant) => readServiceNames(deps, tenant))
    return send(reply, request.query, answerOf(names, names.length))
  })
  const operations = {
    summary: 'Operations of a service with their span kinds',
    tags,
    querystring: jaegerOperationsParameters,
    response: { 200: jaegerOperations, default: jaegerProblem },
  }
  scope.get('/jaeger/api/operations', { schema: operations }, async (request, reply) => {
    const [service, spanKind] = [firstOf(request.query.service), firstOf(request.query.spanKind)]
    if (service === undefined) throw new JaegerRefusal(400, "parameter 'service' is required")
    const all = await deps.ask(request, (tenant) => readOperations(deps, tenant, service))
    const wanted = all.filter((operation) => spanKind === undefined || operation.spanKind === spanKind)
    return send(reply, request.query, answerOf(wanted, wanted.length))
  })
  const legacy = {
    summary: 'Names of the operations of a service',
    tags,
    params: z.object({ service: z.string() }),
    querystring: jaegerParameters,
    response: { 200: jaegerNames, default: jaegerProblem },
  }
  scope.get('/jaeger/api/services/:service/operations', { schema: legacy }, async (request, reply) => {
    const all = await deps.ask(request, (tenant) => readOperations(deps, tenant, request.params.service))
    const names = [...new Set(all.map(({ name }) => name))].sort()
    return send(reply, request.query, answerOf(names, names.length))
  })
}

function traceRoutes(scope: App, deps: RouteDeps): void {
  const searching = {
    summary: 'Whole traces that a search finds, the newest first, or those of the ids',
    description: 'One span has the service, operation, tags and duration together.',
    tags,
    querystring: jaegerSearchParameters,
    response: { 200: jaegerTraces, default: jaegerProblem },
  }
  scope.get('/jaeger/api/traces', { schema: searching }, async (request, reply) => {
    const search = parseSearch(request.query, deps.clock())
    const { traces, errors } = await deps.ask(request, async (tenant) => readWholeTraces(deps, tenant, await wantedTraces(deps, tenant, search)))
    return send(reply, request.query, answerOf(traces.map(jaegerTraceOf), 0, errors))
  })
  const one = {
    summary: 'One trace; start and end (µs) make it faster to find',
    tags,
    params: z.object({ traceID: z.string() }),
    querystring: jaegerTraceParameters,
    response: { 200: jaegerTraces, default: jaegerProblem },
  }
  scope.get('/jaeger/api/traces/:traceID', { schema: one }, async (request, reply) => {
    const wanted = { traceId: traceIdOf(request.params.traceID), aroundMs: parseHint(request.query) }
    const trace = await deps.ask(request, (tenant) => readWholeTrace(deps, tenant, wanted))
    if (trace === null) throw new JaegerRefusal(404, 'trace not found')
    return send(reply, request.query, answerOf([jaegerTraceOf(trace)], 0))
  })
}

function dependencyRoute(scope: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Who calls whom, by service',
    description: 'Calls between services that the map of the window shows. Databases, queues and other peers that sent no spans are no services.',
    tags,
    querystring: jaegerDependenciesParameters,
    response: { 200: jaegerDependencies, default: jaegerProblem },
  }
  scope.get('/jaeger/api/dependencies', { schema }, async (request, reply) => {
    const { startMs, endMs, service } = parseDependencies(request.query, deps.clock())
    const edges = await deps.ask(request, (tenant) => readEdges(deps, { tenant, startMs, endMs }))
    const links = new Map<string, { parent: string; child: string; callCount: number }>()
    for (const { source, target, sourceId, targetId, calls } of edges) {
      if (source.kind !== 'service' || target.kind !== 'service' || sourceId === targetId) continue
      const key = JSON.stringify([source.name, target.name])
      const known = links.get(key) ?? { parent: source.name, child: target.name, callCount: 0 }
      links.set(key, { ...known, callCount: known.callCount + Math.round(calls) })
    }
    const wanted = [...links.values()].filter(({ parent, child }) => service === undefined || parent === service || child === service)
    return send(reply, request.query, answerOf(wanted, 0))
  })
}

async function readEdges({ store }: RouteDeps, window: { tenant: string; startMs: number; endMs: number }) {
  const [edges, services, addresses] = await Promise.all([store.topology.edges(window), store.services.services(window), store.services.addresses(window)])
  return nameEdges({ edges, services, addresses })
}
