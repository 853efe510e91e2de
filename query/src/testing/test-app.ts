import { configSchema } from '@skein/schemas/config'
import type { Store } from '@skein/store/contract'
import { pino } from 'pino'
import type { QueryDeps } from '../app-types.ts'
import { fakeLogRules } from './fake-log-rules.ts'
import { createOpenTails } from '../open-tails.ts'
import { fakeScenarios } from './fake-scenarios.ts'
import { createFakeStore, type FakeMode } from './fake-store.ts'

/** Prime time at the operator of the fake store. */
export const NOW_MS = Date.UTC(2026, 10, 22, 12, 12, 34, 567)

/** Everything query needs, without a clock, a log or a disk of its own. */
export function testDeps(overrides: Partial<QueryDeps> = {}): QueryDeps {
  const clock = overrides.clock ?? (() => NOW_MS)
  return {
    config: configSchema.parse({ ports: { http: 0 } }),
    store: createFakeStore({ clock }),
    scenarios: fakeScenarios(clock),
    openTails: createOpenTails(),
    logRules: fakeLogRules(clock),
    lag: async () => [{ topic: 'skein.traces', partition: 0, committed: 90, end: 100, lag: 10 }],
    probe: async () => undefined,
    webDirectory: '/nowhere/out',
    clock,
    logger: pino({ level: 'silent' }),
    version: '0.0.0-test',
    mode: 'embedded',
    otlp: { http: 'http://127.0.0.1:4318', grpc: 'http://127.0.0.1:4317' },
    ...overrides,
  }
}

export function storeIn(mode: FakeMode): Store {
  return createFakeStore({ clock: () => NOW_MS, mode })
}
