import { BOOLEAN_MARK, decodeAttribute, JSON_MARK, NUMBER_MARK, SEPARATOR, STRING_MARK } from '../attribute-text.ts'
import type { PointSearch } from '../contract-traces.ts'
import type { ComparedPair, TraceDifferences, TraceSelection } from '../contract-comparison.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText, asTexts } from '../sql/column.ts'
import { every, hexId, some, sql, text, uint32, uint64, uint64Ids } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment, Select } from '../sql/terms.ts'
import { bucketsOf, DURATION, START, type StartRange, startsIn, wholeRange, wholeTrace } from './trace-fold.ts'
import { withOwners } from './resource-owners.ts'
import { partsQuery } from './trace-points.ts'
import { candidatesOf } from './trace-search.ts'

/** Parts of traces that one look adds up; of a window with more, every n-th trace is looked at. Selected ones may be few among many. */
const MOST_PARTS = { selected: 2_000_000, rest: 500_000 } as const
const MOST_CANDIDATES = 1_000_000
/** Pairs and keys answered, those that differ most. */
export const MOST_PAIRS = 3000
const MOST_RESOURCES = 2000
/** The same traces are chosen whenever a window is looked at, and no attribute decides which. */
const LOT = sql`cityHash64(trace_id)`
/** Stands before what a span is, beside its attributes; no attribute begins with it. */
const OWN = '\x1c'
const OWN_FIELDS = ['service', 'operation', 'status'] as const

type Side = 'selected' | 'rest'

export interface SideQuestion {
  search: PointSearch
  selection: TraceSelection
  wanted: Side
  range: StartRange
  candidates: Select | undefined
  oneIn: number
  limit: number
}

interface SampledTrace {
  traceId: string
  /** 16 hex digits. */
  lot: string
}

/** Traces that a search finds, selected ones and others, drawn by lot; and in how many of each side every attribute stands. */
export async function compareTraces(engine: Engine, search: PointSearch, selection: TraceSelection, perSide: number): Promise<TraceDifferences> {
  const { attributes } = await withOwners(engine, { ...search, attributes: selection.attributes })
  const asked = { search: await withOwners(engine, search), selection: { ...selection, attributes }, perSide }
  const [selected, rest] = await Promise.all([sampleSide(engine, { ...asked, wanted: 'selected' }), sampleSide(engine, { ...asked, wanted: 'rest' })])
  const counts = { selected: selected.traces.length, rest: rest.traces.length, selectedOfAll: selected.ofAll, restOfAll: rest.ofAll }
  if (counts.selected === 0 || counts.rest === 0) return { ...counts, pairs: [], keys: [], resources: [] }
  const sample = { tenant: search.tenant, range: wholeRange(search), selected: lotsOf(selected.traces), rest: lotsOf(rest.traces) }
  const [pairs, keys, resources] = await Promise.all([engine.ask(pairsQuery(sample)), engine.ask(keysQuery(sample)), engine.ask(resourcesOfQuery(sample))])
  return {
    ...counts,
    pairs: pairs.flatMap(({ pair, ...traces }) => comparedPair(pair, traces)),
    keys: keys.map(({ pair, ...traces }) => ({ ...keyOf(pair), ...traces })),
    resources: resources.map(({ fingerprint, traceIds }) => ({ fingerprint, ...apart(traceIds, new Set(selected.traces.map(({ traceId }) => traceId))) })),
  }
}

function apart(traceIds: readonly string[], selected: ReadonlySet<string>): { selected: string[]; rest: string[] } {
  return { selected: traceIds.filter((id) => selected.has(id)), rest: traceIds.filter((id) => !selected.has(id)) }
}

interface SideAsked {
  search: PointSearch
  selection: TraceSelection
  perSide: number
  wanted: Side
}

