import { type ReplayAnswer, replayAnswer, replayParameters, type RunReplay, sessionReplayParameters } from '@skein/schemas/api/replay'
import type { ScenarioNote } from '@skein/schemas/api/scenarios'
import { keyAttributes, withinMs } from '@skein/schemas/scenario'
import type { RunRow } from '@skein/store/contract-scenarios'
import type { Store } from '@skein/store/contract'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { invalidParameter, ProblemError } from '../problem-error.ts'
import { replayCohort } from '../replay/cohort-replay.ts'
import { replayRun } from '../replay/run-replay.ts'
import { type Asked, type Evaluated, questionsOf } from '../scenarios/question.ts'
import { LATEST_MS, parseWindow } from '../window.ts'
import { readRuns, savedScenario } from './scenario-funnel.ts'
import { scenarioPath } from './scenarios.ts'

/** Traces of one session or run that are replayed, the newest. */
const MAX_TRACES = 200
/** Runs among which a group is looked for. */
const COHORT_RUNS = 500

export function replayRoute(app: App, deps: RouteDeps): void {
  const tags = ['scenarios']
  const scenario = {
    summary: 'A run or a group of runs, frame by frame',
    tags,
    params: scenarioPath,
    querystring: replayParameters.strict(),
    response: { 200: replayAnswer },
  }
  app.get('/api/scenarios/:id/replay', { schema: scenario }, async (request): Promise<ReplayAnswer> => {
    const { run, cohort } = request.query
    if ((run === undefined) === (cohort === undefined))
      throw invalidParameter('run', 'give either run or cohort', 'Runs are listed at /api/scenarios/{id}/runs; a cohort is key:value.')
    const nowMs = deps.clock()
    return deps.ask(request, async (tenant) => {
      const { evaluated } = await savedScenario(deps, tenant, request.params.id)
      if (run !== undefined) return replayOfRun(deps.store, evaluated, { tenant, nowMs, run })
      const asked = { tenant, ...parseWindow(request.query, nowMs), nowMs }
      const runs = await readRuns(deps.store, { evaluated, asked }, { limit: COHORT_RUNS })
      return replayCohort(deps.store, asked, { runs, cohort: cohortOf(cohort ?? '') })
    })
  })
  const session = {
    summary: 'A session, frame by frame',
    tags,
    params: z.object({ id: z.string().min(1).max(500) }),
    querystring: sessionReplayParameters.strict(),
    response: { 200: replayAnswer },
  }
  app.get('/api/sessions/:id/replay', { schema: session }, async (request): Promise<RunReplay> => {
    const window = parseWindow(request.query, deps.clock())
    const { id } = request.params
    return deps.ask(request, async (tenant) => {
      const { traceIds, notes } = await tracesOf(deps.store, { tenant, ...window, nowMs: 0 }, { names: ['session.id'], value: id })
      if (traceIds.length === 0)
        throw new ProblemError('run_not_found', {
          detail: `No span of session ${id} is stored in this window.`,
          hint: 'Widen start and end; spans carry their session in session.id.',
        })
      return replayRun(deps.store, { tenant, key: id, ...window, traceIds, judged: null, notes })
    })
  })
}

function cohortOf(text: string): { key: string; value: string } {
  const at = text.indexOf(':')
  if (at < 1) throw invalidParameter('cohort', 'is not key:value', 'Example: cohort=service.version:4.12.3')
  return { key: text.slice(0, at), value: text.slice(at + 1) }
}

async function replayOfRun(store: Store, evaluated: Evaluated, { tenant, nowMs, run: id }: { tenant: string; nowMs: number; run: string }): Promise<RunReplay> {
  const [, startNs, key] = /^(\d{1,19})-(.+)$/s.exec(id) ?? []
  const startMs = startNs === undefined ? Infinity : Number(BigInt(startNs) / 1_000_000n)
  if (startNs === undefined || key === undefined || startMs > LATEST_MS) throw invalidParameter('run', 'is not the id of a run')
  const asked: Asked = { tenant, startMs, endMs: startMs + 1, nowMs }
  const run = await findRun(store, evaluated, { asked, startNs, key })
  if (run === null)
    throw new ProblemError('run_not_found', {
      detail: `No run of ${key} starts at this time.`,
      hint: 'Runs are kept as long as spans; a changed definition has other runs.',
    })
  const endMs = Math.min(Number(BigInt(run.endNs) / 1_000_000n), startMs + withinMs(evaluated.definition))
  const own = run.steps.flatMap(({ reached, erred }) => [reached, erred].flatMap((match) => (match === null ? [] : [match.traceId])))
  const names = keyAttributes(evaluated.definition.key)
  const around = names === null ? { traceIds: [], notes: [] } : await tracesOf(store, { tenant, startMs, endMs: endMs + 1, nowMs }, { names, value: key })
  const { steps } = evaluated.definition
  const judged = { run, steps: steps.map(({ name }) => name), slowNs: steps.map(({ slowMs }) => (slowMs === undefined ? null : slowMs * 1e6)) }
  return replayRun(store, { tenant, key, startMs, endMs, traceIds: [...new Set([...own, ...around.traceIds])], judged, notes: around.notes })
}

async function findRun(store: Store, evaluated: Evaluated, { asked, startNs, key }: { asked: Asked; startNs: string; key: string }): Promise<RunRow | null> {
  for (const question of questionsOf(evaluated, asked)) {
    const runs = await store.scenarios.runs({ ...question, key }, { limit: 10 })
    const run = runs.find((each) => each.startNs === startNs)
    if (run !== undefined) return run
  }
  return null
}

/** Traces in which a span has the value under one of these names. */
async function tracesOf(
  store: Store,
  asked: Asked,
  { names, value }: { names: readonly string[]; value: string },
): Promise<{ traceIds: string[]; notes: ScenarioNote[] }> {
  const found = await Promise.all(names.map((key) => store.traces.search({ ...asked, attributes: [{ key, value }], sort: 'newest', limit: MAX_TRACES + 1 })))
  const traceIds = [...new Set(found.flat().map((trace) => trace.traceId))]
  if (traceIds.length <= MAX_TRACES) return { traceIds, notes: [] }
  return {
    traceIds: traceIds.slice(0, MAX_TRACES),
    notes: [{ code: 'sampled_runs', message: `The newest ${MAX_TRACES} traces are replayed; there are more`, count: MAX_TRACES }],
  }
}
