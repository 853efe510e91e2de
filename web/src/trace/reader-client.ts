import type { TraceSpan } from '@skein/schemas/api/traces'
import { ApiError } from '../api/client.ts'
import { unpackModel } from './packed-model.ts'
import type { TraceModel } from './trace-model.ts'
import type { LoadedTrace, TraceAsks, TraceRequest, TraceResponse } from './trace-reader.ts'

/** As much of a Worker as the client needs. */
export interface TracePort {
  postMessage(request: TraceRequest): void
  onmessage: ((event: { data: TraceResponse }) => void) | null
  onerror: (() => void) | null
  terminate(): void
}

/** One trace as a page has it: what is drawn at hand, the rest on asking. */
export interface TraceReading extends Pick<LoadedTrace, 'traceId' | 'truncated' | 'sessions'> {
  model: TraceModel
}

export interface TraceReaderClient {
  /** Rejects with `ApiError`. */
  load(id: string, around: string): Promise<TraceReading>
  /** Rows that are sought, in order; null when the text seeks nothing. */
  find(text: string): Promise<Int32Array | null>
  /** All of one span; null for a row that is none. */
  detail(key: string): Promise<TraceSpan | null>
  /** The trace as an OTLP/JSON request. */
  otlp(): Promise<string>
  close(): void
}

interface Pending {
  request: TraceRequest
  resolve: (answer: never) => void
  reject: (error: Error) => void
}

/** Talks to a reader in a worker; where no worker may run, `openLocal` is better than none. */
export function createReaderClient(openWorker: () => TracePort, openLocal: () => TracePort): TraceReaderClient {
  const pending = new Map<number, Pending>()
  let seq = 0
  let port: TracePort | null = null
  const listen = (opened: TracePort): TracePort => {
    opened.onmessage = ({ data }) => {
      const waiting = pending.get(data.seq)
      pending.delete(data.seq)
      if ('failure' in data) waiting?.reject(new ApiError(data.failure))
      else waiting?.resolve(data.answer as never)
    }
    opened.onerror = () => {
      opened.terminate()
      port = listen(openLocal())
      for (const { request } of pending.values()) port.postMessage(request)
    }
    return opened
  }
  const ask = <Kind extends keyof TraceAsks>(kind: Kind, what: TraceAsks[Kind]['ask']): Promise<TraceAsks[Kind]['answer']> => {
    port ??= listen(openWorker())
    const request = { seq: ++seq, kind, ask: what } as TraceRequest
    return new Promise((resolve, reject) => {
      pending.set(request.seq, { request, resolve: resolve as Pending['resolve'], reject })
      port?.postMessage(request)
    })
  }
  return {
    async load(id, around) {
      const { packed, ...rest } = await ask('load', { id, around })
      return { ...rest, model: unpackModel(packed) }
    },
    find: (text) => ask('find', { text }),
    detail: (key) => ask('detail', { key }),
    otlp: () => ask('otlp', {}),
    close() {
      port?.terminate()
      port = null
      pending.clear()
    },
  }
}

/** A port that reads where it stands. */
export function createLocalPort(read: (request: TraceRequest) => Promise<TraceResponse>): TracePort {
  const port: TracePort = {
    onmessage: null,
    onerror: null,
    postMessage: (request) => void read(request).then((data) => port.onmessage?.({ data })),
    terminate: () => {
      port.onmessage = null
    },
  }
  return port
}
