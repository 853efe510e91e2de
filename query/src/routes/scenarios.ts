import { scenarioChange, scenariosAnswer, type ScenariosAnswer, scenarioView, type ScenarioView } from '@skein/schemas/api/scenarios'
import { ReadOnlyError } from '@skein/metadata/contract'
import type { ScenarioChange as Changed } from '@skein/metadata/scenarios'
import { MAX_SCENARIOS, readScenario, type ScenarioDefinition } from '@skein/schemas/scenario'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { ProblemError } from '../problem-error.ts'
import { refuseCrossSite } from '../same-site.ts'
import { scenarioViewOf } from '../scenarios/funnel.ts'

export const scenarioPath = z.object({ id: z.string().regex(/^[a-z0-9]{1,32}$/, 'is not the id of a scenario') })
const BODY_BYTES = 64 * 1024
/** A body is judged here and not by the framework, so that what is wrong names the step. */
export const judgedHere = { attachValidation: true, bodyLimit: BODY_BYTES, onRequest: refuseCrossSite } as const

export function scenariosRoute(app: App, deps: RouteDeps): void {
  const tags = ['scenarios']
  app.get(
    '/api/scenarios',
    { schema: { summary: 'Business scenarios', tags, response: { 200: scenariosAnswer } } },
    async (request): Promise<ScenariosAnswer> => {
      const records = await deps.ask(request, (tenant) => deps.scenarios.list(tenant))
      return { scenarios: records.map(scenarioViewOf) }
    },
  )
  const one = { summary: 'One scenario', tags, params: scenarioPath, response: { 200: scenarioView } }
  app.get('/api/scenarios/:id', { schema: one }, async (request): Promise<ScenarioView> => {
    const record = await deps.ask(request, (tenant) => deps.scenarios.get(tenant, request.params.id))
    if (record === null) throw scenarioNotFound(request.params.id)
    return scenarioViewOf(record)
  })
  const create = {
    summary: 'Define a scenario',
    description: 'It holds for records received 2 s later and after; the time before is filled in when asked.',
    tags,
    body: scenarioChange,
    response: { 201: scenarioView },
  }
  app.post('/api/scenarios', { schema: create, ...judgedHere }, async (request, reply): Promise<ScenarioView> => {
    const { definition } = changeOf(request.body)
    const made = await deps.ask(request, (tenant) => written(deps.scenarios.create(tenant, definition)))
    return reply.code(201).send(viewOfChange(made, ''))
  })
  const change = { summary: 'Change a scenario', tags, params: scenarioPath, body: scenarioChange, response: { 200: scenarioView } }
  app.put('/api/scenarios/:id', { schema: change, ...judgedHere }, async (request): Promise<ScenarioView> => {
    const asked = changeOf(request.body)
    return viewOfChange(
      await deps.ask(request, (tenant) => written(deps.scenarios.change(tenant, pathOf(request.params).id, asked))),
      pathOf(request.params).id,
    )
  })
  const remove = { summary: 'Remove a scenario', description: 'Answers what it was.', tags, params: scenarioPath, response: { 200: scenarioView } }
  app.delete('/api/scenarios/:id', { schema: remove, onRequest: refuseCrossSite }, async (request): Promise<ScenarioView> => {
    const { id } = request.params
    const removed = await deps.ask(request, (tenant) => written(deps.scenarios.remove(tenant, id)))
    if (removed === null) throw scenarioNotFound(id)
    return scenarioViewOf(removed)
  })
}

function pathOf(parameters: unknown): z.infer<typeof scenarioPath> {
  const read = scenarioPath.safeParse(parameters)
  if (!read.success) throw scenarioNotFound('')
  return read.data
}

/** Definition and version of a body; what is wrong with it, each sentence with its step. */
export function changeOf(body: unknown): { definition: ScenarioDefinition; version?: number } {
  const parts = z.object({ definition: z.unknown(), version: z.number().int().positive().optional() }).safeParse(body)
  if (!parts.success)
    throw new ProblemError('invalid_body', {
      detail: 'The body is not an object with a definition.',
      hint: 'Send {"definition": {"name": …, "key": …, "within": …, "steps": […], "success": …}}.',
    })
  const read = readScenario(parts.data.definition)
  const { version } = parts.data
  if (read.ok) return { definition: read.definition, ...(version === undefined ? {} : { version }) }
  const errors = read.errors.map(({ path, message }) => ({ parameter: path === '' ? 'definition' : `definition.${path}`, message }))
  throw new ProblemError('invalid_body', {
    detail: read.errors.map(({ message }) => message).join('; '),
    hint: 'Mend what is named; every step needs a name and a match.',
    errors,
  })
}

function viewOfChange(changed: Changed, id: string): ScenarioView {
  if (changed.ok) return scenarioViewOf(changed.record)
  if (changed.reason === 'unknown') throw scenarioNotFound(id)
  if (changed.reason === 'limit')
    throw new ProblemError('conflict', { detail: `There are ${MAX_SCENARIOS} scenarios already.`, hint: 'Remove one that nobody looks at.' })
  throw new ProblemError('conflict', { detail: 'Somebody else changed this scenario.', hint: 'Read it again, then change that version.' })
}

async function written<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    if (!(error instanceof ReadOnlyError)) throw error
    throw new ProblemError('forbidden', {
      detail: 'Here scenarios are read from a file and cannot be changed.',
      hint: 'Change the file that SKEIN_KEYS_FILE names, on every machine: skein scenarios import does it.',
    })
  }
}

export function scenarioNotFound(id: string): ProblemError {
  return new ProblemError('scenario_not_found', { detail: `There is no scenario ${id}.`, hint: 'GET /api/scenarios lists them.' })
}
