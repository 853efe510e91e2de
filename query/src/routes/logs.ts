import { type LogsAnswer, logsAnswer, logsParameters } from '@skein/schemas/api/logs'
import type { App, RouteDeps } from '../app-types.ts'
import { decodeCursor, encodeCursor, questionHash } from '../cursor.ts'
import { answerLines, emptyNotes } from '../logs/log-lines.ts'
import { parseLogWindow } from '../logs/log-window.ts'
import { searchOf } from '../logs/search-text.ts'
import { windowAnswerOf } from '../window.ts'

const DEFAULT_LIMIT = 200

export function logsRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Search log lines',
    description: 'Newest first unless asked otherwise. A later page is of the window of the first. The window is the very one asked for.',
    tags: ['logs'],
    querystring: logsParameters.strict(),
    response: { 200: logsAnswer },
  }
  app.get('/api/logs', { schema }, async (request): Promise<LogsAnswer> => {
    const { limit = DEFAULT_LIMIT, order = 'desc' } = request.query
    const question = questionHash(request.query)
    const page = request.query.cursor === undefined ? null : decodeCursor(request.query.cursor, question)
    const window = page?.window ?? parseLogWindow(request.query, deps.clock())
    const search = searchOf(request.query)
    return deps.ask(request, async (tenant) => {
      const rows = await deps.store.logs.search({ tenant, ...window, search, order, limit: limit + 1, ...(page === null ? {} : { after: page.after }) })
      const shown = rows.slice(0, limit)
      const last = rows.length > limit ? shown.at(-1) : undefined
      const notes = rows.length === 0 && page === null ? await emptyNotes(deps.store, { tenant, ...window }) : []
      const cursor = last === undefined ? null : encodeCursor(question, window, last.id)
      return { window: windowAnswerOf(window), ...(await answerLines(deps.store, tenant, shown)), cursor, notes }
    })
  })
}
