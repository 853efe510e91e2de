import type { Readable } from 'node:stream'
import type { AgentFiles } from '@skein/schemas/agent-config'
import { createDelivery, type DeliveryDeps } from './delivery.ts'
import { startsEvent } from './lines/multiline.ts'
import { createEventFormat, createTextFormat } from './lines/text-format.ts'
import { EMPTY } from './otlp/log-writer.ts'
import { encodeResource } from './otlp/attributes.ts'
import type { Counters } from './send/counters.ts'
import { createStreamFeed } from './stream/stream-feed.ts'

export interface PipeDeps extends DeliveryDeps {
  input: Readable
  service: string
  multiline: AgentFiles['multiline']
  randomBytes: (bytes: number) => Buffer
}

/** `something | skein agent --stdin`: sends what comes in through a pipe. Keeps nothing on disk, so that any number of them can run. */
export interface Pipe {
  readonly counters: Readonly<Counters>
  start(): void
  /** Resolves when the input has ended and all of it was delivered. */
  readonly finished: Promise<void>
  stop(deadlineMs: number): Promise<void>
}

const MULTILINE_MS = 1000

export function createPipe(deps: PipeDeps): Pipe {
  const { config, input, service } = deps
  const delivery = createDelivery(deps)
  const starts = startsEvent(deps.multiline)
  const limits = { lineBytes: config.lineBytes, blank: () => void delivery.counters.blankLines++ }
  const feed = createStreamFeed({
    input,
    head: {
      identity: deps.randomBytes(8).toString('hex'),
      resource: encodeResource({ 'service.name': service, ...delivery.resource }),
      attributes: EMPTY,
    },
    format: starts === null ? createTextFormat(limits) : createEventFormat(starts, limits),
    multilineMs: starts === null ? 0 : MULTILINE_MS,
    wake: delivery.pump.wake,
  })
  return {
    counters: delivery.counters,
    start: feed.start,
    finished: feed.finished,
    async stop(deadlineMs) {
      feed.stop()
      await delivery.stop(deadlineMs)
    },
  }
}
