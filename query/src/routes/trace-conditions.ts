import type { tracesParameters } from '@skein/schemas/api/traces'
import { INSTANCE_ATTRIBUTES, PLACE_ATTRIBUTES } from '@skein/schemas/semantic-conventions'
import type { Note } from '@skein/schemas/api/window'
import type { TenantWindow } from '@skein/store/contract-terms'
import type { TraceSearch } from '@skein/store/contract-traces'
import type { z } from 'zod'
import type { RouteDeps } from '../app-types.ts'
import { invalidParameter } from '../problem-error.ts'
import { callsBetween } from '../topology/calls-between.ts'

const MAX_ATTRIBUTES = 16

type TracesParameters = z.infer<typeof tracesParameters>

/** What a search asks of a trace, as the store is asked. Throws a `ProblemError` that names the parameter. */
export function conditionsOf(
  parameters: Omit<TracesParameters, 'start' | 'end' | 'sort' | 'limit' | 'cursor'>,
): Omit<TraceSearch, keyof TenantWindow | 'sort' | 'limit' | 'after'> {
  const { service, operation, entry, minMs, maxMs, error, caller, callee } = parameters
  if (caller && !callee) throw invalidParameter('caller', 'needs a callee', 'Give callee as well: the name of the node that it calls.')
  if (minMs !== undefined && maxMs !== undefined && minMs > maxMs) throw invalidParameter('minMs', 'must not be above maxMs')
  return {
    ...(service ? { service } : {}),
    ...(operation ? { operation } : {}),
    ...(entry ? { entry } : {}),
    ...(minMs === undefined ? {} : { minDurationNs: Math.round(minMs * 1e6) }),
    ...(maxMs === undefined ? {} : { maxDurationNs: Math.round(maxMs * 1e6) }),
    ...(error === undefined ? {} : { error: error === 'true' }),
    attributes: [...attributePairs('attr', parameters.attr), ...senderAttributes(parameters)],
  }
}

/** The search for traces of a window: what is asked of them, with the calls that the map of that window has between caller and callee. */
export async function searchOf(
  { store }: RouteDeps,
  window: TenantWindow,
  parameters: Parameters<typeof conditionsOf>[0],
): Promise<Omit<TraceSearch, 'sort' | 'limit' | 'after'>> {
  const conditions = conditionsOf(parameters)
  const calls = await callsBetween(store, window, parameters)
  return { ...window, ...conditions, ...(calls === undefined ? {} : { calls }) }
}

const SENDER_ATTRIBUTES = { ...PLACE_ATTRIBUTES, instance: INSTANCE_ATTRIBUTES }

/** Where a span was, and on which instance, as what sent it says by one name or another. */
function senderAttributes(parameters: Partial<Record<keyof typeof SENDER_ATTRIBUTES, string | undefined>>): TraceSearch['attributes'] {
  return (Object.keys(SENDER_ATTRIBUTES) as (keyof typeof SENDER_ATTRIBUTES)[]).flatMap((part) => {
    const value = parameters[part]
    const [key, ...aliases] = SENDER_ATTRIBUTES[part]
    return value === undefined || value === '' ? [] : [{ key, value, aliases }]
  })
}

export function attributePairs(parameter: string, given: TracesParameters['attr']): TraceSearch['attributes'] {
  const pairs = given === undefined ? [] : [given].flat()
  if (pairs.length > MAX_ATTRIBUTES) throw invalidParameter(parameter, `may be given ${MAX_ATTRIBUTES} times`)
  return pairs.map((pair) => {
    const equals = pair.indexOf('=')
    if (equals < 1) throw invalidParameter(parameter, `"${pair}" is not key=value`, `Example: ${parameter}=http.route=/epg; encode = and & inside the value.`)
    return { key: pair.slice(0, equals), value: pair.slice(equals + 1) }
  })
}

/** Nothing found: because nothing came, or because nothing matched. */
export async function emptyNotes({ store }: RouteDeps, window: TenantWindow): Promise<Note[]> {
  const services = await store.services.services(window)
  const message = services.length === 0 ? 'No spans in this window' : `No trace in this window matches the filter; services that sent spans: ${services.length}`
  return [{ code: 'no_spans', message, count: 0 }]
}
