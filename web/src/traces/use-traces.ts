'use client'
import { type TracesAnswer, tracesAnswer } from '@skein/schemas/api/traces'
import { type InfiniteData, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useApiClient } from '../api/api-context.ts'
import type { ApiError } from '../api/client.ts'
import { liveIntervalMs, useScope, useView } from '../url/view-state.ts'
import { queryOf, type TracesState } from './url.ts'

const PAGE_SIZE = 200
const PATH = '/api/traces'

/** Traces page by page. The list follows live only while its first page alone is loaded, so that it never moves under a reader further down. */
export function useTraces(state: TracesState) {
  const client = useApiClient()
  const { view } = useView()
  const { start, end } = useScope()
  const query = { start, end, limit: PAGE_SIZE, sort: state.sort, ...queryOf(state) }
  return useInfiniteQuery<TracesAnswer, ApiError, InfiniteData<TracesAnswer>, readonly unknown[], string>({
    queryKey: [PATH, query],
    queryFn: ({ signal, pageParam }) => client.get({ path: PATH, schema: tracesAnswer, query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.cursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 0) > 1 ? false : (liveIntervalMs(view) ?? false)),
  })
}
