import { EVENT_KINDS, type EventKind } from '@skein/schemas/api/events'
import type { WindowCache } from '../cache/window-cache.ts'
import type { IngestStore } from '../contract.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { EventStore, PostedEvent } from '../contract-events.ts'
import type { Engine } from '../engine.ts'
import { createNativeBlock } from '../native/block.ts'
import { asNumber, asText } from '../sql/column.ts'
import { sql, text } from '../sql/fragment.ts'
import { compile, type RowOf } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import { beforeMs, sinceMs } from '../sql/window.ts'
import { TABLES } from '../tables.ts'
import { instanceStarts } from './instance-starts.ts'
import { versionStarts } from './version-starts.ts'

const DAY_MS = 86_400_000

export function createEventStore(engine: Engine, ingest: IngestStore, cache: WindowCache): EventStore {
  const find = async (tenant: string, id: string): Promise<PostedEvent | undefined> => (await engine.ask(eventQuery(tenant, id))).map(postedEvent)[0]
  return {
    async post(tenant, event) {
      const known = await find(tenant, event.id)
      if (known !== undefined) return known
      // An id may hold colons, the encoded tenant none: no two tenants have the same range.
      const range = `events:${encodeURIComponent(tenant)}:${event.id}`
      await ingest.insert(range, { table: 'events', blocks: [eventBlock(tenant, event)], rows: 1, days: [Math.floor(event.timeMs / DAY_MS)] }, false)
      // Of two told at the same time the token lets one in.
      return (await find(tenant, event.id)) ?? event
    },
    posted: async (window, limit) => (await engine.ask(postedQuery(window, limit))).map(postedEvent).reverse(),
    versions: (window) => versionStarts(engine, cache, window),
    instanceStarts: (window, services) => instanceStarts(engine, window, services),
  }
}

const EVENT_COLUMNS = {
  id: asText(sql`id`),
  timeMs: asNumber(sql`toUnixTimestamp64Milli(time)`),
  kind: asText(sql`kind`),
  title: asText(sql`title`),
  environment: asText(sql`environment`),
  cluster: asText(sql`cluster`),
  namespace: asText(sql`namespace`),
  service: asText(sql`service`),
  fromVersion: asText(sql`from_version`),
  toVersion: asText(sql`to_version`),
  link: asText(sql`link`),
  attributes: asText(sql`attributes`),
} as const

export function eventQuery(tenant: string, id: string) {
  return compile({ scope: { tenant }, from: 'events', columns: EVENT_COLUMNS, where: [sql`id = ${text(id)}`], orderBy: FIRST, limit: 1 })
}

const FIRST: Fragment = sql`time`

/** Newest first. */
export function postedQuery(window: TenantWindow, limit: number) {
  return compile({
    scope: window,
    from: 'events',
    columns: EVENT_COLUMNS,
    where: [sinceMs(sql`time`, window.startMs), beforeMs(sql`time`, window.endMs)],
    orderBy: sql`time DESC, id DESC`,
    limitBy: { rows: 1, by: sql`id` },
    limit,
  })
}

function postedEvent(row: RowOf<typeof EVENT_COLUMNS>): PostedEvent {
  return { ...row, kind: EVENT_KINDS.find((kind) => kind === row.kind) ?? ('other' satisfies EventKind), attributes: attributesOf(row.attributes) }
}

function attributesOf(json: string): Record<string, string> {
  return JSON.parse(json === '' ? '{}' : json) as Record<string, string>
}

function eventBlock(tenant: string, event: PostedEvent): Uint8Array {
  const block = createNativeBlock(TABLES.events.columns, 1)
  const word = (column: string, value: string): void => block.lowCardinality(column, [value], new Uint8Array(1))
  word('tenant', tenant)
  block.integers('time', [event.timeMs])
  block.texts('id', [event.id])
  word('kind', event.kind)
  block.texts('title', [event.title])
  word('environment', event.environment)
  word('cluster', event.cluster)
  word('namespace', event.namespace)
  word('service', event.service)
  word('from_version', event.fromVersion)
  word('to_version', event.toVersion)
  block.texts('link', [event.link])
  block.texts('attributes', [JSON.stringify(event.attributes)])
  return block.finish()
}
