import { logTailParameters, type TailLines } from '@skein/schemas/api/logs'
import type { Search } from '@skein/schemas/filter/tree'
import type { TailPosition } from '@skein/store/contract-logs'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { FastifyRequest } from 'fastify'
import type { App, RouteDeps } from '../app-types.ts'
import { problemOf } from '../errors.ts'
import { answerLines, type KnownResources } from '../logs/log-lines.ts'
import { sendStream } from '../logs/send-stream.ts'
import { searchOf } from '../logs/search-text.ts'
import { runTail, type TailSink, type TailSource } from '../logs/tail.ts'
import { parseTailId } from '../logs/tail-id.ts'
import { MAX_TAILS_PER_TENANT } from '../open-tails.ts'
import { invalidParameter, ProblemError, problemBody } from '../problem-error.ts'
import { tenantOf } from '../tenant.ts'

const DEFAULT_BACKLOG = 100
/** How far back the newest lines are looked for. */
const BACKLOG_MS = 3_600_000
/** A reader that was away for longer begins anew. */
const AWAY_MS = 900_000
/** Lines that are received now may be of a partition that was silent before. */
const LOOK_BACK_MS = 60_000
/** Resources that are kept from one step to the next. */
const MAX_KNOWN = 2000

export function logTailRoute(app: App, deps: RouteDeps): void {
  const ending = new AbortController()
  app.addHook('preClose', async () => ending.abort())
  const schema = {
    summary: 'Log lines as they come in',
    description:
      'Server-sent events `lines`, `dropped`, `state` and `problem`, after the rules. `Last-Event-ID` or `since` goes on behind the event of that id.',
    tags: ['logs'],
    querystring: logTailParameters.strict(),
    response: { 200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } } },
  }
  app.get('/api/logs/tail', { schema, compress: false }, async (request, reply) => {
    const tenant = tenantOf(request)
    const asked: AskedTail = { search: searchOf(request.query), backlog: request.query.backlog ?? DEFAULT_BACKLOG, since: sinceOf(request) }
    const leave = deps.openTails.enter(tenant)
    if (leave === null) {
      throw new ProblemError('too_many_queries', {
        detail: `${MAX_TAILS_PER_TENANT} tails are open.`,
        limit: 'query_tails',
        hint: 'Close one of them.',
        retryAfterSeconds: 5,
      })
    }
    try {
      const connection = createConnection(deps, request, asked)
      const start = await connection.begin()
      const { sink, stream, over } = createSink(request, ending.signal)
      const wait = (ms: number): Promise<void> => delay(ms, undefined, { signal: over }).catch(() => undefined)
      void runTail({ source: connection.source, sink, clock: deps.clock, wait }, start)
        .finally(() => stream.push(null))
        .finally(leave)
      void reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no')
      return sendStream(reply, stream)
    } catch (error) {
      leave()
      throw error
    }
  })
}

interface AskedTail {
  search: Search | null
  backlog: number
  since: TailPosition | null
}

function sinceOf(request: FastifyRequest<{ Querystring: z.infer<typeof logTailParameters> }>): TailPosition | null {
  const header = request.headers['last-event-id']
  const given = typeof header === 'string' && header !== '' ? header : request.query.since
  if (given === undefined) return null
  const position = parseTailId(given)
  if (position === null) throw invalidParameter('since', 'is no id of an event of a tail', 'Use the id of the last event, unchanged, or leave it out.')
  return position
}

/** What is read for one reader. */
function createConnection(
  deps: RouteDeps,
  request: FastifyRequest,
  { search, backlog, since }: AskedTail,
): {
  source: TailSource
  begin(): Promise<{ position: TailPosition; lines: TailLines }>
} {
  const { logs } = deps.store
  const known: KnownResources = new Map()
  const answer: TailSource['answer'] = ({ rows }) =>
    deps.ask(request, (tenant) => {
      if (known.size > MAX_KNOWN) known.clear()
      return answerLines(deps.store, tenant, rows, known)
    })
  return {
    source: {
      answer,
      step: (from, limit) => deps.ask(request, (tenant) => logs.tail(tenant, from, { search, limit })),
      problemOf: (error) => problemBody(problemOf(error) ?? new ProblemError('internal'), request.id),
    },
    async begin() {
      const nowMs = deps.clock()
      const newestMs = since === null ? 0 : Math.max(since.sinceMs, ...[...since.partitions.values()].map(({ receivedMs }) => receivedMs))
      if (since !== null && newestMs >= nowMs - AWAY_MS) return { position: since, lines: { lines: [], resources: {} } }
      const position = await deps.ask(request, (tenant) => logs.newestPosition(tenant, nowMs - LOOK_BACK_MS))
      const window = { startMs: nowMs - BACKLOG_MS, endMs: nowMs + LOOK_BACK_MS }
      const rows = backlog === 0 ? [] : await deps.ask(request, (tenant) => logs.search({ tenant, ...window, search, order: 'desc', limit: backlog }))
      return { position, lines: await answer({ rows: rows.reverse() }) }
    },
  }
}

function createSink(request: FastifyRequest, ending: AbortSignal): { sink: TailSink; stream: Readable; over: AbortSignal } {
  const gone = new AbortController()
  request.raw.socket.once('close', () => gone.abort())
  if (request.raw.socket.destroyed) gone.abort()
  const over = AbortSignal.any([gone.signal, ending])
  const stream = new Readable({ read: () => undefined })
  const sink: TailSink = {
    write: (text) => void (stream.destroyed || stream.push(text)),
    backlogBytes: () => stream.readableLength,
    isOver: () => over.aborted || stream.destroyed,
  }
  return { sink, stream, over }
}
