'use client'
import { type LogFacetsAnswer, logFacetsAnswer } from '@skein/schemas/api/logs'
import { useQueries } from '@tanstack/react-query'
import { useApiClient } from '../api/api-context.ts'
import { liveIntervalMs, useScope, useView } from '../url/view-state.ts'
import { withoutField } from './conditions.ts'
import type { LogConditions } from './questions.ts'
import { readLogQuery } from './url.ts'

const PATH = '/api/logs/facets'
const LEAST_COUNT_MS = 10_000

export interface Facet {
  field: string
  values: readonly { value: string; lines: number }[]
  /** Lines its values were counted among. */
  counted: number
  sampled: boolean
}

/**
 * The values of each field among the lines of the rest of the search, so that a field of which one value is asked for still tells what the others
 * come to. Fields that the search says nothing of share one question. Null while nothing is known; none where it cannot be, which the list says.
 */
export function useFacetsByField({ q }: LogConditions, fields: readonly string[]): readonly Facet[] | null {
  const client = useApiClient()
  const { view } = useView()
  const scope = useScope()
  const live = liveIntervalMs(view)
  const readable = readLogQuery(q).ok
  const questions = [...Map.groupBy(fields, (field) => (readable ? withoutField(q, field) : q))]
  const answers = useQueries({
    queries: questions.map(([rest, asked]) => {
      const query = { ...scope, q: rest, fields: asked.join(',') }
      return {
        queryKey: [PATH, query],
        queryFn: ({ signal }: { signal: AbortSignal }) => client.get<LogFacetsAnswer>({ path: PATH, schema: logFacetsAnswer, query, signal }),
        enabled: readable,
        placeholderData: (before: LogFacetsAnswer | undefined) => before,
        refetchInterval: live === null ? (false as const) : Math.max(live, LEAST_COUNT_MS),
      }
    }),
  })
  if (answers.every(({ data }) => data === undefined)) return answers.some(({ isError }) => isError) ? [] : null
  const found = new Map(answers.flatMap(({ data }) => (data === undefined ? [] : data.facets.map((facet) => [facet.field, facetOf(facet, data)] as const))))
  return fields.flatMap((field) => found.get(field) ?? [])
}

function facetOf({ field, values }: LogFacetsAnswer['facets'][number], { counted, notes }: LogFacetsAnswer): Facet {
  return { field, values: values.filter(({ value }) => value !== ''), counted, sampled: notes.some(({ code }) => code === 'sampled') }
}
