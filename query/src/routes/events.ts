import { type ChangeEvent, changeEvent, type EventsAnswer, eventsAnswer, eventsParameters, type NewEvent, newEvent } from '@skein/schemas/api/events'
import type { Config } from '@skein/schemas/config'
import type { PostedEvent } from '@skein/store/contract-events'
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { App, RouteDeps } from '../app-types.ts'
import { postedEvent, readChanges } from '../changes/change-events.ts'
import { invalidParameter, ProblemError } from '../problem-error.ts'
import { refuseCrossSite } from '../same-site.ts'
import { isoTime, parseTime, parseWindow, windowAnswerOf } from '../window.ts'

const DAY_MS = 86_400_000
const BODY_BYTES = 64 * 1024
const EVENT_ID = newEvent.shape.id.unwrap()

export function eventsRoute(app: App, deps: RouteDeps): void {
  const listing = {
    summary: 'What changed: deployments, configuration, images, CDN switches, versions',
    description: 'Posted ones, and new values of service.version found in the telemetry. A filter keeps what does not say: it concerns everyone.',
    tags: ['events'],
    querystring: eventsParameters.strict(),
    response: { 200: eventsAnswer },
  }
  app.get('/api/events', { schema: listing }, async (request): Promise<EventsAnswer> => {
    const { start, end, ...filter } = request.query
    const window = parseWindow({ start, end }, deps.clock())
    const found = await deps.ask(request, (tenant) => readChanges(deps.store, { tenant, ...window }, filter))
    return { window: windowAnswerOf(window), ...found }
  })
  const posting = {
    summary: 'Tell of a change',
    description: 'Durable once answered. The same id, or Idempotency-Key, told again is answered with what was told first and counts once.',
    tags: ['events'],
    body: newEvent,
    response: { 201: changeEvent },
  }
  app.post('/api/events', { schema: posting, bodyLimit: BODY_BYTES, onRequest: refuseCrossSite }, async (request, reply): Promise<ChangeEvent> => {
    const id = idOf(request.body, request.headers['idempotency-key'])
    const told = eventOf(request.body, id ?? randomUUID(), { nowMs: deps.clock(), config: deps.config })
    const kept = await deps.ask(request, (tenant) => deps.store.events.post(tenant, told))
    if (!saysTheSame(kept, told, request.body)) throw otherEvent(kept)
    return reply.code(201).send(postedEvent(kept))
  })
}

function idOf({ id }: NewEvent, header: string | string[] | undefined): string | undefined {
  if (id !== undefined || header === undefined) return id
  const key = EVENT_ID.safeParse([header].flat().join(','))
  if (!key.success) throw invalidParameter('Idempotency-Key', key.error.issues[0]?.message ?? 'is not valid')
  return key.data
}

function eventOf(body: NewEvent, id: string, { nowMs, config }: { nowMs: number; config: Config }): PostedEvent {
  return {
    id,
    timeMs: timeOf(body.time, nowMs, config.retention.rollupDays),
    kind: body.kind,
    title: body.title,
    environment: body.environment ?? '',
    cluster: body.cluster ?? '',
    namespace: body.namespace ?? '',
    service: body.service ?? '',
    fromVersion: body.fromVersion ?? '',
    toVersion: body.version ?? '',
    link: body.link ?? '',
    attributes: body.attributes ?? {},
  }
}

function timeOf(time: NewEvent['time'], nowMs: number, keptDays: number): number {
  if (time === undefined) return nowMs
  const timeMs = parseTime('time', String(time), nowMs)
  if (timeMs > nowMs + DAY_MS) throw invalidParameter('time', `must be at most a day ahead (now: ${isoTime(nowMs)})`)
  if (timeMs < nowMs - keptDays * DAY_MS) throw invalidParameter('time', `must be within the ${keptDays} days that events are kept`)
  return timeMs
}

/** A time that was not given, or given as so long ago, is another one each time it is told. */
function saysTheSame(kept: PostedEvent, told: PostedEvent, { time }: NewEvent): boolean {
  const moves = time === undefined || String(time).startsWith('now')
  return isDeepStrictEqual(moves ? { ...told, timeMs: kept.timeMs } : told, kept)
}

function otherEvent({ id, title, timeMs }: PostedEvent): ProblemError {
  return new ProblemError('conflict', {
    detail: `Another event was told as "${id}": "${title}" at ${isoTime(timeMs)}.`,
    hint: 'An event does not change once it was told: give the new one an id of its own.',
  })
}
