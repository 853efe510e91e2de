import {
  orderChange,
  ruleChange,
  ruleCreate,
  ruleDiffAnswer,
  type RuleDiffAnswer,
  ruleDiffParameters,
  ruleRollback,
  rulesAnswer,
  type RulesAnswer,
  rulesFile,
  type RulesFile,
  rulesImport,
  ruleVersionsAnswer,
  type RuleVersionsAnswer,
  type RuleView,
  ruleView,
} from '@skein/schemas/api/log-rules'
import { ruleId } from '@skein/schemas/log-rule'
import type { OrderChanged, RuleChanged } from '@skein/metadata/log-rules'
import { rulesFileOf } from '@skein/schemas/rules/rules-file'
import type { DropTotal } from '@skein/store/contract-log-rules'
import { StoreUnavailableError } from '@skein/store/errors'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { failedNotes, ruleNames } from '../log-rules/failed-notes.ts'
import {
  bodyOf,
  checked,
  createdFrom,
  importFrom,
  metricRefused,
  orderFrom,
  placeNotFound,
  refusalOf,
  ruleNotFound,
  written,
} from '../log-rules/rule-bodies.ts'
import { differences, findRule, lastVersion, pipelinesOf, rulesAnswerOf, ruleViewOf } from '../log-rules/rule-views.ts'
import { invalidParameter } from '../problem-error.ts'
import { refuseCrossSite } from '../same-site.ts'
import { isoTime } from '../window.ts'

const rulePath = z.object({ id: ruleId })
const BODY_BYTES = 1024 * 1024
/** A body is judged here and not by the framework, so that what is wrong names the action. */
export const judgedHere = { attachValidation: true, bodyLimit: BODY_BYTES, onRequest: refuseCrossSite } as const
const tags = ['logs']

export function logRulesRoute(app: App, deps: RouteDeps): void {
  readRoutes(app, deps)
  versionRoutes(app, deps)
  writeRoutes(app, deps)
  orderRoutes(app, deps)
}

function readRoutes(app: App, deps: RouteDeps): void {
  const all = {
    summary: 'Rules on logs',
    description: 'Pipelines in the order they apply, each with its rules in theirs.',
    tags,
    response: { 200: rulesAnswer },
  }
  app.get(
    '/api/logs/rules',
    { schema: all },
    (request): Promise<RulesAnswer> =>
      deps.ask(request, async (tenant) => {
        const [read, failed] = await Promise.all([deps.logRules.of(tenant), failedLately(deps, tenant)])
        const answer = rulesAnswerOf(read)
        return { ...answer, notes: [...answer.notes, ...failedNotes(failed, ruleNames(read.rules))] }
      }),
  )
  const one = { summary: 'One rule on logs', tags, params: rulePath, response: { 200: ruleView } }
  app.get('/api/logs/rules/:id', { schema: one }, async (request): Promise<RuleView> => {
    const { record, pipeline } = await find(deps, request, request.params.id)
    return ruleViewOf(record, pipeline.id)
  })
  const file = { summary: 'All rules on logs as a file', tags, response: { 200: rulesFile } }
  app.get('/api/logs/rules/export', { schema: file }, async (request, reply): Promise<RulesFile> => {
    const { rules } = await deps.ask(request, (tenant) => deps.logRules.of(tenant))
    reply.header('content-disposition', 'attachment; filename="log-rules.json"')
    return rulesFileOf(rules)
  })
}

function versionRoutes(app: App, deps: RouteDeps): void {
  const versions = {
    summary: 'Versions of a rule',
    description: 'The newest first; the last 20 are kept.',
    tags,
    params: rulePath,
    response: { 200: ruleVersionsAnswer },
  }
  app.get('/api/logs/rules/:id/versions', { schema: versions }, async (request): Promise<RuleVersionsAnswer> => {
    const { record } = await find(deps, request, request.params.id)
    return {
      versions: record.versions
        .toReversed()
        .map(({ version, effectiveFromMs, definition }) => ({ version, effectiveFrom: isoTime(effectiveFromMs), definition })),
    }
  })
  const diff = {
    summary: 'What differs between two versions of a rule',
    tags,
    params: rulePath,
    querystring: ruleDiffParameters.strict(),
    response: { 200: ruleDiffAnswer },
  }
  app.get('/api/logs/rules/:id/diff', { schema: diff }, async (request): Promise<RuleDiffAnswer> => {
    const { record } = await find(deps, request, request.params.id)
    const to = request.query.to ?? lastVersion(record).version
    const from = request.query.from ?? Math.max(1, to - 1)
    const definition = (name: string, version: number) => {
      const found = record.versions.find((each) => each.version === version)
      if (found === undefined) throw invalidParameter(name, `is no kept version: ${record.versions.map((each) => each.version).join(', ')}`)
      return found.definition
    }
    return { from, to, changes: differences(jsonOf(definition('from', from)), jsonOf(definition('to', to))) }
  })
  const rollback = { summary: 'Make an earlier version of a rule the newest', tags, params: rulePath, body: ruleRollback, response: { 200: ruleView } }
  app.post('/api/logs/rules/:id/rollback', { schema: rollback, ...judgedHere }, async (request): Promise<RuleView> => {
    const id = idOf(request)
    const { to, version } = checked(request.body, ruleRollback)
    const { record } = await find(deps, request, id)
    const wanted = record.versions.find((each) => each.version === to)
    if (wanted === undefined) throw invalidParameter('to', `is no kept version: ${record.versions.map((each) => each.version).join(', ')}`)
    const change = { definition: wanted.definition, version: version ?? lastVersion(record).version }
    return viewOfChange(deps, request, await deps.ask(request, (tenant) => written(deps.logRules.change(tenant, id, change))), id)
  })
}

