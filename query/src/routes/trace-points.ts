import { tracePointsAnswer, tracePointsParameters, type TracePointsAnswer } from '@skein/schemas/api/traces'
import type { Note } from '@skein/schemas/api/window'
import type { App, RouteDeps } from '../app-types.ts'
import { toMs } from '../milliseconds.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'
import { emptyNotes, searchOf } from './trace-conditions.ts'

const DEFAULT_LIMIT = 20_000

export function tracePointsRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Traces as dots: start, duration, errors',
    description: 'The traces a search finds, as columns. When there are more than `limit`, an even sample of them: the same traces each time.',
    tags: ['traces'],
    querystring: tracePointsParameters.strict(),
    response: { 200: tracePointsAnswer },
  }
  app.get('/api/traces/points', { schema }, async (request): Promise<TracePointsAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const limit = request.query.limit ?? DEFAULT_LIMIT
    return deps.ask(request, async (tenant) => {
      const { points, total } = await deps.store.traces.points(await searchOf(deps, { tenant, ...window }, request.query), limit)
      const originNs = BigInt(window.startMs) * 1_000_000n
      return {
        window: windowAnswerOf(window),
        total,
        traceIds: points.map(({ traceId }) => traceId),
        startMs: points.map(({ startNs }) => Number((BigInt(startNs) - originNs) / 1_000_000n)),
        durationMs: points.map(({ durationNs }) => toMs(durationNs)),
        errors: points.map(({ errors }) => errors),
        notes: points.length === 0 ? await emptyNotes(deps, { tenant, ...window }) : sampleNotes(points.length, total),
      }
    })
  })
}

function sampleNotes(shown: number, total: number): Note[] {
  if (total <= shown) return []
  return [{ code: 'limit', message: `About ${total} traces match; an even sample of ${shown} is shown`, count: shown }]
}
