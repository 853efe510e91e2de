import type { Clock } from '../agent-deps.ts'
import { createLogWriter, type LogWriter } from '../otlp/log-writer.ts'
import { compress, type Encoding } from './compress.ts'
import type { Counters } from './counters.ts'
import type { Feed, Taken } from './feed.ts'
import type { Sender } from './sender.ts'

/** Takes from feeds what waits, makes requests of it, and has them delivered: several at a time, of one feed in order. */
export interface Pump {
  /** There may be something to take. */
  wake(feed: Feed): void
  /** Makes no more requests; resolves when those under way are settled, or left after the time. */
  stop(deadlineMs: number): Promise<void>
}

export interface PumpOptions {
  sender: Sender
  counters: Counters
  clock: Clock
  requests: number
  requestBytes: number
  after: (ms: number) => Promise<void>
}

/** Any record fits. */
const SMALLEST_BYTES = 512 * 1024

interface Pumping {
  readonly options: PumpOptions
  readonly writer: LogWriter
  readonly ready: Set<Feed>
  /** The last request that holds something of a feed; resolves with whether it was settled. */
  readonly last: Map<Feed, Promise<boolean>>
  /** Something of them comes back: nothing is taken before all of it has. */
  readonly returning: Set<Feed>
  /** One is filled while another is compressed. */
  readonly buffers: Buffer[]
  requestBytes: number
  underWay: number
  building: Promise<void> | null
  stopped: boolean
}

interface Request {
  taken: Map<Feed, Taken[]>
  records: number
}

/** Null is nothing to send: what was taken held no records. */
interface Payload<Body = Buffer | null> {
  payload: Body
  packed: Encoding
}

export function createPump(options: PumpOptions): Pump {
  const { requestBytes, sender } = options
  const pumping: Pumping = {
    options,
    writer: createLogWriter(),
    ready: new Set(),
    last: new Map(),
    returning: new Set(),
    buffers: [Buffer.allocUnsafeSlow(requestBytes), Buffer.allocUnsafeSlow(requestBytes)],
    requestBytes,
    underWay: 0,
    building: null,
    stopped: false,
  }
  return {
    wake(feed) {
      pumping.ready.add(feed)
      build(pumping)
    },
    async stop(deadlineMs) {
      pumping.stopped = true
      await pumping.building
      const settled = Promise.all(pumping.last.values())
      await Promise.race([settled, options.after(deadlineMs)])
      sender.stop()
      await settled
    },
  }
}

function canBuild({ stopped, ready, underWay, buffers, options }: Pumping): boolean {
  return !stopped && ready.size > 0 && underWay < options.requests && buffers.length > 0
}

function build(pumping: Pumping): void {
  pumping.building ??= buildAll(pumping).finally(() => {
    pumping.building = null
    if (canBuild(pumping)) build(pumping)
  })
}

async function buildAll(pumping: Pumping): Promise<void> {
  while (canBuild(pumping)) {
    const buffer = pumping.buffers.pop()
    if (buffer !== undefined) await buildOne(pumping, buffer)
  }
}

async function buildOne(pumping: Pumping, buffer: Buffer): Promise<void> {
  const { writer, ready, returning, options } = pumping
  writer.reset(buffer.subarray(0, pumping.requestBytes), BigInt(options.clock()) * 1_000_000n)
  const taken = new Map<Feed, Taken[]>()
  for (let full = false; !full && ready.size > 0; ) {
    const [feed] = ready
    if (feed === undefined) break
    ready.delete(feed)
    if (returning.has(feed)) continue
    const filled = await feed.fill(writer)
    if (filled.taken !== null) taken.set(feed, [...(taken.get(feed) ?? []), filled.taken])
    if (filled.more) ready.add(feed)
    full = filled.full
  }
  if (taken.size === 0) {
    pumping.buffers.push(buffer)
    return
  }
  pumping.underWay++
  void deliver(pumping, { taken, records: writer.records }, buffer)
}

async function deliver(pumping: Pumping, request: Request, buffer: Buffer): Promise<void> {
  const { last, returning, ready, options } = pumping
  const packed = options.sender.encoding
  const before = [...request.taken.keys()].flatMap((feed) => last.get(feed) ?? [])
  const body = request.records === 0 ? Promise.resolve(null) : compress(pumping.writer.bytes(), packed)
  const done = body.then((payload) => {
    pumping.buffers.push(buffer)
    build(pumping)
    return finish(pumping, request, { payload, packed, before })
  })
  for (const feed of request.taken.keys()) last.set(feed, done)
  const settled = await done
  for (const feed of request.taken.keys()) {
    if (last.get(feed) !== done) continue
    last.delete(feed)
    returning.delete(feed)
    if (!settled) ready.add(feed)
  }
  pumping.underWay--
  build(pumping)
}

/** Sends when all before it was settled; gives back what it holds when not. Returns whether it was settled. */
async function finish(pumping: Pumping, request: Request, { payload, packed, before }: Payload & { before: Promise<boolean>[] }): Promise<boolean> {
  const inOrder = (await Promise.all(before)).every(Boolean)
  const settled = inOrder && (payload === null || (await send(pumping, { payload, packed }, request.records)))
  const { counters } = pumping.options
  for (const [feed, parts] of request.taken) {
    if (!settled) pumping.returning.add(feed)
    for (const taken of parts) {
      if (settled) taken.settle()
      else taken.giveBack()
      counters.records += settled ? taken.records : 0
      counters.bytes += settled ? taken.bytes : 0
    }
  }
  return settled
}

async function send(pumping: Pumping, { payload, packed }: Payload<Buffer>, records: number): Promise<boolean> {
  const size = pumping.requestBytes > SMALLEST_BYTES ? 'divisible' : 'smallest'
  const result = await pumping.options.sender.send(payload, { packed, records, size })
  if (result === 'smaller') pumping.requestBytes = Math.max(SMALLEST_BYTES, Math.floor(pumping.requestBytes / 2))
  return result === 'settled'
}
