import { type FilterError, readSearch } from '@skein/schemas/filter'
import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs'

export const LOG_TABS = ['search', 'patterns', 'tail', 'rules', 'dropped'] as const
export type LogTab = (typeof LOG_TABS)[number]

/** Where searches for logs are kept in this browser. */
export const SAVED_LOGS_KEY = 'skein-saved-log-searches'

export const LINE_VIEWS = ['fields', 'context', 'json'] as const
export type LineView = (typeof LINE_VIEWS)[number]

/** What the page of logs keeps in the address. */
export const logsParsers = {
  tab: parseAsStringLiteral(LOG_TABS).withDefault('search'),
  /** The search, in the language of search. */
  q: parseAsString.withDefault(''),
  order: parseAsStringLiteral(['desc', 'asc']).withDefault('desc'),
  /** Lines are shown whole instead of in one line. */
  wrap: parseAsBoolean.withDefault(false),
  /** Fields shown beside the body. */
  cols: parseAsArrayOf(parseAsString, '\n').withDefault([]),
  /** Fields counted beside the list, over those that always are. */
  facets: parseAsArrayOf(parseAsString, '\n').withDefault([]),
  /** Id of the line whose details are open. */
  line: parseAsString.withDefault(''),
  show: parseAsStringLiteral(LINE_VIEWS).withDefault('fields'),
}

export interface LogsState {
  tab: LogTab
  q: string
  order: 'desc' | 'asc'
  wrap: boolean
  cols: string[]
  facets: string[]
  line: string
  show: LineView
}

export type SetLogs = (state: Partial<LogsState>) => void

/** What each tab gets. */
export interface TabProps {
  state: LogsState
  set: SetLogs
}

export type LogQueryRead = { ok: true } | ({ ok: false } & FilterError)

/** Whether a search can be read, and where it cannot. Empty is everything. */
export function readLogQuery(text: string): LogQueryRead {
  if (text.trim() === '') return { ok: true }
  const read = readSearch(text)
  return read.ok ? { ok: true } : { ok: false, ...read.error }
}
