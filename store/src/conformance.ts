import { afterAll, beforeAll, describe } from 'vitest'
import { comparisonLaws } from './conformance-comparison.ts'
import { eventLaws } from './conformance-events.ts'
import { frameLaws } from './conformance-frames.ts'
import { edgeEndLaws } from './conformance-edge-ends.ts'
import { insertLaws } from './conformance-insert.ts'
import { logLaws } from './conformance-logs.ts'
import { logMetricLaws } from './conformance-log-metrics.ts'
import { logPatternLaws } from './conformance-log-patterns.ts'
import { logRuleLaws } from './conformance-log-rules.ts'
import { pathLaws } from './conformance-paths.ts'
import { questionLaws } from './conformance-questions.ts'
import { scenarioLaws } from './conformance-scenarios.ts'
import { spanSearchLaws } from './conformance-span-search.ts'
import { traceCallLaws } from './conformance-trace-calls.ts'
import { traceSearchLaws } from './conformance-trace-search.ts'
import { traceLaws } from './conformance-traces.ts'
import { windowLaws } from './conformance-windows.ts'
import { wallLaws } from './conformance-walls.ts'
import type { Suite } from './conformance-suite.ts'
import type { Store } from './contract.ts'
import type { StoreOptions } from './engine.ts'

/** What a driver shows the suite. */
export interface ConformanceTarget {
  /** A store on the target's storage, migrated; the one opened before is closed by then. */
  open(options: StoreOptions): Promise<Store>
  /** Runs a statement on the storage while a store is open, for looking behind the questions and for making damage. */
  run(statement: string): Promise<unknown[][]>
  close(): Promise<void>
}

/** Long enough for the fixed days the laws are about. */
const KEPT_DAYS = 20_000

const OPTIONS: StoreOptions = {
  retention: { spansDays: KEPT_DAYS, rollupDays: KEPT_DAYS },
  limits: { seconds: 15, memoryBytes: 1 << 30, rowsRead: 2_000_000_000, resultRows: 200_000, queued: 64 },
  readers: 3,
  writers: 2,
  migrate: true,
}

/** The laws of `contract.ts`, for any driver. */
export function storeConformance(name: string, createTarget: () => Promise<ConformanceTarget>): void {
  describe(`${name} keeps the laws of the store`, () => {
    let target: ConformanceTarget
    let store: Store
    let names = 0
    beforeAll(async () => {
      target = await createTarget()
      store = await target.open(OPTIONS)
    })
    afterAll(async () => {
      await store.close()
      await target.close()
    })
    const suite: Suite = {
      store: () => store,
      async reopen(limits) {
        await store.close()
        store = await target.open({ ...OPTIONS, limits: { ...OPTIONS.limits, ...limits } })
        return store
      },
      run: (statement) => target.run(statement),
      fresh: (prefix) => `${prefix}-${++names}`,
    }
    questionLaws(suite)
    edgeEndLaws(suite)
    traceLaws(suite)
    traceSearchLaws(suite)
    traceCallLaws(suite)
    scenarioLaws(suite)
    pathLaws(suite)
    logLaws(suite)
    logPatternLaws(suite)
    logRuleLaws(suite)
    logMetricLaws(suite)
    spanSearchLaws(suite)
    comparisonLaws(suite)
    eventLaws(suite)
    frameLaws(suite)
    windowLaws(suite)
    wallLaws(suite)
    insertLaws(suite)
  })
}
