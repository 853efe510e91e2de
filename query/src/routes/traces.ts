import { tracesAnswer, tracesParameters, type TracesAnswer, type TraceSummary } from '@skein/schemas/api/traces'
import type { TraceRow } from '@skein/store/contract-traces'
import type { App, RouteDeps } from '../app-types.ts'
import { decodeCursor, encodeCursor, questionHash } from '../cursor.ts'
import { toMs } from '../milliseconds.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'
import { emptyNotes, searchOf } from './trace-conditions.ts'

const DEFAULT_LIMIT = 50

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
    const { rows, notes } = await deps.ask(request, async (tenant) => {
      const search = {
        ...(await searchOf(deps, { tenant, ...window }, request.query)),
        sort: request.query.sort ?? 'newest',
        limit: limit + 1,
        ...(page === null ? {} : { after: page.after }),
      }
      const found = await deps.store.traces.search(search)
      return { rows: found, notes: found.length === 0 && page === null ? await emptyNotes(deps, search) : [] }
    })
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    const cursor = last === undefined ? null : encodeCursor(question, window, last.after)
    return { window: windowAnswerOf(window), traces: shown.map(summaryOf), cursor, notes }
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
