import type { jaegerDependenciesParameters, jaegerSearchParameters, jaegerTraceParameters } from '@skein/schemas/api/jaeger'
import type { z } from 'zod'
import { LATEST_MS } from '../window.ts'
import { parseGoDuration } from './go-duration.ts'
import { JaegerRefusal } from './refusal.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** What Jaeger takes when it is not told. */
const SEARCH_BACK_MS = 2 * DAY_MS
const DEPENDENCIES_BACK_MS = DAY_MS
/** Traces. */
export const DEFAULT_LIMIT = 100

export type Text = string | string[] | undefined

/** Of a parameter given several times the first counts; an empty one was not given. */
export function firstOf(text: Text): string | undefined {
  const [first] = [text].flat()
  return first === '' ? undefined : first
}

function allOf(text: Text): string[] {
  return text === undefined ? [] : [text].flat()
}

export interface JaegerSearch {
  /** 32 hex digits each; when there are any, nothing else is searched for. */
  traceIds: string[]
  /** Of the span; none: any. */
  service: string | undefined
  operation: string | undefined
  tags: ReadonlyMap<string, string>
  startMs: number
  endMs: number
  /** Of the span, ns. */
  minDurationNs: number | undefined
  maxDurationNs: number | undefined
  limit: number
}

export function parseSearch(parameters: z.infer<typeof jaegerSearchParameters>, nowMs: number): JaegerSearch {
  const traceIds = allOf(parameters.traceID).map(traceIdOf)
  const service = firstOf(parameters.service)
  const [minDurationNs, maxDurationNs] = [durationOf('minDuration', parameters.minDuration), durationOf('maxDuration', parameters.maxDuration)]
  const search: JaegerSearch = {
    traceIds,
    service,
    operation: firstOf(parameters.operation),
    tags: tagsOf(parameters),
    startMs: microsecondsOf('start', parameters.start) ?? nowMs - SEARCH_BACK_MS,
    endMs: microsecondsOf('end', parameters.end) ?? nowMs,
    minDurationNs,
    maxDurationNs,
    limit: integerOf('limit', parameters.limit) ?? DEFAULT_LIMIT,
  }
  if (traceIds.length === 0 && service === undefined) throw new JaegerRefusal(400, "parameter 'service' is required")
  if (minDurationNs !== undefined && maxDurationNs !== undefined && maxDurationNs < minDurationNs) {
    throw new JaegerRefusal(400, "'maxDuration' should be greater than 'minDuration'")
  }
  return search
}

/** Leading zeros may be missing. */
export function traceIdOf(text: string): string {
  if (!/^[0-9a-fA-F]{1,32}$/.test(text)) throw new JaegerRefusal(400, `cannot parse trace ID: ${text}`)
  return text.toLowerCase().padStart(32, '0')
}

/** A time at which the trace was, Unix ms, when it is told. */
export function parseHint({ start, end }: z.infer<typeof jaegerTraceParameters>): number | undefined {
  const [startMs, endMs] = [microsecondsOf('start', start), microsecondsOf('end', end)]
  if (startMs !== undefined && endMs !== undefined) return (startMs + endMs) / 2
  return startMs ?? endMs
}

/** Whole minutes: calls are kept by them. */
export function parseDependencies({ endTs, lookback, service }: z.infer<typeof jaegerDependenciesParameters>, nowMs: number) {
  const endMs = Math.min(integerOf('endTs', endTs) ?? nowMs, LATEST_MS)
  const backMs = integerOf('lookback', lookback) ?? DEPENDENCIES_BACK_MS
  const startMs = Math.max(0, endMs - Math.max(0, backMs))
  return { startMs: Math.floor(startMs / MINUTE_MS) * MINUTE_MS, endMs: Math.ceil(endMs / MINUTE_MS) * MINUTE_MS, service: firstOf(service) }
}

function tagsOf({ tag, tags }: Pick<z.infer<typeof jaegerSearchParameters>, 'tag' | 'tags'>): Map<string, string> {
  const found = new Map<string, string>()
  for (const each of allOf(tag)) {
    const colon = each.indexOf(':')
    if (colon < 0) throw new JaegerRefusal(400, `malformed 'tag' parameter, expecting key:value, received: ${each}`)
    found.set(each.slice(0, colon), each.slice(colon + 1))
  }
  for (const each of allOf(tags)) {
    if (each !== '') for (const [key, value] of textsOf('tags', each)) found.set(key, value)
  }
  return found
}

export function textsOf(name: string, json: string): [key: string, value: string][] {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const entries = Object.entries(value)
      if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return entries
    }
  } catch {
    // Said below.
  }
  throw new JaegerRefusal(400, `malformed '${name}' parameter, cannot unmarshal JSON into texts: ${json}`)
}

function microsecondsOf(name: string, text: Text): number | undefined {
  const microseconds = integerOf(name, text)
  return microseconds === undefined ? undefined : Math.min(microseconds / 1000, LATEST_MS)
}

export function integerOf(name: string, text: Text): number | undefined {
  const first = firstOf(text)
  if (first === undefined) return undefined
  const value = Number(first)
  if (!/^[+-]?\d+$/.test(first) || !Number.isSafeInteger(value)) throw new JaegerRefusal(400, `unable to parse param '${name}': ${first} is not a whole number`)
  return value
}

export function durationOf(name: string, text: Text): number | undefined {
  const first = firstOf(text)
  if (first === undefined) return undefined
  const durationNs = parseGoDuration(first)
  if (durationNs === null) throw new JaegerRefusal(400, `unable to parse param '${name}': ${first} is not a duration such as 1.5s or 300ms`)
  return durationNs === 0 ? undefined : durationNs
}
