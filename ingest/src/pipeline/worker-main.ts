import { parentPort, workerData } from 'node:worker_threads'
import { createPaths } from '../paths/paths.ts'
import { createTopology } from '../topology/topology.ts'
import { createRangeProcessor, type WorkerSettings } from './range-processor.ts'
import type { RangeJob, RangeProcessor } from './range-job.ts'
import { perform, transferable, type WorkerCall, type WorkerReply, type WorkerRequest } from './range-workers.ts'

if (parentPort !== null) serve(parentPort, workerData as WorkerSettings)

function serve(port: NonNullable<typeof parentPort>, settings: WorkerSettings): void {
  const processor = createRangeProcessor({ ...settings.processor, topology: createTopology(settings.topology), paths: createPaths(settings.paths) })
  /** The job that waits for what it wants. */
  let open: RangeJob | null = null
  const answer = (request: WorkerCall): Answer => {
    if (request.kind === 'rebuild') return rebuilt(processor, request.job, request.id)
    if (request.kind === 'process') {
      open = request.job
      const wants = processor.prepare?.(request.job) ?? []
      if (wants.length > 0) return { reply: { id: request.id, wants }, buffers: [] }
    }
    if (open === null) throw new Error('no job waits')
    return processed(processor, open, request)
  }
  port.on('message', (request: WorkerRequest) => {
    if (!('id' in request)) {
      perform(processor, request)
      return
    }
    const { id } = request
    try {
      const { reply, buffers } = answer(request)
      port.postMessage(reply, buffers)
    } catch (error) {
      const reply: WorkerReply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
      port.postMessage(reply)
    }
  })
}

interface Answer {
  reply: WorkerReply
  buffers: ArrayBuffer[]
}

function rebuilt(processor: RangeProcessor, job: RangeJob, id: number): Answer {
  const spent = job.bytes.buffer as ArrayBuffer
  const { blocks, buffers } = transferable(processor.rebuild(job))
  return { reply: { id, blocks, spent }, buffers: [...buffers, spent] }
}

function processed(processor: RangeProcessor, job: RangeJob, request: WorkerCall): Answer {
  const spent = job.bytes.buffer as ArrayBuffer
  const result = processor.process(job, request.kind === 'go-on' ? request.found : undefined)
  const { blocks, buffers } = transferable(result.blocks)
  return { reply: { id: request.id, result: { ...result, blocks }, spent }, buffers: [...buffers, spent] }
}
