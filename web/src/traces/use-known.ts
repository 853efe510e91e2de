'use client'
import type { TraceSummary } from '@skein/schemas/api/traces'
import { useMemo } from 'react'
import { useOperations, useServices } from '../api/questions.ts'
import { facetsOf } from './facets.ts'
import type { Known } from './suggestions.ts'

/** Attributes whose names are worth offering before any was seen: what HTTP, databases, messaging and deployments call themselves. */
const COMMON_ATTRIBUTES = ['http.request.method', 'http.route', 'http.response.status_code', 'db.system.name', 'messaging.destination.name', 'session.id']

/** What the query bar can offer: services and operations of the window, entries of the list, and well-known attributes. */
export function useKnown(traces: readonly TraceSummary[], service: string): Known {
  const services = useServices()
  // a name that nobody has would only be refused
  const known = services.data?.services.some(({ name }) => name === service) === true
  const operations = useOperations({ name: known ? service : '', namespace: '' })
  return useMemo(() => {
    const { entries } = facetsOf(traces)
    return {
      services: services.data?.services.map(({ name }) => name) ?? [],
      operations: operations.data?.operations.map(({ operation }) => operation) ?? entries.map(({ operation }) => operation),
      entries: entries.map(({ operation }) => operation),
      attributes: new Map(COMMON_ATTRIBUTES.map((key) => [key, []])),
    }
  }, [traces, services.data, operations.data])
}
