import { parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs'

export const TRACE_VIEWS = ['waterfall', 'flame', 'services', 'table', 'logs'] as const
export type TraceViewName = (typeof TRACE_VIEWS)[number]

/** What the trace page keeps in the address. */
export const traceParsers = {
  id: parseAsString.withDefault(''),
  /** A time near the trace: it is found faster. */
  around: parseAsString.withDefault(''),
  view: parseAsStringLiteral(TRACE_VIEWS).withDefault('waterfall'),
  /** The span whose details are open. */
  span: parseAsString.withDefault(''),
  /** The text sought. */
  q: parseAsString.withDefault(''),
  /** Only what is sought is shown. */
  matches: parseAsBoolean.withDefault(false),
  /** Only the critical path is shown. */
  critical: parseAsBoolean.withDefault(false),
  /** The window of time on screen, two shares of the trace. */
  zoom: parseAsString.withDefault(''),
}

/** The part of the address that steers the views of a trace. */
export interface TraceState {
  view: TraceViewName
  span: string
  q: string
  matches: boolean
  critical: boolean
  zoom: string
}

/** The trace id in a pasted text: 32 hex digits, perhaps with dashes, spaces or as the second part of a traceparent. Null when there is none. */
export function traceIdOf(text: string): string | null {
  const bare = text.trim().toLowerCase()
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(bare)
  const id = parent?.[1] ?? bare.replaceAll('-', '')
  return /^[0-9a-f]{32}$/.test(id) && !/^0+$/.test(id) ? id : null
}

/** Why a text is no trace id: other characters than hex digits, too few or many of them, an id of a span, or nothing but zeros. */
export function idFault(text: string): 'characters' | 'length' | 'span' | 'zeros' {
  const bare = text.trim().toLowerCase().replaceAll('-', '')
  if (!/^[0-9a-f]*$/.test(bare)) return 'characters'
  if (bare.length === SPAN_ID_DIGITS) return 'span'
  return bare.length === TRACE_ID_DIGITS ? 'zeros' : 'length'
}

const TRACE_ID_DIGITS = 32
const SPAN_ID_DIGITS = 16
