import { tracesAnswer, tracesParameters, type TracesAnswer, type TraceSummary } from '@skein/schemas/api/traces'
import type { Note } from '@skein/schemas/api/window'
import type { TenantWindow, TraceRow, TraceSearch } from '@skein/store/contract'
import type { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { decodeCursor, encodeCursor, questionHash } from '../cursor.ts'
import { toMs } from '../milliseconds.ts'
import { invalidParameter } from '../problem-error.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'

const DEFAULT_LIMIT = 50
const MAX_ATTRIBUTES = 16

type TracesParameters = z.infer<typeof tracesParameters>

export function tracesRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Search traces',
    description:
      'One span satisfies service, operation, attr and error together; minMs and maxMs are the whole trace. A later page is of the window of the first.',
    tags: ['traces'],
    querystring: tracesParameters.strict(),
    response: { 200: tracesAnswer },
  }
  app.get('/api/traces', { schema }, async (request): Promise<TracesAnswer> => {
    const question = questionHash(request.query)
    const page = request.query.cursor === undefined ? null : decodeCursor(request.query.cursor, question)
    const window = page?.window ?? parseWindow(request.query, deps.clock())
    const limit = request.query.limit ?? DEFAULT_LIMIT
    const conditions = conditionsOf(request.query)
    const { rows, notes } = await deps.ask(request, async (tenant) => {
      const search = { tenant, ...window, ...conditions, limit: limit + 1, ...(page === null ? {} : { after: page.after }) }
      const found = await deps.store.traces.search(search)
      return { rows: found, notes: found.length === 0 && page === null ? await emptyNotes(deps, search) : [] }
    })
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    const cursor = last === undefined ? null : encodeCursor(question, window, last.after)
    return { window: windowAnswerOf(window), traces: shown.map(summaryOf), cursor, notes }
  })
}

function conditionsOf(parameters: TracesParameters): Omit<TraceSearch, keyof TenantWindow | 'limit' | 'after'> {
  const { service, operation, entry, minMs, maxMs, error } = parameters
  if (minMs !== undefined && maxMs !== undefined && minMs > maxMs) throw invalidParameter('minMs', 'must not be above maxMs')
  return {
    ...(service ? { service } : {}),
    ...(operation ? { operation } : {}),
    ...(entry ? { entry } : {}),
    ...(minMs === undefined ? {} : { minDurationNs: Math.round(minMs * 1e6) }),
    ...(maxMs === undefined ? {} : { maxDurationNs: Math.round(maxMs * 1e6) }),
    ...(error === undefined ? {} : { error: error === 'true' }),
    attributes: attributesOf(parameters.attr),
    sort: parameters.sort ?? 'newest',
  }
}

function attributesOf(attr: TracesParameters['attr']): TraceSearch['attributes'] {
  const pairs = attr === undefined ? [] : [attr].flat()
  if (pairs.length > MAX_ATTRIBUTES) throw invalidParameter('attr', `may be given ${MAX_ATTRIBUTES} times`)
  return pairs.map((pair) => {
    const equals = pair.indexOf('=')
    if (equals < 1) throw invalidParameter('attr', `"${pair}" is not key=value`, 'Example: attr=http.route=/epg; encode = and & inside the value.')
    return { key: pair.slice(0, equals), value: pair.slice(equals + 1) }
  })
}

function summaryOf(row: TraceRow): TraceSummary {
  return {
    traceId: row.traceId,
    entry: row.hasRoot ? { service: row.rootService, operation: row.rootOperation } : null,
    startTimeUnixNano: row.startNs,
    durationMs: toMs(row.durationNs),
    spanCount: row.spans,
    errors: row.errors,
    services: row.services,
  }
}

/** Nothing found: because nothing came, or because nothing matched. */
async function emptyNotes({ store }: RouteDeps, window: TenantWindow): Promise<Note[]> {
  const services = await store.services.services(window)
  const message = services.length === 0 ? 'No spans in this window' : `No trace in this window matches the filter; services that sent spans: ${services.length}`
  return [{ code: 'no_spans', message, count: 0 }]
}
