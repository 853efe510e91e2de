import { Topic } from '@skein/schemas/topics'
import type { TailPosition, TailStep } from '../contract-logs.ts'
import type { Engine } from '../engine.ts'
import { asNumber } from '../sql/column.ts'
import { every, some, sql, text, uint16, uint64 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import { sinceMs } from '../sql/window.ts'
import { LOG_COLUMNS, logRow } from './log-rows.ts'

/** Of `seq`: partition · offset · place. */
const OFFSET_BITS = 36n
const PLACE_BITS = 20n
const NO_OFFSET = -1
/** How much older than its range's end an envelope may be in a range that was cut after a long absence. */
const RANGE_SPAN_MS = 600_000

/** Up to where lines were inserted, of what was received since a time. A partition that is not named has had nothing since. */
export async function newestPosition(engine: Engine, tenant: string, since: number): Promise<TailPosition> {
  const rows = await engine.ask(endsQuery(tenant, { sinceMs: since, partitions: new Map() }))
  return { sinceMs: since, partitions: new Map(rows.map(({ partition, offset, receivedMs }) => [partition, { offset, receivedMs }])) }
}

/** What was inserted behind a position. */
export async function tailStep(
  engine: Engine,
  { tenant, from, where, limit }: { tenant: string; from: TailPosition; where: readonly Fragment[]; limit: number },
): Promise<TailStep> {
  const ends = await engine.ask(endsQuery(tenant, from))
  if (ends.length === 0) return { rows: [], left: 0, seen: 0, position: from, oldestMs: null }
  const partitions = new Map(from.partitions)
  for (const { partition, offset, receivedMs } of ends) partitions.set(partition, { offset, receivedMs })
  const rows = await engine.ask(tailQuery({ tenant, from, ends, where, limit: limit + 1 }))
  const left = rows.length <= limit ? 0 : await countLeft(engine, { tenant, from, ends, where, limit })
  return {
    rows: rows.slice(0, limit).map(logRow),
    left,
    seen: ends.reduce((sum, { lines }) => sum + lines, 0),
    position: { sinceMs: from.sinceMs, partitions },
    oldestMs: rows[0]?.receivedMs ?? null,
  }
}

function offsetOf(position: TailPosition, partition: number): number {
  return position.partitions.get(partition)?.offset ?? NO_OFFSET
}

interface RangeEnd {
  partition: number
  offset: number
  receivedMs: number
  lines: number
}

/** The newest end of the ranges behind a position, for each partition that has any, and how many lines they brought. */
export function endsQuery(tenant: string, { sinceMs: since, partitions }: TailPosition) {
  const known = [...partitions.keys()]
  const others = known.map((partition) => sql`partition != ${uint16(partition)}`)
  const later = [...partitions].map(([partition, { offset, receivedMs }]) =>
    every([sql`partition = ${uint16(partition)}`, sql`last > ${uint64(String(offset))}`, sinceMs(sql`received`, receivedMs)]),
  )
  return compile({
    scope: { tenant },
    from: 'ranges',
    columns: {
      partition: asNumber(sql`partition`),
      offset: asNumber(sql`max(last)`),
      receivedMs: asNumber(sql`toUnixTimestamp64Milli(max(received))`),
      lines: asNumber(sql`sum(visible)`),
    },
    where: [sql`topic = ${text(Topic.logs)}`, some([every([sinceMs(sql`received`, since), ...others]), ...later])],
    groupBy: sql`partition`,
    orderBy: sql`partition`,
  })
}

interface TailQuestion {
  tenant: string
  from: TailPosition
  ends: readonly RangeEnd[]
  where: readonly Fragment[]
  limit: number
}

const TAIL_COLUMNS = { ...LOG_COLUMNS, receivedMs: asNumber(sql`toUnixTimestamp64Milli(received)`) }

/** In the order in which they were received. */
export function tailQuery({ limit, ...question }: TailQuestion) {
  return compile({
    scope: question,
    from: 'logs',
    columns: TAIL_COLUMNS,
    where: behind(question),
    orderBy: sql`received, ts, seq`,
    limit,
  })
}

async function countLeft(engine: Engine, question: TailQuestion): Promise<number> {
  const counted = await engine.ask(tailCountQuery(question))
  return Math.max(1, (counted[0]?.lines ?? 0) - question.limit)
}

export function tailCountQuery(question: Omit<TailQuestion, 'limit'>) {
  return compile({ scope: question, from: 'logs', columns: { lines: asNumber(sql`count()`) }, where: behind(question) })
}

/** The place in the log decides; the log times only narrow where it is looked for. */
function behind({ from, ends, where }: Omit<TailQuestion, 'limit' | 'tenant'>): Fragment[] {
  const floors = ends.map(({ partition }) => from.partitions.get(partition)?.receivedMs ?? Math.max(0, from.sinceMs - RANGE_SPAN_MS))
  const places = ends.map(({ partition, offset }) =>
    every([sql`seq >= ${firstSeq(partition, offsetOf(from, partition) + 1)}`, sql`seq < ${firstSeq(partition, offset + 1)}`]),
  )
  return [sinceMs(sql`received`, Math.min(...floors)), some(places), ...where]
}

function firstSeq(partition: number, offset: number): ReturnType<typeof uint64> {
  return uint64(((BigInt(partition) << (OFFSET_BITS + PLACE_BITS)) + (BigInt(offset) << PLACE_BITS)).toString())
}
