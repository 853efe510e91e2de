import { histogramOf, histogramQuantileNs } from '@skein/schemas/histogram'
import type { WholeQuestion, WindowCache } from '../cache/window-cache.ts'
import type { EdgeEndQuestions, EdgeInstanceRow } from '../contract-edges.ts'
import type { ServiceKey, TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { asHistogram, asNumber, asText } from '../sql/column.ts'
import { every, list, some, sql, uint16, uint32, uint64Ids } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'
import { EDGE_ID } from './edges.ts'
import { inParts } from './in-parts.ts'
import { summedHistogram } from './red.ts'

const VIEWERS_BYTES = 120
const PROXY_BYTES = 300
const HOUR_SECONDS = 3600
const MINUTE_SECONDS = 60
/** Groups asked for at once: their ids are part of the question. */
const GROUPS_A_QUESTION = 500

export function edgeEndQuestions(engine: Engine, cache: WindowCache): EdgeEndQuestions {
  const viewers = viewersQuestion(engine)
  const proxies = proxiesQuestion(engine)
  return {
    async edgeInstances(window, edgeIds, perSide) {
      const rows = await engine.ask(edgeInstancesQuery(window, edgeIds, perSide))
      return rows.map(({ side, duration, instance, calls, errors, ...all }) => ({
        ...{ instance, calls, errors },
        side: side === 'source' ? 'source' : 'target',
        p95: coarseP95(duration.from, duration.counts),
        ofSide: { instances: all.sideInstances, calls: all.sideCalls, errors: all.sideErrors },
      }))
    },
    async edgeOperationSums(window, edgeIds) {
      const [sums] = await engine.ask(edgeOperationSumsQuery(window, edgeIds))
      return sums ?? { operations: 0, calls: 0, errors: 0 }
    },
    viewers: (window) => cache.whole(viewers, window),
    async viewersOfGroups(window, groups) {
      const counts: number[] = []
      for (let from = 0; from < groups.length; from += GROUPS_A_QUESTION) {
        const part = groups.slice(from, from + GROUPS_A_QUESTION)
        const rows = await engine.ask(groupViewersQuery(window, part))
        const known = new Map(rows.map((row) => [row.number, row.viewers]))
        counts.push(...part.map((_, number) => known.get(number) ?? 0))
      }
      return counts
    },
    proxies: (window) => cache.whole(proxies, window),
  }
}

/** Buckets of ends are of scale 2: the middle one of the eight that each stands for. */
function coarseP95(from: number, counts: ArrayLike<number>): EdgeInstanceRow['p95'] {
  const fine = histogramOf(Array.from(counts, (count, i) => [from + i < 0 ? -1 : (from + i) * 8 + 4, count] as const))
  return histogramQuantileNs(fine, 0.95)
}

export function edgeInstancesQuery(window: TenantWindow, edgeIds: readonly string[], perSide: number) {
  return compile({
    scope: window,
    from: 'edge_instances',
    columns: {
      side: asText(sql`side`),
      instance: asText(sql`instance`),
      calls: asNumber(sql`sum(calls)`),
      errors: asNumber(sql`sum(errors)`),
      duration: asHistogram(summedHistogram(sql`duration`)),
      // before the limit cuts
      sideInstances: asNumber(sql`count() OVER (PARTITION BY side)`),
      sideCalls: asNumber(sql`sum(sum(calls)) OVER (PARTITION BY side)`),
      sideErrors: asNumber(sql`sum(sum(errors)) OVER (PARTITION BY side)`),
    },
    where: [minutesOf(window), sql`edge_id IN ${uint64Ids(edgeIds)}`],
    groupBy: sql`side, instance`,
    having: [sql`sum(calls) > 0`],
    orderBy: sql`side, sum(calls) DESC, instance`,
    limitBy: { rows: perSide, by: sql`side` },
  })
}

export function edgeOperationSumsQuery(window: TenantWindow, edgeIds: readonly string[]) {
  return compile({
    scope: window,
    from: 'edges',
    columns: { operations: asNumber(sql`uniqCombined64If(operation, calls > 0)`), calls: asNumber(sql`sum(calls)`), errors: asNumber(sql`sum(errors)`) },
    where: [minutesOf(window), sql`has(${uint64Ids(edgeIds)}, edge_id)`],
  })
}

function viewersQuestion(engine: Engine): WholeQuestion<ReadonlyMap<string, number>> {
  return {
    name: 'viewers',
    table: 'edge_viewers',
    async ask(window) {
      const parts = await inParts(sql`edge_id`, (part) => engine.ask(viewersQuery(window, part)))
      return new Map(parts.flatMap((rows) => rows.map(({ edgeId, viewers }) => [edgeId, viewers])))
    },
    answerBytes: (answer) => answer.size * VIEWERS_BYTES,
  }
}

export function viewersQuery(window: TenantWindow, part: readonly Fragment[] = []) {
  return compile({
    scope: window,
    from: 'edge_viewers',
    columns: { edgeId: asText(EDGE_ID), viewers: asNumber(sql`uniqCombined64Merge(12)(sketch)`) },
    where: [stepsOf(window), ...part],
    groupBy: sql`edge_id`,
  })
}

export function groupViewersQuery(window: TenantWindow, groups: readonly (readonly string[])[]) {
  const isOf = groups.map((ids) => sql`has(${uint64Ids(ids)}, edge_id)`)
  const number = list(isOf.flatMap((isOne, at) => [isOne, sql`${uint32(at)}`]))
  return compile({
    scope: window,
    from: 'edge_viewers',
    columns: { number: asNumber(sql`multiIf(${number}, ${uint32(groups.length)})`), viewers: asNumber(sql`uniqCombined64Merge(12)(sketch)`) },
    where: [stepsOf(window), sql`has(${uint64Ids(groups.flat())}, edge_id)`],
    groupBy: sql`multiIf(${number}, ${uint32(groups.length)})`,
  })
}

/** Whole hours of a window from the rows of hours, what lies before and behind from those of minutes. */
function stepsOf(window: TenantWindow): Fragment {
  const start = Math.floor(window.startMs / 60_000) * MINUTE_SECONDS
  const end = Math.ceil(window.endMs / 60_000) * MINUTE_SECONDS
  const firstHour = Math.ceil(start / HOUR_SECONDS) * HOUR_SECONDS
  const lastHour = Math.floor(end / HOUR_SECONDS) * HOUR_SECONDS
  if (lastHour <= firstHour) return rowsOf(MINUTE_SECONDS, start, end)
  return some([rowsOf(HOUR_SECONDS, firstHour, lastHour), rowsOf(MINUTE_SECONDS, start, firstHour), rowsOf(MINUTE_SECONDS, lastHour, end)])
}

function rowsOf(step: number, from: number, to: number): Fragment {
  return every([sql`step = ${uint16(step)}`, sql`minute >= toDateTime(${uint32(Math.max(0, from))})`, sql`minute < toDateTime(${uint32(Math.max(0, to))})`])
}

function proxiesQuestion(engine: Engine): WholeQuestion<readonly (ServiceKey & { proxy: string })[]> {
  return {
    name: 'proxies',
    table: 'instances',
    ask: (window) => engine.ask(proxiesQuery(window)),
    answerBytes: (rows) => rows.length * PROXY_BYTES,
  }
}

export function proxiesQuery(window: TenantWindow) {
  return compile({
    scope: window,
    from: 'instances',
    columns: {
      environment: asText(sql`environment`),
      cluster: asText(sql`cluster`),
      namespace: asText(sql`namespace`),
      service: asText(sql`service`),
      proxy: asText(sql`max(proxy)`),
    },
    where: [minutesOf(window), sql`proxy != ''`],
    groupBy: sql`environment, cluster, namespace, service`,
  })
}
