import { parentPort, workerData } from 'node:worker_threads'
import { createPatternStep } from '../patterns/pattern-step.ts'
import { createRuleStep } from '../rules/rule-step.ts'
import { createLogProcessor, type LogWorkerSettings } from './log-processor.ts'
import { serveWorker } from './serve-worker.ts'

if (parentPort !== null) {
  const { processor, patterns } = workerData as LogWorkerSettings
  const known = createPatternStep(patterns)
  serveWorker(parentPort, createLogProcessor({ ...processor, createRules: () => createRuleStep(known.patternOf, processor.limits), patterns: known }))
}
