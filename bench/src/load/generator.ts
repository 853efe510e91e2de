import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { type AttributeValue, encodeResourceSpans, encodeSpan, type LoadLink } from './otlp-writer.ts'
import { createRandom, pickWeighted, type Random } from './random.ts'
import {
  CALLS,
  CONSUMERS,
  createInstances,
  createRemoteCall,
  databaseAttributes,
  DATABASES,
  ENTRY,
  type LoadInstance,
  RARE_CALLS,
  type RemoteCall,
  topicAttributes,
} from './shop.ts'
import { exceptionAt, moreAttributes, twoEvents } from './span-details.ts'

export interface LoadOptions {
  seed: number
  /** `demo`: ~0.5 kB a span; `production`: ~1.5 kB, some 30 attributes and two events. */
  profile: 'demo' | 'production'
  spansPerBatch: number
  /** Start of the first trace, Unix ms. */
  startMs: number
  /** Mean time between the starts of two traces. */
  traceGapMs: number
  /** Besides, spans in traces of their own that link to what is many: calls of the entry that are settled, messages taken as a batch. */
  links?: boolean
}

export interface LoadBatch {
  /** An OTLP ExportTraceServiceRequest. */
  bytes: Uint8Array
  spans: number
}

/** What a perfect observer knows after the batches given out so far and those still held back. */
export interface LoadTruth {
  spans: number
  /** `caller->callee` → calls, each with a client and a server span. */
  edges: ReadonlyMap<string, number>
  /** `service->database system` → calls, client spans alone. */
  databases: ReadonlyMap<string, number>
  /** `producer->consumer` → messages through the topic kafka/orders. */
  messages: ReadonlyMap<string, number>
  /** Calls of the entry service from outside. */
  entries: number
  /** Spans with links: `settled`, one call of kind `link` from the entry for each link, and `batches`, one call from the topic. */
  settled: number
  batches: number
  /** Up to 220 traces: hex id and number of spans. */
  traces: readonly { traceId: string; spans: number }[]
  /** End of the latest span, Unix µs. */
  endUs: number
}

export interface Load {
  /** The next batch, of about `spansPerBatch` spans; a trace's spans come in up to four batches. */
  next(): LoadBatch
  /** Starts no more traces and gives what was held back. */
  drain(): LoadBatch[]
  truth(): LoadTruth
}

const SCOPE = { name: '@opentelemetry/instrumentation-http', version: '0.57.1' }
const MAX_DEPTH = 6
const LAG_BATCHES = 4
/** Links of a span that has any, and who has them. */
export const LINKS_EACH = 5
export const SETTLER = 'accounting'
export const BATCH_CONSUMER = 'fraud-detection'

/** Unique spans of a web shop with client and server spans that belong together, databases, a topic and rare edges; a function of its options. */
export function createLoad(options: LoadOptions): Load {
  const state: LoadState = {
    options,
    random: createRandom(options.seed),
    instances: new Map(),
    batches: new Map(),
    nextBatch: 0,
    timeUs: options.startMs * 1000,
    trace: { id: new Uint8Array(16), spans: 0, user: {} },
    unsettled: [],
    sent: [],
    truth: { spans: 0, edges: new Map(), databases: new Map(), messages: new Map(), entries: 0, settled: 0, batches: 0, traces: [], endUs: 0 },
  }
  state.instances = createInstances(state.random)
  const currentBatch = (): number => Math.floor(state.truth.spans / options.spansPerBatch)
  return {
    next() {
      while (currentBatch() <= state.nextBatch) makeTrace(state)
      return takeBatch(state)
    },
    drain() {
      const rest: LoadBatch[] = []
      for (const last = currentBatch() + LAG_BATCHES; state.nextBatch <= last; ) {
        const batch = takeBatch(state)
        if (batch.spans > 0) rest.push(batch)
      }
      return rest
    },
    truth: () => state.truth,
  }
}

interface LoadState {
  options: LoadOptions
  random: Random
  instances: Map<string, [LoadInstance, ...LoadInstance[]]>
  /** Batch number → instance → encoded spans. */
  batches: Map<number, Map<LoadInstance, Uint8Array[]>>
  nextBatch: number
  timeUs: number
  trace: { id: Uint8Array; spans: number; user: Record<string, string> }
  /** What nothing links to yet. */
  unsettled: LoadLink[]
  sent: LoadLink[]
  truth: {
    -readonly [K in keyof LoadTruth]: LoadTruth[K] extends ReadonlyMap<string, number>
      ? Map<string, number>
      : K extends 'traces'
        ? { traceId: string; spans: number }[]
        : LoadTruth[K]
  }
}

