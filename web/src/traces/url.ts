import { parseAsArrayOf, parseAsFloat, parseAsString, parseAsStringLiteral } from 'nuqs'

/** The search of the traces page as the address holds it. One span satisfies service, operation, attributes and error together. */
export const tracesParsers = {
  service: parseAsString.withDefault(''),
  operation: parseAsString.withDefault(''),
  entry: parseAsString.withDefault(''),
  minMs: parseAsFloat,
  maxMs: parseAsFloat,
  error: parseAsStringLiteral(['any', 'true', 'false']).withDefault('any'),
  attr: parseAsArrayOf(parseAsString, '\n').withDefault([]),
  sort: parseAsStringLiteral(['newest', 'longest']).withDefault('newest'),
}

export interface TracesState {
  service: string
  operation: string
  entry: string
  minMs: number | null
  maxMs: number | null
  error: 'any' | 'true' | 'false'
  attr: string[]
  sort: 'newest' | 'longest'
}

export const EVERYTHING: Omit<TracesState, 'sort'> = { service: '', operation: '', entry: '', minMs: null, maxMs: null, error: 'any', attr: [] }

export type TracesQuery = Readonly<Record<string, string | number | readonly string[]>>

/** The parameters of `/api/traces` for a search; what does not narrow is left out. */
export function queryOf({ service, operation, entry, minMs, maxMs, error, attr, sort }: TracesState): TracesQuery {
  return {
    ...(service === '' ? {} : { service }),
    ...(operation === '' ? {} : { operation }),
    ...(entry === '' ? {} : { entry }),
    ...(minMs === null || minMs < 0 ? {} : { minMs }),
    ...(maxMs === null || maxMs < 0 ? {} : { maxMs }),
    ...(error === 'any' ? {} : { error }),
    ...(attr.length === 0 ? {} : { attr }),
    sort,
  }
}

export interface ActiveFilter {
  key: string
  name: string
  value: string
  /** The state without this filter. */
  without: Partial<TracesState>
}

/** The filters that narrow the search, as chips show them. */
export function activeFilters(state: TracesState): ActiveFilter[] {
  const texts = (['service', 'operation', 'entry'] as const).filter((name) => state[name] !== '')
  return [
    ...texts.map((name): ActiveFilter => ({ key: name, name, value: state[name], without: { [name]: '' } })),
    ...(state.minMs === null ? [] : [{ key: 'minMs', name: '≥', value: `${state.minMs} ms`, without: { minMs: null } }]),
    ...(state.maxMs === null ? [] : [{ key: 'maxMs', name: '≤', value: `${state.maxMs} ms`, without: { maxMs: null } }]),
    ...(state.error === 'any' ? [] : [{ key: 'error', name: 'error', value: state.error, without: { error: 'any' as const } }]),
    ...state.attr.map((attr) => ({ key: `attr ${attr}`, ...splitAttribute(attr), without: { attr: state.attr.filter((other) => other !== attr) } })),
  ]
}

function splitAttribute(attr: string): { name: string; value: string } {
  const at = attr.indexOf('=')
  return { name: attr.slice(0, at), value: attr.slice(at + 1) }
}

/** `key=value` with a key; null when it is not one. */
export function parseAttribute(text: string): string | null {
  const trimmed = text.trim()
  const at = trimmed.indexOf('=')
  if (at < 1) return null
  return `${trimmed.slice(0, at).trim()}=${trimmed.slice(at + 1).trim()}`
}

/** Milliseconds of what a person types: `250`, `250ms`, `1.5 s`, `2min`; null for nothing or nonsense. */
export function parseMs(text: string): number | null {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)\s*(ms|s|min|m)?$/i.exec(text.trim())
  if (match === null) return null
  const factor = { ms: 1, s: 1000, m: 60_000, min: 60_000 }[(match[2] ?? 'ms').toLowerCase()] ?? 1
  return Number(match[1]) * factor
}
