import { parentPort, workerData } from 'node:worker_threads'
import { createTopology } from '../topology/topology.ts'
import { createRangeProcessor, type WorkerSettings } from './range-processor.ts'
import { perform, transferable, type WorkerReply, type WorkerRequest } from './range-workers.ts'

if (parentPort !== null) serve(parentPort, workerData as WorkerSettings)

function serve(port: NonNullable<typeof parentPort>, settings: WorkerSettings): void {
  const processor = createRangeProcessor({ ...settings.processor, topology: createTopology(settings.topology) })
  port.on('message', (request: WorkerRequest) => {
    if (request.kind !== 'process') {
      perform(processor, request)
      return
    }
    const { id, job } = request
    try {
      const result = processor.process(job)
      const { blocks, buffers } = transferable(result.blocks)
      const reply: WorkerReply = { id, result: { ...result, blocks } }
      port.postMessage(reply, buffers)
    } catch (error) {
      const reply: WorkerReply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
      port.postMessage(reply)
    }
  })
}
