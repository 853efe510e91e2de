import type { Json, MetadataEntry, MetadataStore } from '@skein/metadata/contract'
import { createScenarios, type Scenarios } from '@skein/metadata/scenarios'
import { NO_HISTOGRAM } from '@skein/schemas/histogram'
import type { ScenarioQuestions } from '@skein/store/contract-scenarios'

/** Scenarios kept in memory. */
export function fakeScenarios(clock: () => number): Scenarios {
  let made = 0
  return createScenarios({ metadata: memoryMetadata(), clock, randomBytes: (count) => new Uint8Array(count).fill(++made) })
}

/** Metadata that ends with the process. */
export function memoryMetadata(): MetadataStore {
  const entries = new Map<string, MetadataEntry>()
  let revision = 0
  const put = (key: string, value: Json): void => void (value === null ? entries.delete(key) : entries.set(key, { key, value, revision }))
  return {
    get: async (key) => entries.get(key) ?? null,
    list: async (prefix) => [...entries.values()].filter(({ key }) => key.startsWith(prefix)),
    async transact(changes) {
      const conflict = changes.find(({ key, expect }) => (entries.get(key)?.revision ?? null) !== expect)
      if (conflict !== undefined) return { ok: false, conflict: conflict.key }
      revision++
      for (const { key, value } of changes) put(key, value)
      return { ok: true, revision }
    },
    async *watch() {
      yield* []
    },
    close: async () => undefined,
  }
}

/** A store to which nobody sent a record that is a step. */
export const NO_SCENARIO_ROWS: ScenarioQuestions = {
  funnel: async (question) => ({
    oneIn: 1,
    cut: false,
    matches: 0,
    withoutKey: 0,
    outcomes: { ok: 0, slow: 0, failed: 0, lost: 0, open: 0 },
    steps: question.steps.map(() => ({ reached: 0, dropped: 0, errors: 0, slow: 0, took: NO_HISTOGRAM })),
    points: [],
    sample: [],
  }),
  runs: async () => [],
  spans: async () => new Map(),
  entries: async () => [],
}

export function scenarioRowsAway(away: () => Promise<never>): ScenarioQuestions {
  return { funnel: away, runs: away, spans: away, entries: away }
}