export async function sampleSide(engine: Engine, { search, selection, perSide, wanted }: SideAsked): Promise<{ traces: SampledTrace[]; ofAll: number }> {
  const range = wanted === 'rest' ? wholeRange(search) : boxOf(search, selection)
  if (range.fromSeconds >= range.toSeconds) return { traces: [], ofAll: 0 }
  const [counted] = await engine.ask(partsQuery(search, range))
  const oneIn = Math.max(1, Math.ceil((counted?.parts ?? 0) / MOST_PARTS[wanted]))
  const looks = candidatesOf({ ...search, sort: 'newest', limit: perSide }, range)
  const answers = await Promise.all(looks.map((candidates) => engine.ask(sideQuery({ search, selection, wanted, range, candidates, oneIn, limit: perSide }))))
  const traces = [...new Map(answers.flat().map((row) => [row.traceId, row])).values()].sort((a, b) => (a.lot < b.lot ? -1 : 1)).slice(0, perSide)
  return { traces, ofAll: Math.max(traces.length, ...answers.map((rows) => rows[0]?.found ?? 0)) * oneIn }
}

/** The whole seconds of a window in which selected traces start. */
function boxOf(search: PointSearch, { startMs, endMs }: TraceSelection): StartRange {
  const whole = wholeRange(search)
  return {
    fromSeconds: Math.max(whole.fromSeconds, startMs === undefined ? 0 : Math.floor(startMs / 1000)),
    toSeconds: Math.min(whole.toSeconds, endMs === undefined ? Infinity : Math.ceil(endMs / 1000)),
  }
}

/** One side of a range, by lot. */
export function sideQuery({ search, selection, wanted, range, candidates, oneIn, limit }: SideQuestion) {
  const drawn: Fragment[] = oneIn === 1 ? [] : [sql`${LOT} % ${uint32(oneIn)} = 0`]
  const isSelected = every(selectedTrace(search, selection, { range, drawn }))
  return compile({
    scope: search,
    from: 'traces',
    columns: {
      traceId: asText(sql`lower(hex(trace_id))`),
      lot: asText(hexId(LOT)),
      found: asNumber(sql`count() OVER ()`),
    },
    where: [...bucketsOf(range), ...drawn, ...(candidates === undefined ? [] : [isAmong(candidates, drawn)])],
    groupBy: sql`trace_id`,
    having: [...startsIn(range), ...wholeTrace(search), wanted === 'selected' ? isSelected : sql`NOT (${isSelected})`],
    orderBy: LOT,
    limit,
  })
}

function selectedTrace(search: PointSearch, selection: TraceSelection, { range, drawn }: { range: StartRange; drawn: readonly Fragment[] }): Fragment[] {
  const { startMs, endMs, minDurationNs, maxDurationNs, error, attributes } = selection
  const nanoseconds = (ms: number) => uint64((BigInt(Math.round(ms)) * 1_000_000n).toString())
  const looks =
    attributes.length === 0
      ? []
      : candidatesOf({ tenant: search.tenant, startMs: search.startMs, endMs: search.endMs, attributes, sort: 'newest', limit: 1 }, range).filter(
          (look) => look !== undefined,
        )
  return [
    ...(startMs === undefined ? [] : [sql`${START} >= ${nanoseconds(startMs)}`]),
    ...(endMs === undefined ? [] : [sql`${START} < ${nanoseconds(endMs)}`]),
    ...(minDurationNs === undefined ? [] : [sql`${DURATION} >= ${uint64(Math.ceil(minDurationNs))}`]),
    ...(maxDurationNs === undefined ? [] : [sql`${DURATION} <= ${uint64(Math.floor(maxDurationNs))}`]),
    ...(error === undefined ? [] : [error ? sql`sum(errors) > 0` : sql`sum(errors) = 0`]),
    ...(looks.length === 0 ? [] : [some(looks.map((look) => isAmong(look, drawn)))]),
  ]
}

/** All candidates of the draw rather than the newest. */
function isAmong(candidates: Select, drawn: readonly Fragment[]): Fragment {
  return sql`trace_id IN ${{ ...candidates, where: [...(candidates.where ?? []), ...drawn], limit: MOST_CANDIDATES }}`
}

/** Traces by their lots, and where they lie. */
export interface Sample {
  tenant: string
  range: StartRange
  selected: readonly string[]
  rest: readonly string[]
}

export function lotsOf(traces: readonly SampledTrace[]): string[] {
  return traces.map(({ lot }) => lot)
}

