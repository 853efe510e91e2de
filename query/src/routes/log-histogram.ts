import { type LogHistogramAnswer, logHistogramAnswer, logHistogramParameters } from '@skein/schemas/api/logs'
import type { App, RouteDeps } from '../app-types.ts'
import { emptyNotes } from '../logs/log-lines.ts'
import { histogramSteps, parseLogWindow } from '../logs/log-window.ts'
import { searchOf } from '../logs/search-text.ts'
import { windowAnswerOf } from '../window.ts'

const DEFAULT_STEPS = 120

export function logHistogramRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Log lines over time, by severity',
    description: 'Of the search of /api/logs. Steps at the ends count what is inside the window.',
    tags: ['logs'],
    querystring: logHistogramParameters.strict(),
    response: { 200: logHistogramAnswer },
  }
  app.get('/api/logs/histogram', { schema }, async (request): Promise<LogHistogramAnswer> => {
    const window = parseLogWindow(request.query, deps.clock())
    const search = searchOf(request.query)
    const { stepMs, timesMs } = histogramSteps(window, request.query.steps ?? DEFAULT_STEPS)
    return deps.ask(request, async (tenant) => {
      const rows = await deps.store.logs.histogram({ tenant, ...window, search }, stepMs)
      const lines: LogHistogramAnswer['lines'] = {}
      let total = 0
      for (const row of rows) {
        const at = Math.round((row.timeMs - (timesMs[0] ?? 0)) / stepMs)
        const counts = (lines[row.severity] ??= timesMs.map(() => 0))
        if (at >= 0 && at < counts.length) counts[at] = (counts[at] ?? 0) + row.lines
        total += row.lines
      }
      const notes = total === 0 ? await emptyNotes(deps.store, { tenant, ...window }) : []
      return { window: windowAnswerOf(window), stepSeconds: stepMs / 1000, timesMs, lines, total, notes }
    })
  })
}
