import { Worker } from 'node:worker_threads'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { TraceLookUp } from '../topology/look-up.ts'
import { type FindSpans, type FoundSpans, NOTHING_FOUND } from './found-spans.ts'
import { createJob, type JobRecord, type Knowledge, type PartitionMemory, type RangeJob, type RangeProcessor, type RangeResult } from './range-job.ts'

/** What a thread runs, started with its settings: the module of this name, or the one script that was built of it and all it imports. */
export interface WorkerScript {
  entry: 'worker-main' | 'log-worker-main'
  built: boolean
}

/** Processors behind one door. Jobs and calls that concern one partition are done in the order given. */
export interface RangeWorkers {
  /** Records of a topic, any partitions, each partition's in order. */
  process(topic: string, emit: boolean, records: readonly JobRecord[], options?: ProcessOptions): Promise<RangeResult>
  /** Rows alone, of records processed before. */
  rebuild(topic: string, records: readonly JobRecord[]): Promise<BuiltBlock[]>
  learn(knowledge: Knowledge): void
  remember(topic: string, partition: number, memory: PartitionMemory, logTimeMs: number): void
  forget(topic: string, partition: number): void
  /** Rejects when a worker died: its memory is gone, so the process must start again. Pending until then. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

export interface ProcessOptions {
  /** Asked when spans look for partners that are held no more; nothing is found unless given. */
  find?: FindSpans
  /** As in `RangeJob`; false unless given. */
  holdsSums?: boolean
  elsewhere?: RangeJob['elsewhere']
}

/** Answered under its id; the others are not answered. */
export type WorkerCall = { kind: 'process' | 'rebuild'; id: number; job: RangeJob } | { kind: 'go-on'; id: number; found: FoundSpans }

export type WorkerRequest =
  | WorkerCall
  | { kind: 'remember'; topic: string; partition: number; memory: PartitionMemory; logTimeMs: number }
  | { kind: 'forget'; topic: string; partition: number }
  | { kind: 'learn'; knowledge: Knowledge }

/** With an answer the bytes of its job come back, to be used again: memory of this size is dear to get and to clear. */
export type WorkerReply =
  | { id: number; result: RangeResult; spent: ArrayBuffer }
  /** The job waits for what it wants. */
  | { id: number; wants: TraceLookUp[] }
  | { id: number; blocks: BuiltBlock[]; spent: ArrayBuffer }
  | { id: number; error: string }

/** One thread: asks and answers by message, bytes by transfer. */
interface Thread {
  /** Memory for the bytes of a job. */
  lend(bytes: number): ArrayBuffer
  process(job: RangeJob, find: FindSpans): Promise<RangeResult>
  rebuild(job: RangeJob): Promise<BuiltBlock[]>
  post(request: WorkerRequest): void
  /** After the jobs asked before. */
  forget(topic: string, partition: number): void
  close(): Promise<void>
}

/** `count` threads that run `script`, each from its first job on, when its settings are asked for; a partition belongs to the thread of its number modulo `count`. */
export function createThreadWorkers<Settings>(count: number, script: WorkerScript, settings: () => Settings): RangeWorkers {
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  const threads = Array.from({ length: count }, (_, i) => createLateThread(() => createThread(i, { script, settings: settings() }, failed.reject)))
  return createWorkers(threads, failed.promise)
}

/** A thread costs half a second of CPU and some memory: what never gets a job never starts one. */
function createLateThread(start: () => Thread): Thread {
  let thread: Thread | null = null
  let lesson: WorkerRequest | null = null
  const started = (): Thread => {
    if (thread !== null) return thread
    thread = start()
    if (lesson !== null) thread.post(lesson)
    return thread
  }
  return {
    lend: (bytes) => started().lend(bytes),
    process: (job, find) => started().process(job, find),
    rebuild: (job) => started().rebuild(job),
    post(request) {
      if (request.kind === 'learn') lesson = request
      if (request.kind !== 'learn' || thread !== null) started().post(request)
    },
    forget: (topic, partition) => thread?.forget(topic, partition),
    close: async () => thread?.close(),
  }
}

