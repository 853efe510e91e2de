'use client'
import {
  type FunnelAnswer,
  funnelAnswer,
  proposalsAnswer,
  type RunOutcome,
  runsAnswer,
  scenariosAnswer,
  type ScenarioView,
  scenarioView,
  type StepFate,
} from '@skein/schemas/api/scenarios'
import { readScenario, type ScenarioDefinition } from '@skein/schemas/scenario'
import { useQuery } from '@tanstack/react-query'
import { useApiClient } from '../api/api-context.ts'
import type { ApiError } from '../api/client.ts'
import { useAnswer } from '../api/use-answer.ts'
import { usePages } from '../api/use-pages.ts'
import { useSettled } from '../ui/use-settled.ts'
import { useBaseScope } from '../url/use-baseline.ts'
import { useScope } from '../url/view-state.ts'

/** A funnel costs more than a list, so it is asked again less often. */
const FUNNEL_MS = 15_000
/** A definition is tried once nobody typed for this long. */
const PAUSE_MS = 500

export function useScenarios() {
  return useAnswer('/api/scenarios', scenariosAnswer, { intervalMs: FUNNEL_MS })
}

export function useScenario(id: string) {
  return useAnswer(`/api/scenarios/${id}`, scenarioView, { intervalMs: null, enabled: id !== '' })
}

export function useFunnel(id: string) {
  const { start, end } = useScope()
  return useAnswer(`/api/scenarios/${id}/funnel`, funnelAnswer, { query: { start, end }, intervalMs: FUNNEL_MS, enabled: id !== '' })
}

/** The funnel of the window compared with; undefined while it is not there or nothing is compared with. */
export function useBaseFunnel(id: string): FunnelAnswer | undefined {
  const scope = useBaseScope()
  const query = scope === null ? {} : { start: scope.start, end: scope.end }
  const answer = useAnswer(`/api/scenarios/${id}/funnel`, funnelAnswer, { query, intervalMs: null, enabled: id !== '' && scope !== null })
  return scope === null ? undefined : answer.data
}

export interface RunChoice {
  outcome: RunOutcome | 'all'
  /** Name of a step, empty for all runs; and which of its counts. */
  step: string
  fate: StepFate
}

/** The runs that the choice leaves, page by page. */
export function useRuns(id: string, { outcome, step, fate }: RunChoice) {
  const { start, end } = useScope()
  const query = { start, end, limit: 100, outcome: outcome === 'all' ? undefined : outcome, ...(step === '' ? {} : { step, fate }) }
  return usePages(`/api/scenarios/${id}/runs`, runsAnswer, { query, intervalMs: FUNNEL_MS })
}

export function useProposals() {
  const { start, end } = useScope()
  return useAnswer('/api/scenarios/proposals', proposalsAnswer, { query: { start, end }, intervalMs: null })
}

/** The funnel of a definition over the last hour, once it is whole and nobody types. */
export function usePreview(definition: ScenarioDefinition) {
  const client = useApiClient()
  const text = useSettled(JSON.stringify(definition), PAUSE_MS)
  const read = readScenario(JSON.parse(text))
  return useQuery<FunnelAnswer, ApiError>({
    queryKey: ['preview', text],
    queryFn: ({ signal }) =>
      client.send({ method: 'POST', path: '/api/scenarios/preview', schema: funnelAnswer, body: { definition: JSON.parse(text) as unknown }, signal }),
    enabled: read.ok,
    placeholderData: (before) => before,
  })
}

/** Saves, changes and removes. Each rejects with `ApiError`. */
export function useScenarioChanges() {
  const client = useApiClient()
  const body = (definition: ScenarioDefinition, version?: number) => ({ definition, ...(version === undefined ? {} : { version }) })
  return {
    save: (saved: ScenarioView | null, definition: ScenarioDefinition): Promise<ScenarioView> =>
      saved === null
        ? client.send({ method: 'POST', path: '/api/scenarios', schema: scenarioView, body: body(definition) })
        : client.send({ method: 'PUT', path: `/api/scenarios/${saved.id}`, schema: scenarioView, body: body(definition, saved.version) }),
    remove: ({ id }: ScenarioView): Promise<ScenarioView> => client.send({ method: 'DELETE', path: `/api/scenarios/${id}`, schema: scenarioView }),
  }
}
