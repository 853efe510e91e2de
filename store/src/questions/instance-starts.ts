import type { TenantWindow } from '../contract-terms.ts'
import type { EventStore } from '../contract-events.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { sql, texts } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { minutesOf } from '../sql/window.ts'
import { BY_SERVICE, keyText, SERVICE_COLUMNS, serviceKey } from './service-sums.ts'

/** An instance that was silent for longer is new when it speaks. */
const BEFORE_MS = 3_600_000

type InstanceStart = Awaited<ReturnType<EventStore['instanceStarts']>>[number]

export async function instanceStarts(engine: Engine, window: TenantWindow, services: readonly string[]): Promise<InstanceStart[]> {
  if (services.length === 0) return []
  const rows = await engine.ask(firstMinutesQuery({ ...window, startMs: Math.max(0, window.startMs - BEFORE_MS) }, services))
  const ranBefore = new Set(rows.filter(({ minuteMs }) => minuteMs < window.startMs).map(keyText))
  return rows
    .filter((row) => row.minuteMs >= window.startMs && ranBefore.has(keyText(row)))
    .map((row) => ({ ...serviceKey(row), instance: row.instance, minuteMs: row.minuteMs }))
}

export function firstMinutesQuery(window: TenantWindow, services: readonly string[]) {
  return compile({
    scope: window,
    from: 'instances',
    columns: { ...SERVICE_COLUMNS, instance: asText(sql`instance`), minuteMs: asNumber(sql`toUnixTimestamp(min(minute)) * 1000`) },
    where: [minutesOf(window), sql`has(${texts(services)}, service)`],
    groupBy: sql`${BY_SERVICE}, instance`,
    orderBy: sql`minuteMs, ${BY_SERVICE}, instance`,
  })
}
