import type { Segment } from '../cache/segments.ts'
import type { CachedQuestion, WindowCache } from '../cache/window-cache.ts'
import type { ServiceKey, TenantWindow } from '../contract-terms.ts'
import type { VersionStart } from '../contract-events.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { every, sql, some, text, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { insideSegments, marksQuery } from './packed-sums.ts'
import { BY_SERVICE, keyText, SERVICE_COLUMNS, serviceKey } from './service-sums.ts'

const HOUR_MS = 3_600_000
const MINUTE_SECONDS = 60
/** A version that paused no longer than this ran on. */
const PAUSE_SECONDS = 3600
/** How far before a window a version is looked for that ran before; services that are called more seldom tell no changes. */
const BEFORE_MS = 6 * HOUR_MS
/** Time a roll-out is given to take its largest share. */
const ROLL_OUT_SECONDS = 900
/** Starts one question asks the shares of. */
const STARTS_A_LOOK = 100
const STRETCH_BYTES = 400
/** Rows of instances one reading looks at: it answers no more than these. */
const ROWS_A_LOAD = 40_000

/** Whole minutes, in Unix seconds, over which a service ran a version: `from ≤ minute ≤ to`. */
export interface Stretch extends ServiceKey {
  version: string
  from: number
  to: number
}

export async function versionStarts(engine: Engine, cache: WindowCache, window: TenantWindow): Promise<VersionStart[]> {
  const stretches = await cache.ask(stretchesQuestion(engine), { ...window, startMs: Math.max(0, window.startMs - BEFORE_MS) })
  const starts = startsOf(stretches, window.startMs)
  const looks = Array.from({ length: Math.ceil(starts.length / STARTS_A_LOOK) }, (_, at) => starts.slice(at * STARTS_A_LOOK, (at + 1) * STARTS_A_LOOK))
  const shares = await Promise.all(looks.map((look) => engine.ask(sharesQuery(window.tenant, look))))
  return withShares(starts, shares.flat())
}

function stretchesQuestion(engine: Engine): CachedQuestion<readonly Stretch[], readonly Stretch[]> {
  const bytes = (stretches: readonly Stretch[]): number => stretches.length * STRETCH_BYTES
  return {
    name: 'versions',
    table: 'instances',
    rowsALoad: ROWS_A_LOAD,
    marks: (window) => engine.ask(marksQuery(window, 'instances')),
    load: (tenant, segments) => loadStretches(engine, tenant, segments),
    add: (parts) => joinStretches(parts.flat()),
    answer: async (_, stretches) => stretches ?? [],
    partBytes: bytes,
    answerBytes: bytes,
  }
}

/** Segments of one length are read together. */
async function loadStretches(engine: Engine, tenant: string, segments: readonly Segment[]): Promise<Stretch[][]> {
  const lengths = [...Map.groupBy(segments, ({ from, to }) => to - from)]
  const rows = (await Promise.all(lengths.map(([length, same]) => engine.ask(stretchesQuery(tenant, same, length))))).flat()
  const byStart = new Map(segments.map(({ from, to }) => [from, { from, to, stretches: [] as Stretch[] }]))
  for (const { slot, ...stretch } of rows) byStart.get(slot)?.stretches.push(stretch)
  return segments.map(({ from }) => byStart.get(from)?.stretches ?? [])
}

/** By segments of one length, each beginning at a whole multiple of it, none longer than a pause. */
export function stretchesQuery(tenant: string, segments: readonly Segment[], length: number) {
  const slot = sql`intDiv(toUnixTimestamp(minute), ${uint32(length)})`
  return compile({
    scope: { tenant },
    from: 'instances',
    columns: {
      ...SERVICE_COLUMNS,
      version: asText(sql`version`),
      slot: asNumber(sql`${slot} * ${uint32(length)}`),
      from: asNumber(sql`min(toUnixTimestamp(minute))`),
      to: asNumber(sql`max(toUnixTimestamp(minute))`),
    },
    where: [insideSegments(segments), sql`version != ''`],
    groupBy: sql`${BY_SERVICE}, version, ${slot}`,
  })
}

/** Stretches of one version with no longer pause between them are one. */
export function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = []
  const last = new Map<string, Stretch>()
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from)) {
    const key = `${keyText(stretch)} ${stretch.version}`
    const before = last.get(key)
    if (before !== undefined && stretch.from - before.to <= PAUSE_SECONDS) {
      before.to = Math.max(before.to, stretch.to)
      continue
    }
    const own = { ...stretch }
    last.set(key, own)
    joined.push(own)
  }
  return joined
}

type Start = Omit<VersionStart, 'instances' | 'instancesOfAll'>

/** Stretches that begin at or after a time, after one of another version. What ran last before is what it was changed from. */
export function startsOf(stretches: readonly Stretch[], sinceMs: number): Start[] {
  const byService = Map.groupBy(stretches, keyText)
  const starts = [...byService.values()].flatMap((all) =>
    all.flatMap((stretch) => {
      const before = all
        .filter(({ from }) => from < stretch.from)
        .sort((a, b) => Math.min(b.to, stretch.from) - Math.min(a.to, stretch.from) || b.from - a.from)[0]
      if (stretch.from * 1000 < sinceMs || before === undefined || before.version === stretch.version) return []
      return [{ ...serviceKey(stretch), minuteMs: stretch.from * 1000, fromVersion: before.version, toVersion: stretch.version }]
    }),
  )
  return starts.sort((a, b) => a.minuteMs - b.minuteMs || (keyText(a) < keyText(b) ? -1 : 1))
}

/** By minute and version, instances of the services of some starts while these rolled out. */
export function sharesQuery(tenant: string, starts: readonly Start[]) {
  return compile({
    scope: { tenant },
    from: 'instances',
    columns: {
      ...SERVICE_COLUMNS,
      seconds: asNumber(sql`toUnixTimestamp(minute)`),
      version: asText(sql`version`),
      instances: asNumber(sql`uniqExact(instance)`),
    },
    where: [
      some(
        starts.map(({ service, minuteMs }) =>
          every([
            sql`service = ${text(service)}`,
            sql`minute >= toDateTime(${uint32(minuteMs / 1000)})`,
            sql`minute < toDateTime(${uint32(minuteMs / 1000 + ROLL_OUT_SECONDS)})`,
          ]),
        ),
      ),
    ],
    groupBy: sql`${BY_SERVICE}, minute, version`,
  })
}

type ShareRow = ServiceKey & { seconds: number; version: string; instances: number }

function withShares(starts: readonly Start[], rows: readonly ShareRow[]): VersionStart[] {
  const byService = Map.groupBy(rows, keyText)
  return starts.map((start) => {
    const from = start.minuteMs / 1000
    const own = (byService.get(keyText(start)) ?? []).filter(({ seconds }) => seconds >= from && seconds < from + ROLL_OUT_SECONDS)
    return { ...start, ...largestShare(own, start.toVersion) }
  })
}

function largestShare(rows: readonly ShareRow[], version: string): Pick<VersionStart, 'instances' | 'instancesOfAll'> {
  let largest = { instances: 0, instancesOfAll: 0 }
  for (const minute of Map.groupBy(rows, ({ seconds }) => Math.floor(seconds / MINUTE_SECONDS)).values()) {
    const instances = minute.find((row) => row.version === version)?.instances ?? 0
    const instancesOfAll = minute.reduce((sum, row) => sum + row.instances, 0)
    if (instances * largest.instancesOfAll > largest.instances * instancesOfAll || largest.instancesOfAll === 0) largest = { instances, instancesOfAll }
  }
  return largest
}
