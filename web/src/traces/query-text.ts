import { type FilterError, readFilter } from '@skein/schemas/filter'
import type { Filter, FilterTest } from '@skein/schemas/filter/tree'
import { quoted } from '../search/suggestion.ts'
import { milliseconds } from '../trace/milliseconds.ts'
import { EVERYTHING, NAMED, type Named, type TracesState } from './url.ts'

export type Search = Omit<TracesState, 'sort' | 'sel'>

export type QueryRead =
  | { ok: true; search: Search }
  | { ok: false; reason: 'grammar'; column: number; error: FilterError }
  | { ok: false; reason: QueryFault; column: number; detail: string }
/** Why a query is not one: not the language at all, or more of it than a search for traces can do. */
export type QueryFault = 'either' | 'not' | 'operator' | 'twice' | 'callee'

/** A duration with a unit is a number of ms to the language; what is quoted is none. */
const TIMED = /"(?:[^"\\]|\\.)*"|\b(duration\s*(?:>=|<=|>|<|=)\s*)(\d+(?:\.\d+)?\s*(?:ns|us|µs|ms|s|min|m|h))(?![\w.])/gi

/** The search of a query in the language of search, all of whose conditions hold; the first fault with its column otherwise. Empty is everything. */
export function readQuery(text: string): QueryRead {
  if (text.trim() === '') return { ok: true, search: EVERYTHING }
  const read = readFilter(
    text.replaceAll(TIMED, (whole, head: string | undefined, time = '') => (head === undefined ? whole : `${head}${milliseconds(time) ?? 0}`)),
  )
  if (!read.ok) return { ok: false, reason: 'grammar', column: read.error.column, error: read.error }
  let search: Search = EVERYTHING
  for (const part of partsOf(read.filter)) {
    const fault = faultOf(part)
    const next = fault === null ? withTest(search, part as FilterTest) : fault
    if (typeof next === 'string') return { ok: false, reason: next, column: columnOf(text, part), detail: 'field' in part ? part.field : '' }
    search = next
  }
  if (search.caller !== '' && search.callee === '')
    return { ok: false, reason: 'callee', column: Math.max(0, text.indexOf('caller')) + 1, detail: search.caller }
  return { ok: true, search }
}

const partsOf = (filter: Filter): readonly Filter[] => ('and' in filter ? filter.and.flatMap(partsOf) : [filter])

function faultOf(part: Filter): QueryFault | null {
  if ('or' in part) return 'either'
  return 'not' in part ? 'not' : null
}

/** Where the field of a part first stands in the text. */
function columnOf(text: string, part: Filter): number {
  const at = 'field' in part ? text.indexOf(part.field) : text.toLowerCase().search('not' in part ? /\bnot\b|-/ : /\bor\b/)
  return Math.max(0, at) + 1
}

const TEXTS: Readonly<Record<string, Named>> = { ...Object.fromEntries(NAMED.map((name) => [name, name])), name: 'operation' }

function withTest(search: Search, { field, op, value }: FilterTest): Search | QueryFault {
  if (field === 'duration') return withDuration(search, op, Number(value))
  if (op !== '=' || value === null) return 'operator'
  const text = TEXTS[field]
  if (text !== undefined) return search[text] === '' ? { ...search, [text]: String(value) } : 'twice'
  if (field === 'error') return value === 'true' || value === 'false' ? { ...search, error: value } : 'operator'
  const attribute = `${field}=${value}`
  return { ...search, attr: [...new Set([...search.attr, attribute])] }
}

function withDuration(search: Search, op: FilterTest['op'], ms: number): Search | QueryFault {
  if (!Number.isFinite(ms)) return 'operator'
  if (op === '>' || op === '>=') return { ...search, minMs: ms }
  if (op === '<' || op === '<=') return { ...search, maxMs: ms }
  return 'operator'
}

/** A search as a person would write it; `readQuery` of it is the search. */
export function queryText({ minMs, maxMs, error, attr, ...named }: Search): string {
  const pair = (field: string, value: string): string => `${field}:${quoted(value)}`
  return [
    ...NAMED.filter((name) => named[name] !== '').map((name) => pair(name, named[name])),
    ...(minMs === null ? [] : [`duration>=${minMs}ms`]),
    ...(maxMs === null ? [] : [`duration<=${maxMs}ms`]),
    ...(error === 'any' ? [] : [`error:${error}`]),
    ...attr.map((each) => {
      const at = each.indexOf('=')
      return pair(each.slice(0, at), each.slice(at + 1))
    }),
  ].join(' ')
}
