import { LogAttribute, parseLogLineId } from '@skein/schemas/log'
import { exactPairs } from '../attribute-text.ts'
import type { LogRow } from '../contract-logs.ts'
import type { Engine } from '../engine.ts'
import { sql, text, texts, uint64, uint64Ids } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import { atNs, inRange, LOG_COLUMNS, logRow } from './log-rows.ts'
import { lookUpLines } from './log-search.ts'

/** How far from a line its neighbours are looked for. */
const AROUND_NS = 86_400_000_000_000n

export async function lineOf(engine: Engine, tenant: string, id: string): Promise<LogRow | undefined> {
  const query = lineQuery(tenant, id)
  return query === null ? undefined : (await engine.ask(query)).map(logRow)[0]
}

export function lineQuery(tenant: string, id: string) {
  const position = parseLogLineId(id)
  if (position === null || position.tsNs >= 2n ** 63n) return null
  const { tsNs, seq } = position
  return compile({
    scope: { tenant },
    from: 'logs',
    columns: LOG_COLUMNS,
    where: [...inRange({ from: tsNs, to: tsNs + 1n }), sql`ts = ${atNs(tsNs)}`, sql`seq = ${uint64(seq.toString())}`],
    limit: 1,
  })
}

/** Lines before and after a line of the same file, or of the same resource when it is of none. */
export async function linesAround(
  engine: Engine,
  tenant: string,
  { line, before, after }: { line: LogRow; before: number; after: number },
): Promise<{ before: LogRow[]; after: LogRow[] }> {
  const at = BigInt(line.timeNs)
  const alternatives = [sameStream(line)]
  const earliest = at > AROUND_NS ? at - AROUND_NS : 0n
  const [earlier, later] = await Promise.all([
    lookUpLines(engine, { tenant, range: { from: earliest, to: at + 1n }, alternatives, indexed: false, order: 'desc', limit: before, after: line.id }),
    lookUpLines(engine, { tenant, range: { from: at, to: at + AROUND_NS }, alternatives, indexed: false, order: 'asc', limit: after, after: line.id }),
  ])
  return { before: earlier.reverse(), after: later }
}

function sameStream(line: LogRow): Fragment[] {
  const path = line.attributes.find(([key]) => key === LogAttribute.filePath)?.[1]
  const resource = [sql`service = ${text(line.service)}`, sql`resource_fp IN ${uint64Ids([line.resource])}`]
  if (typeof path !== 'string') return resource
  const pairs = texts(exactPairs(LogAttribute.filePath, path))
  return [...resource, sql`hasAny(items, ${pairs}) OR hasAny(splitByChar('\\x1e', rest), ${pairs})`]
}
