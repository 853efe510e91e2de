import { parseAsArrayOf, parseAsFloat, parseAsString, parseAsStringLiteral } from 'nuqs'

/** What a search names, in the order in which it is told. */
export const NAMED = ['service', 'operation', 'entry', 'caller', 'callee', 'namespace', 'instance'] as const
export type Named = (typeof NAMED)[number]

/** The search of the traces page as the address holds it. One span satisfies service, operation, instance, attributes and error together. */
export const tracesParsers = {
  service: parseAsString.withDefault(''),
  operation: parseAsString.withDefault(''),
  entry: parseAsString.withDefault(''),
  caller: parseAsString.withDefault(''),
  callee: parseAsString.withDefault(''),
  namespace: parseAsString.withDefault(''),
  instance: parseAsString.withDefault(''),
  minMs: parseAsFloat,
  maxMs: parseAsFloat,
  error: parseAsStringLiteral(['any', 'true', 'false']).withDefault('any'),
  attr: parseAsArrayOf(parseAsString, '\n').withDefault([]),
  sort: parseAsStringLiteral(['newest', 'longest']).withDefault('newest'),
  /** A box on the scatter, `from_to_min_max`, or `errors`. */
  sel: parseAsString.withDefault(''),
}

export interface TracesState extends Record<Named, string> {
  minMs: number | null
  maxMs: number | null
  error: 'any' | 'true' | 'false'
  attr: string[]
  sort: 'newest' | 'longest'
  sel: string
}

export const EVERYTHING: Omit<TracesState, 'sort' | 'sel'> = {
  service: '',
  operation: '',
  entry: '',
  caller: '',
  callee: '',
  namespace: '',
  instance: '',
  minMs: null,
  maxMs: null,
  error: 'any',
  attr: [],
}

export type TracesQuery = Readonly<Record<string, string | number | readonly string[]>>

/** The parameters of `/api/traces` for a search; what does not narrow is left out. */
export function queryOf({ minMs, maxMs, error, attr, ...named }: Omit<TracesState, 'sort' | 'sel'>): TracesQuery {
  return {
    ...Object.fromEntries(NAMED.filter((name) => named[name] !== '').map((name) => [name, named[name]])),
    ...(minMs === null || minMs < 0 ? {} : { minMs }),
    ...(maxMs === null || maxMs < 0 ? {} : { maxMs }),
    ...(error === 'any' ? {} : { error }),
    ...(attr.length === 0 ? {} : { attr }),
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
  const texts = NAMED.filter((name) => state[name] !== '')
  return [
    // nobody is searched for by whom they call alone
    ...texts.map((name): ActiveFilter => ({ key: name, name, value: state[name], without: name === 'callee' ? { callee: '', caller: '' } : { [name]: '' } })),
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

/** Traces that are held against all others. */
export type Selection = { kind: 'box'; fromMs: number; toMs: number; minMs: number; maxMs: number } | { kind: 'errors' }

/** Null when nothing is selected, or nothing that can be read. */
export function readSelection(text: string): Selection | null {
  if (text === 'errors') return { kind: 'errors' }
  const [fromMs, toMs, minMs, maxMs] = text.split('_').map(Number)
  if (fromMs === undefined || toMs === undefined || minMs === undefined || maxMs === undefined) return null
  return toMs > fromMs && maxMs >= minMs && minMs >= 0 ? { kind: 'box', fromMs, toMs, minMs, maxMs } : null
}

export function selectionText(selection: Selection): string {
  if (selection.kind === 'errors') return 'errors'
  const { fromMs, toMs, minMs, maxMs } = selection
  return [Math.floor(fromMs), Math.ceil(toMs), Number(minMs.toPrecision(4)), Number(maxMs.toPrecision(4))].join('_')
}

/** The selection as parameters of `/api/traces/comparison`. */
export function selectionQuery(selection: Selection): TracesQuery {
  if (selection.kind === 'errors') return { selError: 'true' }
  return { selStart: selection.fromMs, selEnd: selection.toMs, selMinMs: selection.minMs, selMaxMs: selection.maxMs }
}

export type SetTraces = (state: Partial<TracesState>) => void
export type OpenTrace = (traceId: string, aroundMs?: number) => void
