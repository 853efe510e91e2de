import { type TailDropped, tailDropped, type TailLines, tailLines, type TailState, tailState } from '@skein/schemas/api/logs'
import { problem } from '@skein/schemas/problem'

export type TailConnection = 'connecting' | 'connected' | 'reconnecting' | 'refused'

export interface TailEvents {
  onLines: (lines: TailLines) => void
  onDropped: (dropped: TailDropped) => void
  onState: (state: TailState) => void
  onConnection: (connection: TailConnection) => void
  /** The server ended the stream and says why. */
  onProblem: (detail: string) => void
}

export interface TailStreamOptions extends TailEvents {
  /** Made anew after an end that the browser does not reconnect from. */
  open: (lastEventId: string) => EventSource
  /** Calls back later; returns what forgets it. */
  later: (call: () => void, delayMs: number) => () => void
}

const RETRY_MS = [1000, 2000, 5000, 10_000] as const

/** A tail that holds on: the browser reconnects by itself, and where it gave up a new stream goes on behind the last event. */
export function createTailStream(options: TailStreamOptions): { close(): void } {
  let source: EventSource | null = null
  let forget: (() => void) | null = null
  let lastEventId = ''
  let failures = 0
  let closed = false

  const connect = () => {
    const opened = options.open(lastEventId)
    source = opened
    opened.onopen = () => options.onConnection('connected')
    opened.onerror = () => {
      if (closed) return
      options.onConnection('reconnecting')
      if (opened.readyState === opened.CLOSED) again()
    }
    const on = <T>(name: string, read: (data: unknown) => T | null, take: (value: T) => void) =>
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        if (event.lastEventId !== '') lastEventId = event.lastEventId
        const value = read(jsonOf(event.data))
        if (value === null) return
        // A stream that opens only to end with a problem is no success.
        if (name !== 'problem') failures = 0
        take(value)
      })
    on('lines', (data) => tailLines.safeParse(data).data ?? null, options.onLines)
    on('dropped', (data) => tailDropped.safeParse(data).data ?? null, options.onDropped)
    on('state', (data) => tailState.safeParse(data).data ?? null, options.onState)
    on('problem', (data) => problem.safeParse(data).data ?? null, refuse)
  }
  const again = () => {
    source?.close()
    forget = options.later(connect, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 1000)
    failures++
  }
  const refuse = ({ detail, title, status }: { detail?: string | undefined; title: string; status: number }) => {
    options.onProblem(detail ?? title)
    options.onConnection(status >= 500 ? 'reconnecting' : 'refused')
    if (status >= 500) again()
    else source?.close()
  }
  options.onConnection('connecting')
  connect()
  return {
    close() {
      closed = true
      forget?.()
      source?.close()
    },
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
