import type { PointSearch } from '../contract-traces.ts'
import type { TraceAttributes } from '../contract-comparison.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { sql } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import { withOwners } from './resource-owners.ts'
import { wholeRange } from './trace-fold.ts'
import { comparedPair, joinedPairs, KEY, keyOf, lotsOf, MOST_PAIRS, OWN_PAIRS, PAIRS, resourcesOfQuery, type Sample, sampleSide } from './trace-comparison.ts'

/** What stands in how many traces of a sample of a search. */
export async function traceAttributes(engine: Engine, search: PointSearch, limit: number): Promise<TraceAttributes> {
  const owned = await withOwners(engine, search)
  const { traces, ofAll } = await sampleSide(engine, { search: owned, selection: { attributes: [] }, perSide: limit, wanted: 'selected' })
  if (traces.length === 0) return { traces: 0, ofAll: 0, pairs: [], keys: [], resources: [] }
  const sample: Sample = { tenant: search.tenant, range: wholeRange(search), selected: lotsOf(traces), rest: [] }
  const [pairs, keys, resources] = await Promise.all([
    engine.ask(pairCountsQuery(sample, sql`arrayConcat(${PAIRS}, ${OWN_PAIRS})`)),
    engine.ask(keyCountsQuery(sample)),
    engine.ask(resourcesOfQuery(sample)),
  ])
  return {
    traces: traces.length,
    ofAll,
    pairs: pairs.flatMap(({ pair, traces: count }) =>
      comparedPair(pair, { selected: count, rest: 0 }).map(({ of, key, value }) => ({ of, key, value, traces: count })),
    ),
    keys: keys.map(({ pair, traces: count }) => ({ ...keyOf(pair), traces: count })),
    resources,
  }
}

const TRACES = sql`uniqExact(traceId)`

export function pairCountsQuery(sample: Sample, pairs: Fragment) {
  return compile({
    scope: sample,
    from: joinedPairs(sample, pairs),
    columns: { pair: asText(sql`pair`), traces: asNumber(TRACES) },
    groupBy: sql`pair`,
    orderBy: sql`${TRACES} DESC, pair`,
    limit: MOST_PAIRS,
  })
}

export function keyCountsQuery(sample: Sample) {
  return compile({
    scope: sample,
    from: { scope: sample, from: joinedPairs(sample, PAIRS), columns: { traceId: asText(sql`traceId`), pair: asText(KEY) } },
    columns: { pair: asText(sql`pair`), traces: asNumber(TRACES) },
    groupBy: sql`pair`,
    orderBy: sql`${TRACES} DESC, pair`,
    limit: MOST_PAIRS,
  })
}
