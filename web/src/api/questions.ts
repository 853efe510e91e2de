'use client'
import { eventsAnswer } from '@skein/schemas/api/events'
import { intakeAnswer } from '@skein/schemas/api/intake'
import { instancesAnswer, operationsAnswer, seriesAnswer, serviceAnswer, servicesAnswer } from '@skein/schemas/api/services'
import { statusAnswer } from '@skein/schemas/api/status'
import { topologyAnswer } from '@skein/schemas/api/topology'
import type { z } from 'zod'
import { useBaseScope } from '../url/use-baseline.ts'
import { useScope } from '../url/view-state.ts'
import type { Query } from './client.ts'
import { useAnswer } from './use-answer.ts'

const STATUS_INTERVAL_MS = 5000
/** What lies in the past or seldom comes is asked again this often at most. */
const SELDOM_MS = 30_000

export function useStatus() {
  return useAnswer('/api/status', statusAnswer, { intervalMs: STATUS_INTERVAL_MS })
}

export function useServices() {
  return useAnswer('/api/services', servicesAnswer, { query: useScope() })
}

/** `service` and `depth` keep only what lies within so many hops of it. */
export function useTopology(around: { service?: string; depth?: number } = {}) {
  return useAnswer('/api/topology', topologyAnswer, { query: { ...useScope(), ...around } })
}

/** The topology of the window compared with; undefined while it is not there or nothing is compared with. */
export function useBaseTopology() {
  return useOfBase('/api/topology', topologyAnswer, {})
}

/** Changes of the window, oldest first; with a service, those that concern it. */
export function useChangeEvents(service?: string) {
  return useAnswer('/api/events', eventsAnswer, { query: { ...useScope(), service }, intervalMs: SELDOM_MS })
}

function useOfBase<T>(path: string, schema: z.ZodType<T>, more: Query): T | undefined {
  const scope = useBaseScope()
  const answer = useAnswer(path, schema, { query: { ...scope, ...more }, enabled: scope !== null, intervalMs: SELDOM_MS })
  return scope === null || answer.isPlaceholderData ? undefined : answer.data
}

export function useIntake() {
  const { start, end } = useScope()
  return useAnswer('/api/intake', intakeAnswer, { query: { start, end } })
}

/** One service; `namespace` narrows a name that is not unique. */
export interface ServiceScope {
  name: string
  namespace: string
}

function useServicePart<T>(part: string, schema: z.ZodType<T>, { name, namespace }: ServiceScope) {
  const query = { ...useScope(), namespace }
  return useAnswer(`/api/services/${encodeURIComponent(name)}${part}`, schema, { query, enabled: name !== '' })
}

export const useService = (scope: ServiceScope) => useServicePart('', serviceAnswer, scope)
export const useOperations = (scope: ServiceScope) => useServicePart('/operations', operationsAnswer, scope)
export const useInstances = (scope: ServiceScope) => useServicePart('/instances', instancesAnswer, scope)
export const useSeries = (scope: ServiceScope) => useServicePart('/series', seriesAnswer, scope)

/** The same in the window compared with; undefined while it is not there or nothing is compared with. */
export const useBaseService = ({ name, namespace }: ServiceScope) => useOfBase(`/api/services/${encodeURIComponent(name)}`, serviceAnswer, { namespace })
export const useBaseSeries = ({ name, namespace }: ServiceScope) => useOfBase(`/api/services/${encodeURIComponent(name)}/series`, seriesAnswer, { namespace })
