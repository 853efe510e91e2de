import type { StoredValue } from './contract-terms.ts'

/** Traces of a search that are compared with the others: all that is given holds. */
export interface TraceSelection {
  startMs?: number
  endMs?: number
  minDurationNs?: number
  maxDurationNs?: number
  /** Of the whole trace. */
  error?: boolean
  /** All on one span. */
  attributes: readonly { key: string; value: string }[]
}

/** In how many traces of each side something stands. */
export interface ComparedPair {
  of: 'attribute' | 'service' | 'operation' | 'status'
  key: string
  value: StoredValue
  selected: number
  rest: number
}

/** What stands in how many traces of a search. */
export interface TraceAttributes {
  /** Traces looked at, and about how many there are. */
  traces: number
  ofAll: number
  /** The most frequent first. */
  pairs: (Pick<ComparedPair, 'of' | 'key' | 'value'> & { traces: number })[]
  keys: { key: string; traces: number }[]
  /** Which of the traces looked at each resource took part in. */
  resources: { fingerprint: string; traceIds: string[] }[]
}

export interface TraceDifferences {
  /** Traces looked at, and about how many there are. */
  selected: number
  rest: number
  selectedOfAll: number
  restOfAll: number
  /** Those that differ most. */
  pairs: ComparedPair[]
  keys: { key: string; selected: number; rest: number }[]
  /** Which of the traces looked at each resource took part in. */
  resources: { fingerprint: string; selected: string[]; rest: string[] }[]
}
