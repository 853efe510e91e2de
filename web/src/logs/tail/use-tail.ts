'use client'
import type { TailDropped, TailLines, TailState } from '@skein/schemas/api/logs'
import { useEffect, useRef, useState } from 'react'
import { addressOf } from '../../api/client.ts'
import { useView } from '../../url/view-state.ts'
import { readLogQuery } from '../url.ts'
import { EMPTY_TAIL, type TailBuffer, withLines } from './tail-buffer.ts'
import { createTailStream, type TailConnection } from './tail-stream.ts'

const TAIL_LIMITS = { maxLines: 10_000, maxCharacters: 16_000_000 }
/** Lines come in far oftener than a screen can show them; they are taken in together this often. */
const EVERY_MS = 100
const BACKLOG = 200

export interface Tail {
  shown: TailBuffer
  /** Lines that came in since the list was held. */
  waiting: number
  connection: TailConnection
  state: TailState | null
  dropped: TailDropped | null
  /** Why the server ended it, '' when it did not. */
  problem: string
  clear: () => void
}

/** Lines as they come in; while held they are taken in, counted and not shown. */
export function useTail(q: string, held: boolean): Tail {
  const { view } = useView()
  const address = addressOf('/api/logs/tail', { q: q.trim(), environment: view.env, cluster: view.cluster })
  const readable = readLogQuery(q).ok
  const live = useRef(EMPTY_TAIL)
  const isHeld = useRef(held)
  const [shown, setShown] = useState(EMPTY_TAIL)
  const [received, setReceived] = useState(0)
  const [connection, setConnection] = useState<TailConnection>('connecting')
  const [state, setState] = useState<TailState | null>(null)
  const [dropped, setDropped] = useState<TailDropped | null>(null)
  const [problem, setProblem] = useState('')

  useEffect(() => {
    isHeld.current = held
    if (!held) setShown(live.current)
  }, [held])

  useEffect(() => {
    if (!readable) return undefined
    let batches: TailLines[] = []
    live.current = EMPTY_TAIL
    setShown(EMPTY_TAIL)
    setDropped(null)
    setProblem('')
    const takeIn = () => {
      if (batches.length === 0) return
      live.current = withLines(live.current, batches, TAIL_LIMITS)
      batches = []
      setReceived(live.current.received)
      if (!isHeld.current) setShown(live.current)
    }
    const timer = setInterval(takeIn, EVERY_MS)
    const stream = createTailStream({
      open: (after) =>
        new EventSource(
          address + (address.includes('?') ? '&' : '?') + new URLSearchParams(after === '' ? { backlog: String(BACKLOG) } : { since: after }).toString(),
        ),
      later: (call, delayMs) => {
        const waiting = setTimeout(call, delayMs)
        return () => clearTimeout(waiting)
      },
      onLines: (lines) => void batches.push(lines),
      onDropped: setDropped,
      onState: setState,
      onConnection: setConnection,
      onProblem: setProblem,
    })
    return () => {
      clearInterval(timer)
      stream.close()
    }
  }, [address, readable])

  const clear = () => {
    live.current = { ...EMPTY_TAIL, received: live.current.received }
    setShown(live.current)
  }
  return { shown, waiting: Math.max(0, received - shown.received), connection, state, dropped, problem, clear }
}