function writeRoutes(app: App, deps: RouteDeps): void {
  const create = {
    summary: 'Make a rule on logs',
    description: 'It holds for records received 2 s later and after.',
    tags,
    body: ruleCreate,
    response: { 201: ruleView },
  }
  app.post('/api/logs/rules', { schema: create, ...judgedHere }, async (request, reply): Promise<RuleView> => {
    const { definition, pipeline, before } = createdFrom(request.body)
    const place = { ...(pipeline === undefined ? {} : { pipeline }), ...(before === undefined ? {} : { before }) }
    const made = await deps.ask(request, (tenant) => written(deps.logRules.create(tenant, { definition, ...place })))
    if (!made.ok && made.reason === 'unknown') throw placeNotFound(place, pipelinesOf((await deps.ask(request, (tenant) => deps.logRules.of(tenant))).rules))
    return reply.code(201).send(await viewOfChange(deps, request, made, ''))
  })
  const change = { summary: 'Change a rule on logs', tags, params: rulePath, body: ruleChange, response: { 200: ruleView } }
  app.put('/api/logs/rules/:id', { schema: change, ...judgedHere }, async (request): Promise<RuleView> => {
    const id = idOf(request)
    const { definition, version } = bodyOf(request.body, ruleChange.omit({ definition: true }))
    const asked = { definition, ...(version === undefined ? {} : { version }) }
    return viewOfChange(deps, request, await deps.ask(request, (tenant) => written(deps.logRules.change(tenant, id, asked))), id)
  })
  const remove = {
    summary: 'Remove a rule on logs',
    description: 'Answers what it was; 204 and nothing where it could not be read.',
    tags,
    params: rulePath,
    response: { 200: ruleView, 204: z.null() },
  }
  app.delete('/api/logs/rules/:id', { schema: remove, onRequest: refuseCrossSite }, async (request, reply) => {
    const { id } = request.params
    const removed = await deps.ask(request, (tenant) => written(deps.logRules.remove(tenant, id)))
    if (!removed.ok) throw refusalOf(removed.reason, id)
    return removed.record === null ? reply.code(204).send(null) : reply.send(ruleViewOf(removed.record, ''))
  })
}

function orderRoutes(app: App, deps: RouteDeps): void {
  const order = { summary: 'Order of pipelines and their rules', description: 'All of it at once.', tags, body: orderChange, response: { 200: rulesAnswer } }
  app.put('/api/logs/rules/order', { schema: order, ...judgedHere }, async (request): Promise<RulesAnswer> => {
    const asked = orderFrom(request.body)
    return answerOfOrder(await deps.ask(request, (tenant) => written(deps.logRules.reorder(tenant, asked))))
  })
  const file = { summary: 'Replace all rules by a file', description: 'At once or not at all.', tags, body: rulesImport, response: { 200: rulesAnswer } }
  app.post('/api/logs/rules/import', { schema: file, ...judgedHere }, async (request): Promise<RulesAnswer> => {
    const asked = importFrom(request.body)
    return answerOfOrder(await deps.ask(request, (tenant) => written(deps.logRules.replace(tenant, asked))))
  })
}

const HOUR_MS = 3_600_000

/** Of the last hour. Rules can be written also while the store is away. */
async function failedLately({ store, clock }: RouteDeps, tenant: string): Promise<DropTotal[]> {
  const window = { tenant, startMs: clock() - HOUR_MS, endMs: clock() }
  const asked = (['broken', 'dead_letter'] as const).map((reason) => store.logRules.drops({ ...window, reason }, 200))
  return Promise.all(asked).then(
    (found) => found.flat(),
    (error: unknown) => {
      if (error instanceof StoreUnavailableError) return []
      throw error
    },
  )
}

async function find(deps: RouteDeps, request: FastifyRequest, id: string) {
  const { rules } = await deps.ask(request, (tenant) => deps.logRules.of(tenant))
  const found = findRule(rules, id)
  if (found === undefined) throw ruleNotFound(id)
  return found
}

/** Of a path that is not judged by the framework, since its body is not. */
function idOf(request: FastifyRequest): string {
  const read = rulePath.safeParse(request.params)
  if (!read.success) throw ruleNotFound(String((request.params as { id?: unknown }).id))
  return read.data.id
}

async function viewOfChange(deps: RouteDeps, request: FastifyRequest, changed: RuleChanged, id: string): Promise<RuleView> {
  if (!changed.ok) throw changed.reason === 'metric' ? metricRefused(changed.metric) : refusalOf(changed.reason, id)
  const { rules } = await deps.ask(request, (tenant) => deps.logRules.of(tenant))
  return ruleViewOf(changed.record, findRule(rules, changed.record.id)?.pipeline.id ?? '')
}

function answerOfOrder(changed: OrderChanged): RulesAnswer {
  if (!changed.ok) throw refusalOf(changed.reason, '')
  return rulesAnswerOf(changed)
}

function jsonOf(value: object): RuleDiffAnswer['changes'][number]['before'] {
  return JSON.parse(JSON.stringify(value)) as RuleDiffAnswer['changes'][number]['before']
}