/** Where and when a call happens. */
interface Moment {
  parent: Uint8Array | undefined
  startUs: number
  durationUs: number
  depth: number
}

function takeBatch(state: LoadState): LoadBatch {
  const number = state.nextBatch++
  const spansOf = state.batches.get(number) ?? new Map<LoadInstance, Uint8Array[]>()
  state.batches.delete(number)
  let spans = 0
  const pieces = [...spansOf].map(([instance, encoded]) => {
    spans += encoded.length
    return encodeResourceSpans(instance.resource, SCOPE, encoded)
  })
  return { bytes: Buffer.concat(pieces), spans }
}

function makeTrace(state: LoadState): void {
  const { random, truth } = state
  state.timeUs += Math.floor(random.fraction() * 2000 * state.options.traceGapMs)
  state.trace = { id: random.id(16), spans: 0, user: { 'app.user.id': random.uuid(), 'session.id': random.uuid() } }
  const durationUs = Math.floor(Math.exp(random.fraction() * 4 + 15) / 1000)
  const entry = serve(state, instanceOf(state, ENTRY), createRemoteCall(random, ENTRY, false), {
    kind: SpanKindNumber.server,
    error: false,
    moment: { parent: undefined, startUs: state.timeUs, durationUs, depth: 0 },
  })
  truth.entries++
  if (truth.traces.length < 220 && random.fraction() < 0.05)
    truth.traces.push({ traceId: Buffer.from(state.trace.id).toString('hex'), spans: state.trace.spans })
  if (state.options.links !== true) return
  state.unsettled.push({ traceId: state.trace.id, spanId: entry })
  linkTo(state, state.unsettled, { counted: 'settled', service: SETTLER, name: 'settle', kind: SpanKindNumber.internal })
  linkTo(state, state.sent, { counted: 'batches', service: BATCH_CONSUMER, name: 'orders process', kind: SpanKindNumber.consumer })
}

interface Linking {
  counted: 'settled' | 'batches'
  service: string
  name: string
  kind: number
}

/** Once there are enough `targets`, one span in a trace of its own with links to the oldest of them, which are then done. */
function linkTo(state: LoadState, targets: LoadLink[], { counted, service, name, kind }: Linking): void {
  if (targets.length < LINKS_EACH) return
  const { random, timeUs } = state
  state.trace = { id: random.id(16), spans: 0, user: {} }
  const attributes = kind === SpanKindNumber.consumer ? topicAttributes(random, 'process') : {}
  const moment = { parent: undefined, startUs: timeUs, durationUs: 1000, depth: 0 }
  addSpan(state, instanceOf(state, service), moment, { kind, name, attributes, error: false, links: targets.splice(0, LINKS_EACH) })
  state.truth[counted]++
}

function instanceOf(state: LoadState, service: string): LoadInstance {
  const instances = state.instances.get(service)
  if (instances === undefined) throw new Error(`no service ${service}`)
  return state.random.pick(instances)
}

interface SpanOptions {
  kind: number
  name: string
  attributes: Record<string, AttributeValue>
  error: boolean
  links?: readonly LoadLink[]
}

function addSpan(state: LoadState, instance: LoadInstance, moment: Moment, options: SpanOptions): Uint8Array {
  const { random, trace, truth } = state
  const spanId = random.id(8)
  const endUs = moment.startUs + moment.durationUs
  const attributes = { ...options.attributes, ...(random.fraction() < 0.5 ? trace.user : {}), 'thread.id': random.below(64) }
  const production = state.options.profile === 'production'
  const bytes = encodeSpan({
    traceId: trace.id,
    spanId,
    parentId: moment.parent,
    name: options.name,
    kind: options.kind,
    startUs: moment.startUs,
    endUs,
    attributes: production ? { ...attributes, ...moreAttributes(random) } : attributes,
    events: [...(production ? twoEvents(random, moment) : []), ...(options.error ? [exceptionAt(endUs)] : [])],
    ...(options.links === undefined ? {} : { links: options.links }),
    error: options.error ? 'upstream error' : undefined,
  })
  const number = Math.floor(truth.spans / state.options.spansPerBatch) + instance.lag
  const batch = state.batches.get(number) ?? new Map<LoadInstance, Uint8Array[]>()
  state.batches.set(number, batch)
  const spans = batch.get(instance)
  if (spans === undefined) batch.set(instance, [bytes])
  else spans.push(bytes)
  truth.spans++
  trace.spans++
  truth.endUs = Math.max(truth.endUs, endUs)
  return spanId
}

