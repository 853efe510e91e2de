'use client'
import type { TraceSpan } from '@skein/schemas/api/traces'
import { useEffect, useState } from 'react'
import type { TraceReaderClient } from './reader-client.ts'

/** All of one span; null until it is there. */
export function useDetail(reader: TraceReaderClient, key: string): TraceSpan | null {
  const [detail, setDetail] = useState<{ key: string; span: TraceSpan | null }>({ key: '', span: null })
  useEffect(() => {
    let wanted = true
    void reader.detail(key).then(
      (span) => {
        if (wanted) setDetail({ key, span })
      },
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [reader, key])
  return detail.key === key ? detail.span : null
}