/** The same in this thread. */
export function createLocalWorkers(processors: readonly RangeProcessor[]): RangeWorkers {
  const threads = processors.map((processor) => createLocalThread(processor))
  return createWorkers(threads, new Promise<never>(() => undefined))
}

function createLocalThread(processor: RangeProcessor): Thread {
  const turns = createTurns()
  return {
    lend: (bytes: number) => new ArrayBuffer(bytes),
    process: (job: RangeJob, find: FindSpans) =>
      turns(async () => {
        const wants = processor.prepare?.(job) ?? []
        const result = processor.process(job, wants.length === 0 ? undefined : await find(wants))
        return { ...result, blocks: transferable(result.blocks).blocks }
      }),
    rebuild: (job: RangeJob) => new Promise<BuiltBlock[]>((resolve) => resolve(transferable(processor.rebuild(job)).blocks)),
    post: (request: WorkerRequest) => perform(processor, request),
    forget: (topic, partition) => void turns(() => processor.forget(topic, partition)),
    close: () => Promise.resolve(),
  }
}

/** Does what is not answered. */
export function perform(processor: RangeProcessor, request: WorkerRequest): void {
  if (request.kind === 'learn') processor.learn(request.knowledge)
  if (request.kind === 'remember') processor.remember(request.topic, request.partition, request.memory, request.logTimeMs)
  if (request.kind === 'forget') processor.forget(request.topic, request.partition)
}

function createWorkers(threads: readonly Thread[], failed: Promise<never>): RangeWorkers {
  const threadOf = (partition: number): Thread => threads[partition % threads.length] as Thread
  const spread = <T>(records: readonly JobRecord[], ask: (thread: Thread, share: JobRecord[]) => Promise<T>): Promise<T[]> => {
    const shares = threads.map((thread, i) => ({ thread, share: records.filter(({ partition }) => partition % threads.length === i) }))
    return Promise.all(shares.filter(({ share }) => share.length > 0).map(({ thread, share }) => ask(thread, share)))
  }
  return {
    process: async (topic, emit, records, { find = findNothing, holdsSums = false, elsewhere } = {}) =>
      mergeResults(
        await spread(records, (thread, share) =>
          thread.process({ ...createJob(topic, emit, share, thread.lend), holdsSums, ...(elsewhere && { elsewhere }) }, find),
        ),
      ),
    rebuild: async (topic, records) => (await spread(records, (thread, share) => thread.rebuild(createJob(topic, true, share, thread.lend)))).flat(),
    learn(knowledge) {
      for (const thread of threads) thread.post({ kind: 'learn', knowledge })
    },
    remember: (topic, partition, memory, logTimeMs) => threadOf(partition).post({ kind: 'remember', topic, partition, memory, logTimeMs }),
    forget: (topic, partition) => threadOf(partition).forget(topic, partition),
    failed,
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  }
}

function mergeResults(results: readonly RangeResult[]): RangeResult {
  return {
    blocks: results.flatMap(({ blocks }) => blocks),
    shares: results.flatMap(({ shares }) => shares),
    drops: results.flatMap(({ drops }) => drops),
    repeats: results.flatMap(({ repeats }) => repeats),
    dead: results.flatMap(({ dead }) => dead),
    logTimes: results.flatMap(({ logTimes }) => logTimes),
    forgottenIds: results.reduce((sum, { forgottenIds }) => sum + forgottenIds, 0),
    heldBytes: results.reduce((sum, { heldBytes }) => sum + heldBytes, 0),
    elsewhere: results.flatMap(({ elsewhere }) => elsewhere ?? []),
  }
}

/** One after the other: while a job looks for spans in the store, nothing else may touch the memory that it is about to use. */
type Turns = <T>(work: () => Promise<T> | T) => Promise<T>

