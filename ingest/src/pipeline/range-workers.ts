import { Worker } from 'node:worker_threads'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { createJob, type JobRecord, type RangeJob, type RangeProcessor, type RangeResult } from './range-job.ts'
import type { WorkerSettings } from './range-processor.ts'

/** Processors behind one door. Jobs and calls that concern one partition are done in the order given. */
export interface RangeWorkers {
  /** Records of a topic, any partitions, each partition's in order. */
  process(topic: string, emit: boolean, records: readonly JobRecord[]): Promise<RangeResult>
  remember(topic: string, partition: number, ids: readonly string[], logTimeMs: number): void
  forget(topic: string, partition: number): void
  /** Rejects when a worker died: its memory is gone, so the process must start again. Pending until then. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

export type WorkerRequest =
  | { kind: 'process'; id: number; job: RangeJob }
  | { kind: 'remember'; topic: string; partition: number; ids: readonly string[]; logTimeMs: number }
  | { kind: 'forget'; topic: string; partition: number }

export type WorkerReply = { id: number; result: RangeResult } | { id: number; error: string }

/** One thread: asks and answers by message, bytes by transfer. */
interface Thread {
  process(job: RangeJob): Promise<RangeResult>
  post(request: WorkerRequest): void
  close(): Promise<void>
}

/** `count` threads; a partition belongs to the thread of its number modulo `count`. */
export function createThreadWorkers(count: number, settings: WorkerSettings): RangeWorkers {
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  const threads = Array.from({ length: count }, (_, i) => createThread(i, settings, failed.reject))
  return createWorkers(threads, failed.promise)
}

/** The same in this thread. */
export function createLocalWorkers(processors: readonly RangeProcessor[]): RangeWorkers {
  const threads = processors.map((processor) => ({
    process: (job: RangeJob) => new Promise<RangeResult>((resolve) => resolve(processor.process(job))),
    post: (request: WorkerRequest) => perform(processor, request),
    close: () => Promise.resolve(),
  }))
  return createWorkers(threads, new Promise<never>(() => undefined))
}

export function perform(processor: RangeProcessor, request: Exclude<WorkerRequest, { kind: 'process' }> | WorkerRequest): void {
  if (request.kind === 'remember') processor.remember(request.topic, request.partition, request.ids, request.logTimeMs)
  if (request.kind === 'forget') processor.forget(request.topic, request.partition)
}

function createWorkers(threads: readonly Thread[], failed: Promise<never>): RangeWorkers {
  const threadOf = (partition: number): Thread => threads[partition % threads.length] as Thread
  return {
    async process(topic, emit, records) {
      const shares = threads.map((_, i) => records.filter(({ partition }) => partition % threads.length === i))
      const results = await Promise.all(
        shares.flatMap((share, i) => (share.length === 0 ? [] : [(threads[i] as Thread).process(createJob(topic, emit, share))])),
      )
      return mergeResults(results)
    },
    remember: (topic, partition, ids, logTimeMs) => threadOf(partition).post({ kind: 'remember', topic, partition, ids, logTimeMs }),
    forget: (topic, partition) => threadOf(partition).post({ kind: 'forget', topic, partition }),
    failed,
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  }
}

function mergeResults(results: readonly RangeResult[]): RangeResult {
  return {
    blocks: results.flatMap(({ blocks }) => blocks),
    shares: results.flatMap(({ shares }) => shares),
    drops: results.flatMap(({ drops }) => drops),
    logTimes: results.flatMap(({ logTimes }) => logTimes),
    forgottenIds: results.reduce((sum, { forgottenIds }) => sum + forgottenIds, 0),
  }
}

function createThread(number: number, settings: WorkerSettings, fail: (error: Error) => void): Thread {
  const worker = new Worker(new URL('./worker-main.ts', import.meta.url), { name: `ingest-${number}`, workerData: settings })
  const waiting = new Map<number, PromiseWithResolvers<RangeResult>>()
  let nextId = 0
  let closing = false
  const die = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    if (!closing) fail(error)
  }
  worker.on('message', (reply: WorkerReply) => {
    const call = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('result' in reply) call?.resolve(reply.result)
    else die(new Error(`ingest worker ${number} failed: ${reply.error}`))
  })
  worker.on('error', (error) => die(new Error(`ingest worker ${number} failed`, { cause: error })))
  worker.on('exit', (code) => die(new Error(`ingest worker ${number} ended with code ${code}`)))
  return {
    process(job) {
      const call = Promise.withResolvers<RangeResult>()
      const id = nextId++
      waiting.set(id, call)
      const request: WorkerRequest = { kind: 'process', id, job }
      worker.postMessage(request, [
        job.bytes.buffer as ArrayBuffer,
        job.ends.buffer as ArrayBuffer,
        job.partitions.buffer as ArrayBuffer,
        job.offsets.buffer as ArrayBuffer,
      ])
      return call.promise
    },
    post: (request) => worker.postMessage(request),
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
