'use client'
import type { TailDropped, TailLines, TailState } from '@skein/schemas/api/logs'
import { useEffect, useRef, useState } from 'react'
import { addressOf } from '../../api/client.ts'
import { useView } from '../../url/view-state.ts'
import { readLogQuery } from '../url.ts'
import { EMPTY_TAIL, type TailBuffer, withLines } from './tail-buffer.ts'
import { createTailStream, type TailConnection, type TailEvents } from './tail-stream.ts'

const TAIL_LIMITS = { maxLines: 10_000, maxCharacters: 16_000_000 }
/** Lines come in far oftener than a screen can show them; they are taken in together this often. */
const EVERY_MS = 100
const BACKLOG = 200
/** Steps that wait to be taken in. Timers of a tab out of sight come once a minute, and steps go on coming. */
const MAX_BATCHES = 10

/** What is known of a tail beside its lines. */
interface Told {
  /** Whether the search was asked for: what was there before is shown. */
  begun: boolean
  connection: TailConnection
  state: TailState | null
  dropped: TailDropped | null
  /** Why the server ended it, '' when it did not. */
  problem: string
}

const NOTHING: Told = { begun: false, connection: 'connecting', state: null, dropped: null, problem: '' }

export interface Tail extends Told {
  shown: TailBuffer
  /** Lines that came in since the list was held. */
  waiting: number
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
  const [told, setTold] = useState(NOTHING)

  useEffect(() => {
    isHeld.current = held
    if (!held) setShown(live.current)
  }, [held])

  useEffect(() => {
    if (!readable) return undefined
    const tell = (news: Partial<Told>) => setTold((before) => ({ ...before, ...news }))
    let batches: TailLines[] = []
    const takeIn = () => {
      if (batches.length === 0) return
      live.current = withLines(live.current, batches, TAIL_LIMITS)
      batches = []
      tell({ begun: true })
      setReceived(live.current.received)
      if (!isHeld.current) setShown(live.current)
    }
    live.current = EMPTY_TAIL
    setShown(EMPTY_TAIL)
    setReceived(0)
    setTold(NOTHING)
    const timer = setInterval(takeIn, EVERY_MS)
    const stream = streamOf(address, {
      onLines: (batch) => batches.push(batch) >= MAX_BATCHES && takeIn(),
      // Totals of a server begin anew with each connection.
      onDropped: (more) => setTold((before) => ({ ...before, dropped: { ...more, total: (before.dropped?.total ?? 0) + more.lines } })),
      onState: (state) => tell({ state }),
      onConnection: (connection) => tell(connection === 'connected' ? { connection, problem: '' } : { connection }),
      onProblem: (problem) => tell({ problem }),
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
  return { ...told, shown, waiting: Math.max(0, received - shown.received), clear }
}

function streamOf(address: string, events: TailEvents): ReturnType<typeof createTailStream> {
  return createTailStream({
    ...events,
    open: (after) =>
      new EventSource(
        address + (address.includes('?') ? '&' : '?') + new URLSearchParams(after === '' ? { backlog: String(BACKLOG) } : { since: after }).toString(),
      ),
    later: (call, delayMs) => {
      const waiting = setTimeout(call, delayMs)
      return () => clearTimeout(waiting)
    },
  })
}
