'use client'
import { useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import type { z } from 'zod'
import { liveIntervalMs, useView } from '../url/view-state.ts'
import { useApiClient } from './api-context.ts'
import type { ApiError, Query } from './client.ts'
import { recoverIntervalMs } from './recover.ts'
import { mayStandIn } from './stand-in.ts'

export interface AnswerOptions {
  query?: Query
  /** Poll at this interval instead of the page's; null never polls. */
  intervalMs?: number | null
  enabled?: boolean
}

type QueryKey = readonly [path: string, query: Query]

export type Answer<T> = UseQueryResult<T, ApiError>

/** One question to the API: data of an earlier window kept, asked again while live, silent while the tab is hidden. */
export function useAnswer<T>(path: string, schema: z.ZodType<T>, options: AnswerOptions = {}): Answer<T> {
  const client = useApiClient()
  const { view } = useView()
  const intervalMs = options.intervalMs === undefined ? liveIntervalMs(view) : options.intervalMs
  const key: QueryKey = [path, options.query ?? {}]
  return useQuery<T, ApiError>({
    queryKey: key,
    queryFn: ({ signal }) => client.get({ path, schema, query: options.query, signal }),
    placeholderData: (data, previous) => (previous !== undefined && mayStandIn(previous.queryKey as QueryKey, key) ? data : undefined),
    refetchInterval: (query) => (query.state.status === 'error' ? recoverIntervalMs(intervalMs) : (intervalMs ?? false)),
    enabled: options.enabled ?? true,
  })
}
