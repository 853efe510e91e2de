import {
  jaegerV3Operations,
  type JaegerV3Operation,
  jaegerV3OperationsParameters,
  jaegerV3Problem,
  type JaegerV3Problem,
  jaegerV3SearchParameters,
  jaegerV3Services,
  jaegerV3TraceParameters,
  jaegerV3Traces,
  jaegerV3TraceSummaries,
  type JaegerV3TraceSummary,
} from '@skein/schemas/api/jaeger-v3'
import type { ServiceInTrace, TraceRow } from '@skein/store/contract-traces'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { findTraces, wantedTraces } from '../jaeger/find-traces.ts'
import { readOperations, readServiceNames } from '../jaeger/names.ts'
import { resourceSpansOf } from '../jaeger/otlp-json.ts'
import { firstOf, type JaegerSearch, traceIdOf } from '../jaeger/parameters.ts'
import { readWholeTrace, readWholeTraces, type WholeTrace } from '../jaeger/read-traces.ts'
import { JaegerRefusal, refusalOf } from '../jaeger/refusal.ts'
import { given, parseV3Hint, parseV3Search } from '../jaeger/v3-parameters.ts'

const tags = ['jaeger']

/** Version 3 of Jaeger's query API, by which its interface searches since 2.19: https://github.com/jaegertracing/jaeger-idl */
export async function jaegerV3Routes(scope: App, deps: RouteDeps): Promise<void> {
  scope.setErrorHandler((error, request, reply) => {
    const { status, message } = refusalOf(error, request, reply)
    const problem: JaegerV3Problem = { error: { httpCode: status, message } }
    return reply.code(status).type('application/json; charset=utf-8').send(problem)
  })
  nameRoutes(scope, deps)
  summaryRoute(scope, deps)
  traceRoutes(scope, deps)
  scope.get('/jaeger/api/v3/*', { schema: { hide: true } }, () => {
    throw new JaegerRefusal(404, 'there is nothing at this path')
  })
}

function nameRoutes(scope: App, deps: RouteDeps): void {
  const services = { summary: 'Services of the last day', tags, response: { 200: jaegerV3Services, default: jaegerV3Problem } }
  scope.get('/jaeger/api/v3/services', { schema: services }, async (request) => ({
    services: await deps.ask(request, (tenant) => readServiceNames(deps, tenant)),
  }))
  const operations = {
    summary: 'Operations of a service with their span kinds',
    tags,
    querystring: jaegerV3OperationsParameters,
    response: { 200: jaegerV3Operations, default: jaegerV3Problem },
  }
  scope.get('/jaeger/api/v3/operations', { schema: operations }, async (request) => {
    const [service, { text: spanKind }] = [firstOf(request.query.service), given(request.query, 'spanKind', 'span_kind')]
    if (service === undefined) throw new JaegerRefusal(400, 'service is required')
    const all = await deps.ask(request, (tenant) => readOperations(deps, tenant, service))
    return { operations: withKinds(all).filter((operation) => spanKind === undefined || operation.spanKind === spanKind.toLowerCase()) }
  })
}

/** Here a kind that is not specified is internal; each name with each kind once. */
function withKinds(operations: readonly { name: string; spanKind: string }[]): JaegerV3Operation[] {
  const kinds = jaegerV3Operations.shape.operations.element.shape.spanKind
  const named = operations.map(({ name, spanKind }) => ({ name, spanKind: kinds.catch('internal').parse(spanKind) }))
  return [...new Map(named.map((operation) => [JSON.stringify([operation.name, operation.spanKind]), operation])).values()]
}

function summaryRoute(scope: App, deps: RouteDeps): void {
  const schema = {
    summary: 'What a search finds, the newest first, as a list of traces shows it',
    description: 'One span has the service, operation, attributes and duration together.',
    tags,
    querystring: jaegerV3SearchParameters,
    response: { 200: jaegerV3TraceSummaries, default: jaegerV3Problem },
  }
  scope.get('/jaeger/api/v3/trace-summaries', { schema }, async (request) => {
    const search = parseV3Search(request.query)
    return { summaries: await deps.ask(request, (tenant) => readSummaries(deps, tenant, search)) }
  })
}

async function readSummaries(deps: RouteDeps, tenant: string, search: JaegerSearch): Promise<JaegerV3TraceSummary[]> {
  const rows = await findTraces(deps, tenant, search)
  if (rows.length === 0) return []
  const times = rows.flatMap(({ startNs, durationNs }) => [Number(startNs) / 1e6, (Number(startNs) + durationNs) / 1e6])
  const window = { tenant, startMs: Math.min(...times), endMs: Math.max(...times) + 1 }
  const services = await deps.store.traces.services(
    window,
    rows.map(({ traceId }) => traceId),
  )
  const byTrace = Map.groupBy(services, ({ traceId }) => traceId)
  return rows.map((row) => summaryOf(row, byTrace.get(row.traceId) ?? []))
}

function summaryOf(row: TraceRow, services: readonly ServiceInTrace[]): JaegerV3TraceSummary {
  const sumOf = (field: 'spans' | 'errors' | 'orphans'): number => services.reduce((sum, service) => sum + service[field], 0)
  return {
    traceId: row.traceId,
    rootServiceName: row.hasRoot ? row.rootService : '',
    rootOperationName: row.hasRoot ? row.rootOperation : '',
    minStartTimeUnixNano: row.startNs,
    maxEndTimeUnixNano: (BigInt(row.startNs) + BigInt(row.durationNs)).toString(),
    spanCount: sumOf('spans'),
    errorSpanCount: sumOf('errors'),
    orphanSpanCount: sumOf('orphans'),
    services: services.map(({ service, spans, errors }) => ({ name: service, spanCount: spans, errorSpanCount: errors })),
  }
}

function traceRoutes(scope: App, deps: RouteDeps): void {
  const response = { 200: jaegerV3Traces, default: jaegerV3Problem }
  const searching = { summary: 'Whole traces that a search finds, the newest first, in OTLP/JSON', tags, querystring: jaegerV3SearchParameters, response }
  scope.get('/jaeger/api/v3/traces', { schema: searching }, async (request) => {
    const search = parseV3Search(request.query)
    const { traces, errors } = await deps.ask(request, async (tenant) => readWholeTraces(deps, tenant, await wantedTraces(deps, tenant, search)))
    if (traces.length === 0) throw new JaegerRefusal(404, 'No traces found')
    const [first, ...others] = traces
    const told = first === undefined ? [] : [{ ...first, warnings: [...first.warnings, ...errors.map(({ msg }) => msg)] }]
    return resultOf([...told, ...others])
  })
  const one = {
    summary: 'One trace in OTLP/JSON',
    tags,
    params: z.object({ traceId: z.string() }),
    querystring: jaegerV3TraceParameters,
    response,
  }
  scope.get('/jaeger/api/v3/traces/:traceId', { schema: one }, async (request) => {
    const wanted = { traceId: traceIdOf(request.params.traceId), aroundMs: parseV3Hint(request.query) }
    const trace = await deps.ask(request, (tenant) => readWholeTrace(deps, tenant, wanted))
    if (trace === null) throw new JaegerRefusal(404, 'No traces found')
    return resultOf([trace])
  })
}

function resultOf(traces: readonly WholeTrace[]): z.infer<typeof jaegerV3Traces> {
  return { result: { resourceSpans: traces.flatMap(resourceSpansOf) } }
}