/** The spans of a sample. A set of (bucket, trace) is what the sorting key can be asked for; a list of them would be gone through for every row. */
function spansOf({ tenant, range, selected, rest }: Sample): Fragment {
  const parts: Select = {
    scope: { tenant },
    from: 'traces',
    columns: { bucket: asText(sql`bucket`), traceId: asText(sql`trace_id`) },
    where: [...bucketsOf(range), sql`${LOT} IN ${uint64Ids([...selected, ...rest])}`],
  }
  return sql`(bucket, trace_id) IN ${parts}`
}

/** In how many traces of each side. */
function tracesOf({ selected }: Sample) {
  const isSelected = sql`cityHash64(traceId) IN ${uint64Ids(selected)}`
  return { selected: asNumber(sql`uniqExactIf(traceId, ${isSelected})`), rest: asNumber(sql`uniqExactIf(traceId, NOT (${isSelected}))`) }
}

function differencesOf(sample: Sample, { selected, rest }: ReturnType<typeof tracesOf>): Fragment {
  return sql`abs(${selected.expression} / ${uint32(sample.selected.length)} - ${rest.expression} / ${uint32(sample.rest.length)}) DESC, pair`
}

export const PAIRS = sql`arrayConcat(items, arrayFilter(each -> each != '', splitByChar(${text(SEPARATOR)}, rest)))`
export const OWN_PAIRS = sql`[concat(${text(`${OWN}service${STRING_MARK}`)}, service), concat(${text(`${OWN}operation${STRING_MARK}`)}, name), concat(${text(`${OWN}status${STRING_MARK}`)}, multiIf(status = 2, 'error', status = 1, 'ok', 'unset'))]`
/** The key of a pair is all before its mark; marks inside keys are escaped. */
export const KEY = sql`extract(pair, ${text(`^[^${STRING_MARK}${NUMBER_MARK}${BOOLEAN_MARK}${JSON_MARK}]*`)})`

/** Pairs that stand in two traces at least, most different first: what every trace has of its own tells nothing. */
export function pairsQuery(sample: Sample) {
  const traces = tracesOf(sample)
  return compile({
    scope: sample,
    from: joinedPairs(sample, sql`arrayConcat(${PAIRS}, ${OWN_PAIRS})`),
    columns: { pair: asText(sql`pair`), ...traces },
    groupBy: sql`pair`,
    having: [sql`uniqExact(traceId) > 1`],
    orderBy: differencesOf(sample, traces),
    limit: MOST_PAIRS,
  })
}

export function keysQuery(sample: Sample) {
  const traces = tracesOf(sample)
  return compile({
    scope: sample,
    from: { scope: sample, from: joinedPairs(sample, PAIRS), columns: { traceId: asText(sql`traceId`), pair: asText(KEY) } },
    columns: { pair: asText(sql`pair`), ...traces },
    groupBy: sql`pair`,
    orderBy: differencesOf(sample, traces),
    limit: MOST_PAIRS,
  })
}

export function joinedPairs(sample: Sample, pairs: Fragment): Select {
  return {
    scope: sample,
    from: 'spans',
    columns: { traceId: asText(sql`trace_id`), pair: asText(sql`arrayJoin(arrayDistinct(${pairs}))`) },
    where: [spansOf(sample)],
  }
}

/** Which traces each resource took part in. */
export function resourcesOfQuery(sample: Sample) {
  return compile({
    scope: sample,
    from: 'spans',
    columns: { fingerprint: asText(hexId(sql`resource_fp`)), traceIds: asTexts(sql`groupUniqArray(lower(hex(trace_id)))`) },
    where: [spansOf(sample)],
    groupBy: sql`resource_fp`,
    orderBy: sql`uniqExact(trace_id) DESC, resource_fp`,
    limit: MOST_RESOURCES,
  })
}

type Traces = Pick<ComparedPair, 'selected' | 'rest'>

export function comparedPair(pair: string, traces: Traces): ComparedPair[] {
  if (!pair.startsWith(OWN)) {
    const [key, value] = decodeAttribute(pair)
    return [{ of: 'attribute', key, value, ...traces }]
  }
  const [name, ...value] = pair.slice(OWN.length).split(STRING_MARK)
  const field = OWN_FIELDS.find((own) => own === name)
  return field === undefined ? [] : [{ of: field, key: field, value: value.join(STRING_MARK), ...traces }]
}

export function keyOf(pair: string): { key: string } {
  return { key: decodeAttribute(`${pair}${STRING_MARK}`)[0] }
}
