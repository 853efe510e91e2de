'use client'
import { useEffect, useState } from 'react'
import type { TraceReaderClient } from './reader-client.ts'
import type { TraceModel } from './trace-model.ts'

/** Keys of rows that are sought; null while nothing is. */
export type Found = ReadonlySet<string> | null

/** Keys of the rows that the text seeks, null while nothing is sought; those of the text before stand until the new ones are there. */
export function useFound(reader: TraceReaderClient, model: TraceModel, text: string): Found {
  const [found, setFound] = useState<Found>(null)
  useEffect(() => {
    let wanted = true
    void reader.find(text).then(
      (rows) => {
        if (wanted) setFound(rows === null ? null : keysOf(model, rows))
      },
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [reader, model, text])
  return found
}

function keysOf({ rows }: TraceModel, found: Int32Array): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const index of found) {
    const key = rows[index]?.key
    if (key !== undefined) keys.add(key)
  }
  return keys
}
