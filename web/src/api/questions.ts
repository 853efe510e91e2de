'use client'
import { intakeAnswer } from '@skein/schemas/api/intake'
import { instancesAnswer, operationsAnswer, seriesAnswer, serviceAnswer, servicesAnswer } from '@skein/schemas/api/services'
import { statusAnswer } from '@skein/schemas/api/status'
import { topologyAnswer } from '@skein/schemas/api/topology'
import type { z } from 'zod'
import { useScope } from '../url/view-state.ts'
import { useAnswer } from './use-answer.ts'

const STATUS_INTERVAL_MS = 5000

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
