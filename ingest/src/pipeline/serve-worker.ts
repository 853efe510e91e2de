import type { MessagePort } from 'node:worker_threads'
import type { RangeJob, RangeProcessor } from './range-job.ts'
import { perform, transferable, type WorkerCall, type WorkerReply, type WorkerRequest } from './range-workers.ts'

/** Lets a processor answer what the other side of a port asks. */
export function serveWorker(port: MessagePort, processor: RangeProcessor): void {
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
