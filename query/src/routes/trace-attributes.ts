import {
  type TraceAttributesAnswer,
  traceAttributesAnswer,
  traceAttributesParameters,
  type TraceFacetsAnswer,
  traceFacetsAnswer,
  traceFacetsParameters,
} from '@skein/schemas/api/trace-attributes'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { TenantWindow } from '@skein/store/contract-terms'
import type { TraceAttributes } from '@skein/store/contract-comparison'
import type { App, RouteDeps } from '../app-types.ts'
import { countFacets, offerKeys, offerValues, type ResourceAttributes } from '../compare/attribute-counts.ts'
import { createRecentAnswers, type RecentAnswers } from '../compare/recent-answers.ts'
import { decodeResource } from '../otlp/attributes.ts'
import { tenantOf } from '../tenant.ts'
import { parseWindow, type Window, windowAnswerOf } from '../window.ts'
import { conditionsOf, searchOf } from './trace-conditions.ts'

/** What is frequent shows in so many traces, drawn by lot. */
const TRACES = 500
/** What was counted is offered for so long to whoever types on. */
const KEPT_MS = 30_000
const KEPT_ANSWERS = 16

export function traceAttributesRoute(app: App, deps: RouteDeps): void {
  const recent = createRecentAnswers<Read>({ maxAnswers: KEPT_ANSWERS, keptMs: KEPT_MS, clock: deps.clock })
  const read = (request: FastifyRequest, search: Searched) => readAttributes(deps, request, { search, recent })
  const facets = {
    summary: 'Services, operations, statuses and versions of the traces that a search finds',
    description: 'Counted in at most 500 traces, drawn by lot; `total` is about how many there are.',
    tags: ['traces'],
    querystring: traceFacetsParameters.strict(),
    response: { 200: traceFacetsAnswer },
  }
  app.get('/api/traces/facets', { schema: facets }, async (request): Promise<TraceFacetsAnswer> => {
    const { frame, found, resources } = await read(request, request.query)
    return { ...frame, ...countFacets(found, resources) }
  })
  const attributes = {
    summary: 'Attributes to search traces by, and their values',
    description: 'Keys that begin with `prefix`; with `key`, its values that do. Those of at most 500 traces that the search finds, drawn by lot.',
    tags: ['traces'],
    querystring: traceAttributesParameters.strict(),
    response: { 200: traceAttributesAnswer },
  }
  app.get('/api/traces/attributes', { schema: attributes }, async (request): Promise<TraceAttributesAnswer> => {
    const { key, prefix = '', ...search } = request.query
    const { frame, found, resources } = await read(request, search)
    if (key === undefined) return { ...frame, keys: offerKeys(found, resources, prefix), values: [] }
    return { ...frame, keys: [], values: offerValues(found, resources, { key, prefix }) }
  })
}

interface Read {
  frame: Pick<TraceFacetsAnswer, 'window' | 'traces' | 'total' | 'notes'>
  found: TraceAttributes
  resources: ResourceAttributes
}

type Searched = z.infer<typeof traceFacetsParameters>

async function readAttributes(deps: RouteDeps, request: FastifyRequest, { search, recent }: { search: Searched; recent: RecentAnswers<Read> }): Promise<Read> {
  const window = parseWindow(search, deps.clock())
  const key = JSON.stringify([tenantOf(request), window, conditionsOf(search), search.caller, search.callee])
  return recent.of(key, () => deps.ask(request, (tenant) => countAttributes(deps, { tenant, ...window }, search)))
}

async function countAttributes(deps: RouteDeps, window: TenantWindow, search: Searched): Promise<Read> {
  const { tenant } = window
  const found = await deps.store.traces.attributes(await searchOf(deps, window, search), TRACES)
  const messages = await deps.store.traces.resources(
    tenant,
    found.resources.map(({ fingerprint }) => fingerprint),
  )
  const resources = new Map([...messages].map(([fingerprint, message]) => [fingerprint, decodeResource(message)]))
  return { frame: frameOf(window, found), found, resources }
}

function frameOf(window: Window, { traces, ofAll }: TraceAttributes): Read['frame'] {
  const frame = { window: windowAnswerOf(window), traces, total: ofAll }
  if (traces === 0) return { ...frame, notes: [{ code: 'no_data', message: 'No traces in this window match the search', count: 0 }] }
  if (traces === ofAll) return { ...frame, notes: [] }
  return { ...frame, notes: [{ code: 'sampled', message: `Counted in ${traces} of about ${ofAll} traces, drawn by lot`, count: traces }] }
}