/** A client span here and a server span there. */
function call(state: LoadState, caller: LoadInstance, callee: string, moment: Moment): void {
  const error = state.random.fraction() < 0.01
  const remote = createRemoteCall(state.random, callee, error)
  const client = addSpan(state, caller, moment, { kind: SpanKindNumber.client, name: remote.name, attributes: remote.attributes(), error })
  count(state.truth.edges, `${caller.service}->${callee}`)
  const inner = { parent: client, startUs: moment.startUs + moment.durationUs / 20, durationUs: moment.durationUs * 0.9, depth: moment.depth }
  serve(state, instanceOf(state, callee), remote, { kind: SpanKindNumber.server, error, moment: inner })
}

/** What serves a call, and all it does for it; its span id. */
function serve(state: LoadState, instance: LoadInstance, remote: RemoteCall, options: { kind: number; error: boolean; moment: Moment }): Uint8Array {
  const { random } = state
  const { moment } = options
  const parent = addSpan(state, instance, moment, { kind: options.kind, name: remote.name, attributes: remote.attributes(), error: options.error })
  const steps = moment.depth === 0 ? 1 + random.below(2) : random.below(moment.depth > 4 ? 2 : 4)
  const eachUs = moment.durationUs / (steps + 1)
  for (let i = 0; i < steps; i++) {
    step(state, instance, { parent, startUs: moment.startUs + eachUs * i, durationUs: eachUs, depth: moment.depth + 1 })
  }
  return parent
}

/** One thing a service does while it serves: a call, a query, a message or work of its own. */
function step(state: LoadState, instance: LoadInstance, moment: Moment): void {
  const { random } = state
  const chance = random.fraction()
  const rare = RARE_CALLS.find(([caller]) => caller === instance.service && random.fraction() < 1 / 300)
  const callees = CALLS[instance.service] ?? []
  if (rare !== undefined) call(state, instance, rare[1], moment)
  else if (chance < 0.62 && callees.length > 0 && moment.depth <= MAX_DEPTH) call(state, instance, pickWeighted(random, callees) ?? ENTRY, moment)
  else if (chance < 0.85) query(state, instance, moment)
  else if (instance.service === 'checkout') publish(state, instance, moment)
  else {
    const attributes = { 'code.function.name': 'compute', 'code.file.path': '/app/src/handlers/compute.ts', 'code.line.number': random.below(900) }
    addSpan(state, instance, moment, { kind: SpanKindNumber.internal, name: 'compute', attributes, error: false })
  }
}

function query(state: LoadState, instance: LoadInstance, moment: Moment): void {
  const system = state.random.pick(DATABASES)
  addSpan(state, instance, moment, { kind: SpanKindNumber.client, name: 'SELECT products', attributes: databaseAttributes(state.random, system), error: false })
  count(state.truth.databases, `${instance.service}->${system}`)
}

function publish(state: LoadState, instance: LoadInstance, moment: Moment): void {
  const { random } = state
  const consumer = random.pick(CONSUMERS)
  const sent = { ...moment, durationUs: moment.durationUs / 10 }
  const producer = addSpan(state, instance, sent, {
    kind: SpanKindNumber.producer,
    name: 'orders publish',
    attributes: topicAttributes(random, 'publish'),
    error: false,
  })
  count(state.truth.messages, `${instance.service}->${consumer}`)
  if (state.options.links === true) state.sent.push({ traceId: state.trace.id, spanId: producer })
  const received: RemoteCall = { name: 'orders process', attributes: () => topicAttributes(random, 'process') }
  serve(state, instanceOf(state, consumer), received, {
    kind: SpanKindNumber.consumer,
    error: false,
    moment: { ...moment, parent: producer, startUs: moment.startUs + moment.durationUs },
  })
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
