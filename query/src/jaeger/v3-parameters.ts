import type { jaegerV3SearchParameters, jaegerV3TraceParameters } from '@skein/schemas/api/jaeger-v3'
import type { z } from 'zod'
import { LATEST_MS } from '../window.ts'
import { DEFAULT_LIMIT, durationOf, firstOf, integerOf, type JaegerSearch, type Text, textsOf } from './parameters.ts'
import { JaegerRefusal } from './refusal.ts'

type Parameters = z.infer<typeof jaegerV3SearchParameters>

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i

/** What a search of version 3 asks for. */
export function parseV3Search(parameters: Parameters): JaegerSearch {
  if (firstOf(parameters['query.filter']) !== undefined) {
    throw new JaegerRefusal(400, 'query.filter is not answered here: ask by query.serviceName, query.operationName, query.attributes and durations')
  }
  const startMs = timeOf(parameters, 'query.startTimeMin', 'query.start_time_min')
  const endMs = timeOf(parameters, 'query.startTimeMax', 'query.start_time_max')
  if (startMs === undefined || endMs === undefined) throw new JaegerRefusal(400, 'query.startTimeMin and query.startTimeMax are required')
  if (startMs >= endMs) throw new JaegerRefusal(400, 'query.startTimeMin must be before query.startTimeMax')
  const attributes = firstOf(parameters['query.attributes'])
  const [durationMin, durationMax] = [
    given(parameters, 'query.durationMin', 'query.duration_min'),
    given(parameters, 'query.durationMax', 'query.duration_max'),
  ]
  const depth = given(parameters, 'query.searchDepth', 'query.search_depth')
  return {
    traceIds: [],
    service: given(parameters, 'query.serviceName', 'query.service_name').text,
    operation: given(parameters, 'query.operationName', 'query.operation_name').text,
    tags: new Map(attributes === undefined ? [] : textsOf('query.attributes', attributes)),
    startMs,
    endMs,
    minDurationNs: durationOf(durationMin.name, durationMin.text),
    maxDurationNs: durationOf(durationMax.name, durationMax.text),
    limit: integerOf(depth.name, depth.text) ?? integerOf('query.num_traces', parameters['query.num_traces']) ?? DEFAULT_LIMIT,
  }
}

/** A time at which the trace was, Unix ms, when it is told. */
export function parseV3Hint(parameters: z.infer<typeof jaegerV3TraceParameters>): number | undefined {
  const [startMs, endMs] = [timeOf(parameters, 'startTime', 'start_time'), timeOf(parameters, 'endTime', 'end_time')]
  if (startMs !== undefined && endMs !== undefined) return (startMs + endMs) / 2
  return startMs ?? endMs
}

/** A parameter by its name, or else by its older one, and the name that counts. */
export function given<Name extends string>(parameters: Partial<Record<Name, Text>>, name: Name, older: Name): { name: string; text: string | undefined } {
  const text = firstOf(parameters[name])
  return text === undefined ? { name: older, text: firstOf(parameters[older]) } : { name, text }
}

/** Grafana does not escape the `+` of an offset, which then comes as a space. */
function timeOf<Name extends string>(parameters: Partial<Record<Name, Text>>, name: Name, older: Name): number | undefined {
  const { name: told, text } = given(parameters, name, older)
  if (text === undefined) return undefined
  const time = text.replace(' ', '+')
  const ms = RFC_3339.test(time) ? Date.parse(time) : Number.NaN
  if (Number.isNaN(ms)) throw new JaegerRefusal(400, `malformed parameter ${told}: ${text} is not a time such as 2026-01-02T15:04:05Z`)
  return Math.min(Math.max(0, ms), LATEST_MS)
}
