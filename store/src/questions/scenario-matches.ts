import { readFilter } from '@skein/schemas/filter'
import type { StepMatch } from '@skein/schemas/scenario'
import type { ScenarioQuestion } from '../contract-scenarios.ts'
import { asNumber, asText } from '../sql/column.ts'
import { every, hexId, int64, list, some, sql, text, uint32, uint64, uint64Ids } from '../sql/fragment.ts'
import { type CompiledQuery, compile } from '../sql/select.ts'
import type { Column, Fragment, Select } from '../sql/terms.ts'
import { firstText } from './attribute-lookup.ts'
import { spanFilter } from './span-filter.ts'

/** A bucket is of spans that start in its five minutes. */
const BUCKET_SECONDS = 300

const column = (expression: Fragment): Column<string> => asText(expression)
const AT_NS = sql`toUnixTimestamp64Nano(ts)`
const NO_KEY = sql`key_hash = 0`

/** Times of a question's matches count from here, so that they are exact as numbers. */
export function originNs(question: ScenarioQuestion): bigint {
  return BigInt(Math.max(0, question.startMs - question.withinMs)) * 1_000_000n
}

export function countsQuery(question: ScenarioQuestion) {
  return compile({
    scope: question,
    // a record that is two steps is two matches, so the steps are asked for
    from: matchesOf(question, ['key_hash', 'step']),
    columns: { matches: asNumber(sql`countIf(NOT (${NO_KEY}) AND step >= 0)`), withoutKey: asNumber(sql`countIf(${NO_KEY} AND step >= 0)`) },
  })
}

/** About how many stored matches there are: those of one key in `oneIn`, and all without a key, to whole buckets. */
export function roughCountsQuery(question: ScenarioQuestion, oneIn: number) {
  const { fromMs, toMs } = reachOf(question)
  return compile({
    scope: question,
    from: matchesOf(question, ['key_hash'], bucketsOf(fromMs, toMs)),
    columns: { keyed: asNumber(sql`countIf(NOT (${NO_KEY}))`), withoutKey: asNumber(sql`countIf(${NO_KEY})`) },
    where: [ofSample(oneIn)],
  })
}

/** `keyed`: only of records that have a key. */
export interface MatchSample {
  oneIn: number
  keyed: boolean
  limit: number
}

/** Columns hash (UInt64), ns after the origin (Float64), step × 2 + error (UInt8), duration (Float64), trace (16 B), span (8 B), read by position. */
export function matchColumnsQuery(question: ScenarioQuestion, { oneIn, keyed, limit }: MatchSample): CompiledQuery {
  return compile({
    scope: question,
    from: matchesOf(question, ['key_hash', 'at_ns', 'step', 'erred', 'took', 'trace_id', 'span_id']),
    columns: {
      keys: column(sql`key_hash`),
      at: column(sinceOrigin(question)),
      code: column(sql`toUInt8(step * 2 + erred)`),
      took: column(sql`toFloat64(took)`),
      trace: column(sql`trace_id`),
      span: column(sql`span_id`),
    },
    where: keyed ? [sql`NOT (${NO_KEY})`, ofSample(oneIn)] : [],
    limit,
  })
}

/** Keys lie in the order of their hash, so one in n of them is one in n of the rows read. */
function ofSample(oneIn: number): Fragment {
  return sql`key_hash <= ${uint64((0xffff_ffff_ffff_ffffn / BigInt(oneIn)).toString())}`
}

/** Where some matches are. */
export interface MatchPlaces {
  hashes: readonly string[]
  traceIds: readonly string[]
  /** They lie between, both included. */
  fromMs: number
  toMs: number
}

/** The keys in full of some matches. */
export function keysQuery(question: ScenarioQuestion, { hashes, traceIds, fromMs, toMs }: MatchPlaces) {
  const matches = matchesOf(question, ['key_hash', 'run_key'], bucketsOf(fromMs, toMs + 1))
  // to tell a span's key costs much, so those of other traces are not looked at
  const ofTraces = question.from === 'spans' ? [sql`trace_id IN (${list(traceIds.map((id) => sql`toFixedString(unhex(${text(id)}), 16)`))})`] : []
  return compile({
    scope: question,
    from: { ...matches, where: [...(matches.where ?? []), ...ofTraces] },
    columns: { hash: asText(hexId(sql`key_hash`)), key: asText(sql`any(run_key)`) },
    where: [sql`key_hash IN (${uint64Ids(hashes)})`],
    groupBy: sql`key_hash`,
  })
}

