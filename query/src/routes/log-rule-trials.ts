import { debugAnswer, type DebugAnswer, debugRequest, type DebugRequest, dryRunAnswer, type DryRunAnswer, dryRunRequest } from '@skein/schemas/api/log-rules'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { debugRules } from '../log-rules/debug.ts'
import { dryRun } from '../log-rules/dry-run.ts'
import { linesOfRows } from '../log-rules/line-of-row.ts'
import { pastedLine } from '../log-rules/pasted-line.ts'
import { bodyOf, checked, definitionOf } from '../log-rules/rule-bodies.ts'
import { ProblemError } from '../problem-error.ts'
import { parseTime, type Window } from '../window.ts'
import { judgedHere } from './log-rules.ts'

const HOUR_MS = 3_600_000
const MOST_MS = 24 * HOUR_MS
const tags = ['logs']

export function logRuleTrialsRoute(app: App, deps: RouteDeps): void {
  const dry = {
    summary: 'What a rule would do',
    description: 'To the stored lines of a window, by the code that judges lines as they come. Nothing is changed.',
    tags,
    body: dryRunRequest,
    response: { 200: dryRunAnswer },
  }
  app.post('/api/logs/rules/dry-run', { schema: dry, ...judgedHere }, async (request): Promise<DryRunAnswer> => {
    const asked = bodyOf(request.body, dryRunRequest.omit({ definition: true }))
    const window = windowOf(asked, deps.clock())
    return deps.ask(request, async (tenant) => {
      const { rules } = await deps.logRules.of(tenant)
      const { limits, ingest, kafka } = deps.config
      const severalWorkers = ingest.workers > 1 || kafka.brokers.length > 0
      return dryRun({ store: deps.store, tenant, rules, request: asked, window, times: limits.intake, severalWorkers, clock: deps.clock })
    })
  })
  const debug = {
    summary: 'What rules do to one line, step by step',
    description: 'A pasted line, or a stored one by its id. A stored line is as rules left it.',
    tags,
    body: debugRequest,
    response: { 200: debugAnswer },
  }
  app.post('/api/logs/rules/debug', { schema: debug, ...judgedHere }, async (request): Promise<DebugAnswer> => {
    const asked = debugFrom(request.body)
    return deps.ask(request, async (tenant) => {
      const { rules } = await deps.logRules.of(tenant)
      return debugRules(rules, asked, { line: await lineOf(deps, tenant, asked), times: deps.config.limits.intake })
    })
  })
}

function windowOf({ start, end }: { start?: string | undefined; end?: string | undefined }, nowMs: number): Window {
  const endMs = end === undefined ? nowMs : parseTime('end', end, nowMs)
  const startMs = start === undefined ? Math.max(0, endMs - HOUR_MS) : parseTime('start', start, nowMs)
  if (startMs < endMs && endMs - startMs <= MOST_MS) return { startMs, endMs }
  throw new ProblemError('invalid_parameter', {
    detail: 'The window is empty or longer than a day.',
    hint: 'Give a start before the end, at most 24 h apart.',
    errors: [{ parameter: 'start', message: 'must be before the end, at most a day' }],
  })
}

function debugFrom(body: unknown): DebugRequest {
  const { definition, ...rest } = checked(body, debugRequest.omit({ definition: true }).extend({ definition: z.unknown().optional() }))
  if ((rest.text === undefined) === (rest.id === undefined))
    throw new ProblemError('invalid_body', { detail: 'Give either text or id.', hint: 'text: a line as it is written; id: of a stored line.' })
  return definition === undefined ? rest : { ...rest, definition: definitionOf(definition) }
}

async function lineOf(deps: RouteDeps, tenant: string, asked: DebugRequest): Promise<RuleLine> {
  const nowMs = deps.clock()
  if (asked.id === undefined) return pastedLine(asked, deps.config.ingest, nowMs)
  const row = await deps.store.logs.line(tenant, asked.id)
  const [line] = row === undefined ? [] : await linesOfRows(deps.store, tenant, [row])
  if (line === undefined)
    throw new ProblemError('log_line_not_found', { detail: `There is no line ${asked.id}.`, hint: 'It may be older than lines are kept, or dropped.' })
  return line
}