function createTurns(): Turns {
  let before: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = before.then(work)
    before = done.catch(() => undefined)
    return done
  }
}

/** Memory that nobody has written to costs nothing; a job that is a little larger than those before it would need new pages for all of its bytes. */
function roomFor(bytes: number): number {
  return bytes > MOST_ROOM_BYTES ? bytes : 2 ** Math.ceil(Math.log2(Math.max(1, bytes)))
}

const MOST_ROOM_BYTES = 1 << 28

const findNothing: FindSpans = () => Promise.resolve(NOTHING_FOUND)

function buffersOf({ bytes, ends, partitions, offsets }: RangeJob): ArrayBuffer[] {
  return [bytes, ends, partitions, offsets].map(({ buffer }) => buffer as ArrayBuffer)
}

function urlOf({ entry, built }: WorkerScript): URL {
  return new URL(built ? `../../dist/${entry}.js` : `./${entry}.ts`, import.meta.url)
}

function createThread(number: number, { script, settings }: { script: WorkerScript; settings: unknown }, fail: (error: Error) => void): Thread {
  const worker = new Worker(urlOf(script), { name: `ingest-${number}`, workerData: settings })
  const turns = createTurns()
  const waiting = new Map<number, PromiseWithResolvers<WorkerReply>>()
  let spare = new ArrayBuffer(0)
  let nextId = 0
  let closing = false
  const die = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    if (!closing) fail(error)
  }
  worker.on('message', (reply: WorkerReply) => {
    if ('error' in reply) die(new Error(`ingest worker ${number} failed: ${reply.error}`))
    else {
      if ('spent' in reply && reply.spent.byteLength > spare.byteLength) spare = reply.spent
      waiting.get(reply.id)?.resolve(reply)
    }
    waiting.delete(reply.id)
  })
  worker.on('error', (error) => die(new Error(`ingest worker ${number} failed`, { cause: error })))
  worker.on('exit', (code) => die(new Error(`ingest worker ${number} ended with code ${code}`)))
  const call = (request: (id: number) => WorkerCall, buffers: ArrayBuffer[]): Promise<WorkerReply> => {
    const answer = Promise.withResolvers<WorkerReply>()
    const id = nextId++
    waiting.set(id, answer)
    worker.postMessage(request(id), buffers)
    return answer.promise
  }
  const ask = (kind: 'process' | 'rebuild', job: RangeJob): Promise<WorkerReply> => call((id) => ({ kind, id, job }), buffersOf(job))
  const goOn = (found: FoundSpans): Promise<WorkerReply> => call((id) => ({ kind: 'go-on', id, found }), [])
  return {
    lend(bytes) {
      const lent = spare.byteLength >= bytes ? spare : new ArrayBuffer(roomFor(bytes))
      if (lent === spare) spare = new ArrayBuffer(0)
      return lent
    },
    process: (job, find) =>
      turns(async () => {
        const reply = await ask('process', job)
        const last = 'wants' in reply ? await goOn(await find(reply.wants)) : reply
        if (!('result' in last)) throw new Error('an answer to another question')
        return last.result
      }),
    async rebuild(job) {
      const reply = await ask('rebuild', job)
      if (!('blocks' in reply)) throw new Error('an answer to another question')
      return reply.blocks
    },
    post: (request) => worker.postMessage(request),
    forget: (topic, partition) => void turns(() => worker.postMessage({ kind: 'forget', topic, partition } satisfies WorkerRequest)),
    async close() {
      closing = true
      await worker.terminate()
    },
  }
}

/** Own buffers of their exact size, so that they can be handed to another thread. */
export function transferable(blocks: readonly BuiltBlock[]): { blocks: BuiltBlock[]; buffers: ArrayBuffer[] } {
  const copies = blocks.map((built) => ({ ...built, block: new Uint8Array(built.block) }))
  return { blocks: copies, buffers: copies.map(({ block }) => block.buffer) }
}