function sinceOrigin(question: ScenarioQuestion): Fragment {
  return sql`toFloat64(at_ns - ${int64(Number(originNs(question) / 1_000_000n))} * 1000000)`
}

/** One row for each record and step that can belong to runs of the window: from one run's length before it (repeats of a start) to one after. */
function matchesOf(question: ScenarioQuestion, names: readonly MatchColumn[], times = timesOf(question)): Select {
  const select = question.from === 'spans' ? spanMatches(question, times) : storedMatches(question, question.from, times)
  return { ...select, columns: Object.fromEntries(names.map((name) => [name, column(select.columns[name])])) }
}

type MatchColumn = 'key_hash' | 'run_key' | 'at_ns' | 'step' | 'erred' | 'took' | 'trace_id' | 'span_id'
type Source = Omit<Select, 'columns'> & { columns: Record<MatchColumn, Fragment> }

function spanMatches(question: ScenarioQuestion, times: readonly Fragment[]): Source {
  const none = uint32(question.steps.length)
  const conditions = question.steps.map(({ match }) => stepCondition(match))
  const numbered = conditions.map((condition, at) => sql`if(${condition}, ${uint32(at)}, ${none})`)
  const key = keyOf(question.keys)
  return {
    scope: question,
    from: 'spans',
    columns: {
      key_hash: sql`if(${key} = '', 0, cityHash64(${key}))`,
      run_key: key,
      at_ns: AT_NS,
      step: sql`arrayJoin(arrayFilter(s -> s < ${none}, [${list(numbered)}]))`,
      erred: sql`status = 2`,
      took: sql`duration`,
      trace_id: sql`trace_id`,
      span_id: sql`span_id`,
    },
    where: [...times, some(conditions), ...(question.key === undefined ? [] : [sql`${key} = ${text(question.key)}`])],
  }
}

function storedMatches(question: ScenarioQuestion, { scenario, version }: { scenario: string; version: number }, times: readonly Fragment[]): Source {
  return {
    scope: question,
    from: 'scenario_steps',
    columns: {
      key_hash: sql`key_hash`,
      run_key: sql`key`,
      at_ns: AT_NS,
      step: sql`step`,
      erred: sql`error`,
      took: sql`duration`,
      trace_id: sql`trace_id`,
      span_id: sql`span_id`,
    },
    where: [
      sql`scenario = ${text(scenario)}`,
      sql`version = ${uint32(version)}`,
      ...times,
      ...(question.key === undefined ? [] : [sql`key = ${text(question.key)}`]),
    ],
  }
}

/** The first attribute there is; the trace id when there are no names. */
function keyOf(names: readonly string[] | null): Fragment {
  return names === null ? sql`lower(hex(trace_id))` : firstText(names)
}

/** Device records are not stored as spans, so a step of theirs matches none. */
function stepCondition({ kind, service, operation, where }: StepMatch): Fragment {
  if (kind === 'device') return sql`0`
  const filter = where === undefined ? null : readFilter(where)
  return every([
    ...(service === undefined ? [] : [sql`service = ${text(service)}`]),
    ...(operation === undefined ? [] : [sql`name = ${text(operation)}`]),
    ...(filter?.ok === true ? [spanFilter(filter.filter)] : []),
  ])
}

function reachOf(question: ScenarioQuestion): { fromMs: number; toMs: number } {
  return { fromMs: Math.max(0, question.startMs - question.withinMs), toMs: question.endMs + question.withinMs }
}

function timesOf(question: ScenarioQuestion): Fragment[] {
  const { fromMs, toMs } = reachOf(question)
  return [...bucketsOf(fromMs, toMs), sql`${AT_NS} >= ${int64(fromMs)} * 1000000`, sql`${AT_NS} < ${int64(toMs)} * 1000000`]
}

function bucketsOf(fromMs: number, toMs: number): Fragment[] {
  return [
    sql`bucket >= toDateTime(${uint32(Math.max(0, Math.floor(fromMs / 1000) - BUCKET_SECONDS))})`,
    sql`bucket < toDateTime(${uint32(Math.ceil(toMs / 1000))})`,
  ]
}
