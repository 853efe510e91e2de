import { seriesAnswer, serviceParameters, type SeriesAnswer } from '@skein/schemas/api/services'
import type { App, RouteDeps } from '../app-types.ts'
import { quantilePercentiles } from '../milliseconds.ts'
import { isoTime, parseWindow, seriesSteps, windowAnswerOf } from '../window.ts'
import { rowsOfService, servicePath } from './service.ts'

const MAX_POINTS = 300

export function serviceSeriesRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Rate, errors and duration of a service over time',
    tags: ['services'],
    params: servicePath,
    querystring: serviceParameters.strict(),
    response: { 200: seriesAnswer },
  }
  app.get('/api/services/:name/series', { schema }, async (request): Promise<SeriesAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const { stepSeconds, timesMs } = seriesSteps(window, MAX_POINTS)
    const service = { name: request.params.name, ...request.query }
    const rows = await deps.ask(request, (tenant) => {
      const tenantWindow = { tenant, ...window }
      return rowsOfService(deps, tenantWindow, service, (key) => deps.store.services.series(tenantWindow, key, stepSeconds))
    })
    const byTime = new Map(rows.map((row) => [row.timeMs, row]))
    const points = timesMs.map((timeMs) => {
      const row = byTime.get(timeMs)
      return { time: isoTime(timeMs), calls: row?.calls ?? 0, errors: row?.errors ?? 0, ...quantilePercentiles(row?.duration ?? null) }
    })
    return { window: windowAnswerOf(window), stepSeconds, points }
  })
}
