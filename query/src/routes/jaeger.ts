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
import { SPAN_KINDS } from '@skein/schemas/otlp-wire'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { problemOf } from '../errors.ts'
import { conditionsOf } from '../jaeger/conditions.ts'
import { firstOf, type JaegerSearch, parseDependencies, parseHint, parseSearch, type Text, traceIdOf } from '../jaeger/parameters.ts'
import { readJaegerTrace, readJaegerTraces, type WantedTrace } from '../jaeger/read-traces.ts'
import { JaegerRefusal } from '../jaeger/refusal.ts'
import { statusOf } from '../problem-error.ts'
import { nameEdges } from '../topology/assemble.ts'

const HOUR_MS = 3_600_000
/** Services and operations of this long are offered. */
const OFFERED_MS = 24 * HOUR_MS
/** Names of spans are looked for in the spans themselves of this long; beyond that only those of calls are known. */
const SPAN_NAMES_MS = HOUR_MS
const MAX_OPERATIONS = 10_000
/** What Jaeger's own interface lets people ask for. */
const MAX_TRACES = 1500
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
  const problem = error instanceof JaegerRefusal ? null : problemOf(error)
  const status = error instanceof JaegerRefusal ? error.status : problem === null ? 500 : statusOf(problem)
  const message = error instanceof JaegerRefusal ? error.message : (problem?.message ?? `something went wrong here: look for reqId ${request.id} in the log`)
  if (status >= 500) request.log.error({ event: 'query.jaeger_failed', err: error, route: request.routeOptions.url }, 'a question was not answered')
  const { retryAfterSeconds } = problem?.details ?? {}
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds)
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
    const rows = await deps.ask(request, (tenant) => deps.store.services.services({ tenant, ...lately(deps, OFFERED_MS) }))
    const names = [...new Set(rows.map(({ service }) => service))].sort()
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

function lately({ clock }: RouteDeps, backMs: number): { startMs: number; endMs: number } {
  const nowMs = clock()
  return { startMs: nowMs - backMs, endMs: nowMs }
}

async function readOperations(deps: RouteDeps, tenant: string, service: string): Promise<{ name: string; spanKind: string }[]> {
  const [calls, spans] = await Promise.all([
    deps.store.services.operations({ tenant, ...lately(deps, OFFERED_MS) }, { service }, MAX_OPERATIONS),
    deps.store.traces.spanNames({ tenant, ...lately(deps, SPAN_NAMES_MS) }, service, MAX_OPERATIONS),
  ])
  const all = [...calls.map(({ operation, kind }) => ({ name: operation, kind })), ...spans].map(({ name, kind }) => ({ name, spanKind: kindName(kind) }))
  const once = new Map(all.map((operation) => [JSON.stringify([operation.name, operation.spanKind]), operation]))
  return [...once.values()].sort((a, b) => (a.name === b.name ? (a.spanKind < b.spanKind ? -1 : 1) : a.name < b.name ? -1 : 1))
}

/** Jaeger says nothing of a kind that is not specified. */
function kindName(kind: number): string {
  const name = SPAN_KINDS[kind] ?? 'unspecified'
  return name === 'unspecified' ? '' : name
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
    const { traces, errors } = await deps.ask(request, async (tenant) => readJaegerTraces(deps, tenant, await wantedTraces(deps, tenant, search)))
    return send(reply, request.query, answerOf(traces, 0, errors))
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
    const trace = await deps.ask(request, (tenant) => readJaegerTrace(deps, tenant, wanted))
    if (trace === null) throw new JaegerRefusal(404, 'trace not found')
    return send(reply, request.query, answerOf([trace], 0))
  })
}

async function wantedTraces({ store }: RouteDeps, tenant: string, search: JaegerSearch): Promise<WantedTrace[]> {
  if (search.traceIds.length > 0) return [...new Set(search.traceIds)].slice(0, MAX_TRACES).map((traceId) => ({ traceId, aroundMs: undefined }))
  const conditions = conditionsOf(search)
  if (conditions === null || search.startMs >= search.endMs) return []
  const limit = Math.min(search.limit, MAX_TRACES)
  const rows = await store.traces.search({ tenant, startMs: search.startMs, endMs: search.endMs, ...conditions, sort: 'newest', limit })
  return rows.map(({ traceId, startNs }) => ({ traceId, aroundMs: Number(BigInt(startNs) / 1_000_000n) }))
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
