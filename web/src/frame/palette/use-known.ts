'use client'
import { useQueries } from '@tanstack/react-query'
import { operationsAnswer } from '@skein/schemas/api/services'
import type { OperationsAnswer, ServiceSummary } from '@skein/schemas/api/services'
import { useMemo } from 'react'
import { useApiClient } from '../../api/api-context.ts'
import { useServices } from '../../api/questions.ts'
import { useScope } from '../../url/view-state.ts'
import { fuzzyDistance } from '../fuzzy.ts'

/** So many services are asked for their operations: those whose names come nearest to what was typed, else the busiest. */
const ASKED = 8
const KEPT_MS = 60_000

/** The services of the window, busiest first. */
export function useKnownServices(): readonly ServiceSummary[] {
  const services = useServices().data?.services
  return useMemo(() => (services ?? []).toSorted((a, b) => b.calls - a.calls), [services])
}

/** Operations by service, of as many services as a keystroke may cost. */
export function useKnownOperations(services: readonly ServiceSummary[], typed: string): { service: string; operation: string }[] {
  const client = useApiClient()
  const scope = useScope()
  const asked = useMemo(() => nearest(services, typed), [services, typed])
  const answers = useQueries({
    queries: asked.map((service) => {
      const path = `/api/services/${encodeURIComponent(service)}/operations`
      return {
        queryKey: [path, scope],
        queryFn: ({ signal }: { signal: AbortSignal }) => client.get<OperationsAnswer>({ path, schema: operationsAnswer, query: scope, signal }),
        staleTime: KEPT_MS,
      }
    }),
  })
  return asked.flatMap((service, index) => {
    const operations = answers[index]?.data?.operations ?? []
    const served = operations.filter(({ kind }) => kind !== 'client' && kind !== 'internal')
    return [...new Set(served.map(({ operation }) => operation))].map((operation) => ({ service, operation }))
  })
}

function nearest(services: readonly ServiceSummary[], typed: string): string[] {
  const first = typed.trim().split(/\s+/)[0] ?? ''
  const names = [...new Set(services.map(({ name }) => name))]
  const near = first === '' ? [] : names.map((name) => ({ name, distance: fuzzyDistance(name, first) })).filter(({ distance }) => distance !== null)
  near.sort((a, b) => (a.distance ?? 0) - (b.distance ?? 0))
  return [...new Set([...near.map(({ name }) => name), ...names])].slice(0, ASKED)
}
