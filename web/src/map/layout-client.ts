import type { LayoutInput } from './layout/graph.ts'
import { layoutGraph, type LayoutResult } from './layout/layout.ts'

export interface LayoutRequest {
  id: number
  input: LayoutInput
}

export interface LayoutResponse {
  id: number
  layout: LayoutResult
}

/** As much of a Worker as the client needs. */
export interface LayoutPort {
  postMessage(request: LayoutRequest): void
  onmessage: ((event: { data: LayoutResponse }) => void) | null
  terminate(): void
}

export interface LayoutClient {
  /** Lays out the newest input; an older one still waiting is dropped, its answer never delivered. */
  ask(input: LayoutInput): void
  close(): void
}

/** One layout is under way at a time and at most one waits, so a slow layout never queues behind data that is already old. */
export function createLayoutClient(port: LayoutPort, deliver: (layout: LayoutResult) => void): LayoutClient {
  let lastId = 0
  let busy = false
  let waiting: LayoutInput | null = null
  const send = (input: LayoutInput): void => {
    lastId++
    busy = true
    port.postMessage({ id: lastId, input })
  }
  port.onmessage = ({ data }) => {
    if (data.id !== lastId) return
    busy = false
    const next = waiting
    waiting = null
    if (next === null) deliver(data.layout)
    else send(next)
  }
  return {
    ask(input) {
      if (busy) waiting = input
      else send(input)
    },
    close() {
      port.onmessage = null
      port.terminate()
    },
  }
}

/** A port that lays out where it stands, after the present task. */
export function createLocalPort(): LayoutPort {
  const port: LayoutPort = {
    onmessage: null,
    postMessage: ({ id, input }) => void setTimeout(() => port.onmessage?.({ data: { id, layout: layoutGraph(input) } })),
    terminate: () => {},
  }
  return port
}
