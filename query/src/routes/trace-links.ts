import { traceLinksAnswer, type TraceLinksAnswer } from '@skein/schemas/api/traces'
import type { App, RouteDeps } from '../app-types.ts'
import { tracePath } from './trace-path.ts'

const LIMIT = 100

export function traceLinksRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Spans of other traces that link to a trace',
    description: `Of any time that is kept; the earliest ${LIMIT} are answered.`,
    tags: ['traces'],
    params: tracePath,
    response: { 200: traceLinksAnswer },
  }
  app.get('/api/traces/:traceId/links', { schema }, async (request): Promise<TraceLinksAnswer> => {
    const found = await deps.ask(request, (tenant) => deps.store.traces.linking(tenant, request.params.traceId, LIMIT + 1))
    return {
      links: found.slice(0, LIMIT).map(({ startNs, ...span }) => ({ ...span, startTimeUnixNano: startNs })),
      truncated: found.length > LIMIT,
    }
  })
}
