import { parentPort, workerData } from 'node:worker_threads'
import { createPaths } from '../paths/paths.ts'
import { createTopology } from '../topology/topology.ts'
import { createRangeProcessor, type WorkerSettings } from './range-processor.ts'
import type { RangeProcessor } from './range-job.ts'
import { perform, transferable, type WorkerCall, type WorkerReply, type WorkerRequest } from './range-workers.ts'

if (parentPort !== null) serve(parentPort, workerData as WorkerSettings)

function serve(port: NonNullable<typeof parentPort>, settings: WorkerSettings): void {
  const processor = createRangeProcessor({ ...settings.processor, topology: createTopology(settings.topology), paths: createPaths(settings.paths) })
  port.on('message', (request: WorkerRequest) => {
    if (!('job' in request)) {
      perform(processor, request)
      return
    }
    const { id } = request
    try {
      const { reply, buffers } = answer(processor, request)
      port.postMessage(reply, buffers)
    } catch (error) {
      const reply: WorkerReply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
      port.postMessage(reply)
    }
  })
}

function answer(processor: RangeProcessor, { kind, id, job }: WorkerCall): { reply: WorkerReply; buffers: ArrayBuffer[] } {
  const spent = job.bytes.buffer as ArrayBuffer
  if (kind === 'rebuild') {
    const { blocks, buffers } = transferable(processor.rebuild(job))
    return { reply: { id, blocks, spent }, buffers: [...buffers, spent] }
  }
  const result = processor.process(job)
  const { blocks, buffers } = transferable(result.blocks)
  return { reply: { id, result: { ...result, blocks }, spent }, buffers: [...buffers, spent] }
}
