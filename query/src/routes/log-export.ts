import { logExportParameters } from '@skein/schemas/api/logs'
import type { Search } from '@skein/schemas/filter/tree'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { FastifyRequest } from 'fastify'
import type { App, RouteDeps } from '../app-types.ts'
import { CSV_HEADER, exportedLine, type ExportFormat, truncationMark } from '../logs/export-text.ts'
import { answerLines, type KnownResources } from '../logs/log-lines.ts'
import { parseLogWindow } from '../logs/log-window.ts'
import { sendStream } from '../logs/send-stream.ts'
import { searchOf } from '../logs/search-text.ts'
import type { Window } from '../window.ts'

const DEFAULT_LIMIT = 10_000
const PAGE_LINES = 2000
const TYPES: Readonly<Record<ExportFormat, string>> = { ndjson: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' }

export function logExportRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Log lines as a file',
    description: 'Of the search of /api/logs, as NDJSON or CSV. When there are more lines than the limit, the last line of the file says so.',
    tags: ['logs'],
    querystring: logExportParameters.strict(),
    response: { 200: { description: 'The file', content: { 'application/x-ndjson': { schema: z.string() }, 'text/csv': { schema: z.string() } } } },
  }
  app.get('/api/logs/export', { schema }, async (request, reply) => {
    const { format = 'ndjson', limit = DEFAULT_LIMIT, order = 'desc' } = request.query
    const window = parseLogWindow(request.query, deps.clock())
    const file: ExportedFile = { window, search: searchOf(request.query), order, format, limit }
    const chunks = writeFile(deps, request, file)
    // The first page is asked for before anything is answered: what fails at once fails with a problem and not with half a file.
    const first = await chunks.next()
    const name = `skein-logs-${new Date(window.startMs).toISOString().replaceAll(/[:.]/g, '-')}.${format}`
    void reply.type(TYPES[format]).header('content-disposition', `attachment; filename="${name}"`)
    return sendStream(reply, Readable.from(follow(first.value ?? '', chunks)))
  })
}

interface ExportedFile {
  window: Window
  search: Search | null
  order: 'desc' | 'asc'
  format: ExportFormat
  limit: number
}

async function* writeFile(deps: RouteDeps, request: FastifyRequest, { window, search, order, format, limit }: ExportedFile): AsyncGenerator<string> {
  const known: KnownResources = new Map()
  let after: string | undefined
  for (let left = limit; left > 0; ) {
    const wanted = Math.min(left, PAGE_LINES)
    const { text, last, isMore } = await deps.ask(request, async (tenant) => {
      const rows = await deps.store.logs.search({ tenant, ...window, search, order, limit: wanted + 1, ...(after === undefined ? {} : { after }) })
      const { lines, resources } = await answerLines(deps.store, tenant, rows.slice(0, wanted), known)
      const written = lines.map((line) => exportedLine(format, line, resources[line.resource] ?? {}))
      return { text: written.join(''), last: lines.at(-1)?.id, isMore: rows.length > wanted }
    })
    left -= wanted
    const head = after === undefined && format === 'csv' ? CSV_HEADER : ''
    const tail = isMore && left === 0 ? truncationMark(format, limit) : ''
    yield `${head}${text}${tail}`
    if (!isMore || last === undefined) return
    after = last
  }
}

async function* follow(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first
  yield* rest
}
