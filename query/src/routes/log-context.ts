import { type LogContextAnswer, logContextAnswer, logContextParameters } from '@skein/schemas/api/logs'
import { LogAttribute } from '@skein/schemas/log'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { answerLines } from '../logs/log-lines.ts'
import { ProblemError } from '../problem-error.ts'

const DEFAULT_LINES = 20

export function logContextRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'The lines around a line',
    description: 'Of the same file of the same resource; of the same service and resource when the line is of no file. At most a day away.',
    tags: ['logs'],
    params: z.object({ id: z.string() }),
    querystring: logContextParameters.strict(),
    response: { 200: logContextAnswer },
  }
  app.get('/api/logs/:id/context', { schema }, async (request): Promise<LogContextAnswer> => {
    const { before = DEFAULT_LINES, after = DEFAULT_LINES } = request.query
    return deps.ask(request, async (tenant) => {
      const row = await deps.store.logs.line(tenant, request.params.id)
      if (row === undefined) {
        throw new ProblemError('log_line_not_found', { detail: `There is no line ${request.params.id}.`, hint: 'Lines are kept for as long as traces are.' })
      }
      const around = await deps.store.logs.around(tenant, row, { before, after })
      const { lines, resources } = await answerLines(deps.store, tenant, [...around.before, row, ...around.after])
      const at = around.before.length
      const path = row.attributes.find(([key]) => key === LogAttribute.filePath)?.[1]
      return {
        before: lines.slice(0, at),
        line: lines[at]!,
        after: lines.slice(at + 1),
        resources,
        file: typeof path === 'string' ? path : null,
        notes: [],
      }
    })
  })
}
