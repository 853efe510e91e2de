'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import { useApiClient } from '../api/api-context.ts'
import type { ApiError } from '../api/client.ts'
import { recoverIntervalMs } from '../api/recover.ts'
import { createLocalPort, createReaderClient, type TracePort, type TraceReaderClient, type TraceReading } from './reader-client.ts'
import { createTraceReader } from './trace-reader.ts'

/** A trace read off the main thread. It stays as it was read; a link to it is read again. */
export function useTrace(id: string, around = '') {
  const reader = useReader()
  const answer = useQuery<TraceReading, ApiError>({
    // a reader holds one trace, so that each has an answer of its own
    queryKey: ['trace', useId(), id, around],
    queryFn: () => reader.load(id, around),
    enabled: id !== '',
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: (query) => (query.state.status === 'error' ? recoverIntervalMs(null) : false),
  })
  return { answer, reader }
}

/** A reader that lasts as long as its component. */
function useReader(): TraceReaderClient {
  const api = useApiClient()
  const [reader] = useState(() =>
    createReaderClient(
      () => new Worker(new URL('./trace.worker.ts', import.meta.url), { type: 'module' }) as unknown as TracePort,
      () => createLocalPort(createTraceReader(api)),
    ),
  )
  useEffect(() => () => reader.close(), [reader])
  return reader
}
