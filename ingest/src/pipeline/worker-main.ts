import { parentPort, workerData } from 'node:worker_threads'
import { createPaths } from '../paths/paths.ts'
import { createTopology } from '../topology/topology.ts'
import { createRangeProcessor, type WorkerSettings } from './range-processor.ts'
import { serveWorker } from './serve-worker.ts'

if (parentPort !== null) {
  const settings = workerData as WorkerSettings
  serveWorker(parentPort, createRangeProcessor({ ...settings.processor, topology: createTopology(settings.topology), paths: createPaths(settings.paths) }))
}
