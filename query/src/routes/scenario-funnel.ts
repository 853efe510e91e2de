import {
  type FunnelAnswer,
  funnelAnswer,
  funnelParameters,
  proposalsAnswer,
  type ProposalsAnswer,
  proposalsParameters,
  runsAnswer,
  type RunsAnswer,
  runsParameters,
  scenarioChange,
} from '@skein/schemas/api/scenarios'
import type { ScenarioDefinition } from '@skein/schemas/scenario'
import type { RunPage, RunRow } from '@skein/store/contract-scenarios'
import type { Store } from '@skein/store/contract'
import type { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { decodeCursor, encodeCursor, questionHash } from '../cursor.ts'
import { readFunnel, runViewOf, scenarioViewOf } from '../scenarios/funnel.ts'
import { proposalsOf } from '../scenarios/proposals.ts'
import { invalidParameter } from '../problem-error.ts'
import { type Asked, type Evaluated, questionsOf } from '../scenarios/question.ts'
import { parseWindow, windowAnswerOf } from '../window.ts'
import { changeOf, judgedHere, scenarioNotFound, scenarioPath } from './scenarios.ts'

const DEFAULT_LIMIT = 50
/** Sessions that proposals are made from. */
const SESSIONS = 5000
const PREVIEW_MS = 3_600_000

export function scenarioFunnelRoute(app: App, deps: RouteDeps): void {
  const tags = ['scenarios']
  const funnel = {
    summary: 'How many get how far, how long each step takes, who is to blame',
    tags,
    params: scenarioPath,
    querystring: funnelParameters.strict(),
    response: { 200: funnelAnswer },
  }
  app.get('/api/scenarios/:id/funnel', { schema: funnel }, async (request): Promise<FunnelAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    return deps.ask(request, async (tenant) => {
      const { evaluated, view } = await savedScenario(deps, tenant, request.params.id)
      return { scenario: view, ...(await readFunnel(deps.store, evaluated, { tenant, ...window, nowMs: deps.clock() })) }
    })
  })
  const preview = { summary: 'The funnel of a definition over the last hour, before it is saved', tags, body: scenarioChange, response: { 200: funnelAnswer } }
  app.post('/api/scenarios/preview', { schema: preview, ...judgedHere }, async (request): Promise<FunnelAnswer> => {
    const { definition } = changeOf(request.body)
    const nowMs = deps.clock()
    const window = parseWindow({ start: String(nowMs - PREVIEW_MS) }, nowMs)
    return { scenario: null, ...(await deps.ask(request, (tenant) => readFunnel(deps.store, { definition, saved: null }, { tenant, ...window, nowMs }))) }
  })
  const runs = { summary: 'Runs of a scenario, newest first', tags, params: scenarioPath, querystring: runsParameters.strict(), response: { 200: runsAnswer } }
  app.get('/api/scenarios/:id/runs', { schema: runs }, async (request): Promise<RunsAnswer> => {
    const question = questionHash({ ...request.query, id: request.params.id })
    const page = request.query.cursor === undefined ? null : decodeCursor(request.query.cursor, question)
    const window = page?.window ?? parseWindow(request.query, deps.clock())
    const limit = request.query.limit ?? DEFAULT_LIMIT
    return deps.ask(request, async (tenant) => {
      const { evaluated } = await savedScenario(deps, tenant, request.params.id)
      const asked = { tenant, ...window, nowMs: deps.clock() }
      const wanted = { limit: limit + 1, ...chosenRuns(request.query, evaluated.definition), ...(page === null ? {} : { after: page.after }) }
      const found = await readRuns(deps.store, { evaluated, asked }, wanted)
      const shown = found.slice(0, limit)
      const last = found.length > limit ? shown.at(-1) : undefined
      const cursor = last === undefined ? null : encodeCursor(question, window, last.after)
      return { window: windowAnswerOf(window), runs: shown.map((run) => runViewOf(evaluated.definition, run)), cursor }
    })
  })
  const proposals = { summary: 'Scenarios that sessions already live', tags, querystring: proposalsParameters.strict(), response: { 200: proposalsAnswer } }
  app.get('/api/scenarios/proposals', { schema: proposals }, async (request): Promise<ProposalsAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const sequences = await deps.ask(request, (tenant) => deps.store.scenarios.entries({ tenant, ...window }, SESSIONS))
    return { window: windowAnswerOf(window), sessions: sequences.reduce((sum, { sessions }) => sum + sessions, 0), proposals: proposalsOf(sequences) }
  })
}

/** Throws a `ProblemError` that names the steps there are when `step` is none of them. */
function chosenRuns({ outcome, step, fate }: z.infer<typeof runsParameters>, { steps }: ScenarioDefinition): Pick<RunPage, 'outcomes' | 'step'> {
  const outcomes = outcome === undefined ? {} : { outcomes: [outcome] }
  if (step === undefined) {
    if (fate !== undefined) throw invalidParameter('fate', 'is of a step, and none is given', 'Give step as well: the name of a step.')
    return outcomes
  }
  const at = steps.findIndex(({ name }) => name === step)
  if (at < 0) throw invalidParameter('step', `"${step}" is no step of this scenario`, `Its steps: ${steps.map(({ name }) => name).join(', ')}.`)
  return { ...outcomes, step: { at, fate: fate ?? 'reached' } }
}

/** Matches made as spans came are of use where ingest reads the same definitions: in this machine's directory, or in the file that all roles share. */
export async function savedScenario({ scenarios, mode, config }: RouteDeps, tenant: string, id: string) {
  const record = await scenarios.get(tenant, id)
  const version = record?.versions.at(-1)
  if (record === null || version === undefined) throw scenarioNotFound(id)
  const shared = mode === 'embedded' || config.keysFile !== undefined
  const evaluated: Evaluated = { definition: version.definition, saved: shared ? { id, version } : null }
  return { evaluated, view: scenarioViewOf(record) }
}

/** The later part of the window first: runs come newest first. */
export async function readRuns(store: Store, { evaluated, asked }: { evaluated: Evaluated; asked: Asked }, wanted: RunPage): Promise<RunRow[]> {
  const found: RunRow[] = []
  for (const question of questionsOf(evaluated, asked).toReversed()) {
    if (found.length < wanted.limit) found.push(...(await store.scenarios.runs(question, { ...wanted, limit: wanted.limit - found.length })))
  }
  return found
}
