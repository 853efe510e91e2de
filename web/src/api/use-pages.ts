'use client'
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { useApiClient } from './api-context.ts'
import type { ApiError, Query } from './client.ts'
import { recoverIntervalMs } from './recover.ts'
import { mayStandIn } from './stand-in.ts'

/** One page of a list; `cursor` leads to the next, null behind the last. */
export interface PageAnswer {
  cursor: string | null
}

export type LoadedPages<Page> = InfiniteData<Page, string>

/** A list read page by page. */
export interface Pages<Page> {
  /** Differs whenever the list is another one. */
  question: string
  data: LoadedPages<Page> | undefined
  /** What is shown is the answer to the question before. */
  isPlaceholderData: boolean
  isError: boolean
  error: ApiError | null
  dataUpdatedAt: number
  isFetchingNextPage: boolean
  refetch: () => Promise<unknown>
  /** Reads the page behind `from`, which takes the place of what is loaded. */
  loadBehind: (from: LoadedPages<Page>) => void
  /** It would follow live, were there not more than one page of it. */
  isPaused: boolean
  /** Goes back to the first page, and follows live. */
  follow: () => void
}

export interface PagesOptions {
  query: Query
  /** null never polls. A list of more than one page is not polled, so that it never moves under a reader further down. */
  intervalMs: number | null
  enabled?: boolean
}

export function usePages<Page extends PageAnswer>(path: string, schema: z.ZodType<Page>, options: PagesOptions): Pages<Page> {
  const { query, intervalMs, enabled = true } = options
  const client = useApiClient()
  const queries = useQueryClient()
  const queryKey = [path, query] as const
  const answer = useInfiniteQuery<Page, ApiError, LoadedPages<Page>, typeof queryKey, string>({
    queryKey,
    queryFn: ({ signal, pageParam }) => client.get({ path, schema, query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.cursor,
    placeholderData: (data, previous) => (previous !== undefined && mayStandIn(previous.queryKey, queryKey) ? data : undefined),
    enabled,
    refetchInterval: ({ state: { data, status } }) => {
      if (status === 'error') return recoverIntervalMs(intervalMs)
      return (data?.pages.length ?? 0) > 1 ? false : (intervalMs ?? false)
    },
  })
  const { data, isPlaceholderData, isError, error, dataUpdatedAt, isFetchingNextPage, refetch, fetchNextPage } = answer
  const loadBehind = (from: LoadedPages<Page>) => {
    queries.setQueryData(queryKey, from)
    void fetchNextPage()
  }
  const follow = () => {
    queries.setQueryData<LoadedPages<Page>>(queryKey, (loaded) => loaded && { pages: loaded.pages.slice(0, 1), pageParams: loaded.pageParams.slice(0, 1) })
    void refetch()
  }
  const isPaused = intervalMs !== null && (data?.pages.length ?? 0) > 1
  return {
    question: JSON.stringify(queryKey),
    data,
    isPlaceholderData,
    isError,
    error,
    dataUpdatedAt,
    isFetchingNextPage,
    refetch,
    loadBehind,
    isPaused,
    follow,
  }
}
