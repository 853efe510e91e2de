import { createByteLru } from './cache/byte-lru.ts'
import { createChanges, UNKNOWN_CHANGES } from './cache/changes.ts'
import { createWindowCache } from './cache/window-cache.ts'
import type { Store } from './contract.ts'
import type { Engine, StoreOptions } from './engine.ts'
import { readMigrations } from './migrations/files.ts'
import { applyRetention } from './migrations/retention.ts'
import { runMigrations } from './migrations/run.ts'
import { createEventStore } from './questions/events.ts'
import { createIngestStore } from './questions/ingest.ts'
import { createIntakeQuestions } from './questions/intake.ts'
import { createLogRuleQuestions } from './questions/log-drops.ts'
import { createLogMetricQuestions } from './questions/log-metrics.ts'
import { createLogPatternQuestions } from './questions/log-patterns.ts'
import { createLogQuestions } from './questions/logs.ts'
import { createPathQuestions } from './questions/paths.ts'
import { createScenarioQuestions } from './questions/scenarios.ts'
import { createServiceQuestions } from './questions/services.ts'
import { createTopologyQuestions } from './questions/topology.ts'
import { createTraceQuestions } from './questions/traces.ts'

/** An hour of 2,000 edges by five minutes, and some windows of it. */
const CACHE_BYTES = 128 * 2 ** 20

/** The store over an engine: checks or upgrades the schema, then answers. The engine is closed when that fails. */
export async function openStore(bare: Engine, options: Pick<StoreOptions, 'migrate' | 'retention'>): Promise<Store> {
  const changes = bare.exclusive ? createChanges() : UNKNOWN_CHANGES
  const engine: Engine = { ...bare, insert: (share) => changes.during(share.table, share.days, () => bare.insert(share)) }
  try {
    await runMigrations(engine, readMigrations(), options.migrate)
    if (options.migrate) await applyRetention(engine, options.retention)
  } catch (error) {
    await engine.close()
    throw error
  }
  const lru = createByteLru(CACHE_BYTES)
  const cache = createWindowCache(lru, changes)
  const ingest = createIngestStore(engine)
  return {
    ingest,
    topology: createTopologyQuestions(engine, cache, lru),
    services: createServiceQuestions(engine, cache, lru),
    traces: createTraceQuestions(engine),
    events: createEventStore(engine, ingest, cache),
    scenarios: createScenarioQuestions(engine),
    logs: createLogQuestions(engine, lru),
    logPatterns: createLogPatternQuestions(engine),
    logRules: createLogRuleQuestions(engine),
    logMetrics: createLogMetricQuestions(engine),
    paths: createPathQuestions(engine),
    intake: createIntakeQuestions(engine),
    probe: async () => void (await engine.inspect('SELECT count() FROM ranges WHERE 0')),
    failed: engine.failed,
    close: () => engine.close(),
  }
}
