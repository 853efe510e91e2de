import { type ScenarioMapAnswer, scenarioMapAnswer, scenarioMapParameters } from '@skein/schemas/api/scenario-map'
import { withinMs } from '@skein/schemas/scenario'
import type { Store } from '@skein/store/contract'
import type { App, RouteDeps } from '../app-types.ts'
import { serviceNodesOf } from '../replay/trace-calls.ts'
import type { Asked, Evaluated } from '../scenarios/question.ts'
import { type Lived, mapOfRuns, tracesOfRun } from '../scenarios/scenario-map.ts'
import { createPeerNames } from '../topology/resolve.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'
import { readRuns, savedScenario } from './scenario-funnel.ts'
import { scenarioPath } from './scenarios.ts'

/** Runs whose traces are read: the newest, and the newest bad ones, which among many good ones may be few. */
const NEWEST = 60
const NEWEST_BAD = 20
const MAX_SPANS = 40_000

export function scenarioMapRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Where on the map the runs of a scenario went, and what the bad ones are blamed on',
    description: 'Ids are those of `/api/topology` of the same window. Some runs are looked at; the answer says how many.',
    tags: ['scenarios'],
    params: scenarioPath,
    querystring: scenarioMapParameters.strict(),
    response: { 200: scenarioMapAnswer },
  }
  app.get('/api/scenarios/:id/map', { schema }, async (request): Promise<ScenarioMapAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    return deps.ask(request, async (tenant) => {
      const { evaluated } = await savedScenario(deps, tenant, request.params.id)
      const lived = await readLived(deps.store, evaluated, { tenant, ...window, nowMs: deps.clock() })
      return { window: windowAnswerOf(window), name: evaluated.definition.name, ...mapOfRuns(lived) }
    })
  })
}

async function readLived(store: Store, evaluated: Evaluated, asked: Asked): Promise<Lived> {
  const [newest, bad, known, addresses] = await Promise.all([
    readRuns(store, { evaluated, asked }, { limit: NEWEST }),
    readRuns(store, { evaluated, asked }, { limit: NEWEST_BAD, outcomes: ['failed', 'slow'] }),
    store.services.services(asked),
    store.services.addresses(asked),
  ])
  const runs = [...new Map([...newest, ...bad].map((run) => [`${run.startNs}-${run.key}`, run])).values()]
  // a run that starts at the end of the window has its later steps after it
  const window = { tenant: asked.tenant, startMs: asked.startMs, endMs: asked.endMs + withinMs(evaluated.definition) }
  const traceIds = [...new Set(runs.flatMap(tracesOfRun))]
  const traces = traceIds.length === 0 ? new Map<string, never[]>() : await store.scenarios.spans(window, { traceIds, limit: MAX_SPANS })
  const fingerprints = [...new Set([...traces.values()].flatMap((spans) => spans.map(({ resource }) => resource)))]
  const resources = await store.traces.resources(asked.tenant, fingerprints)
  return { runs, traces, services: serviceNodesOf(resources), rename: createPeerNames(known, addresses) }
}
