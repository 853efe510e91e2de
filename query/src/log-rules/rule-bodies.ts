import { orderChange, type OrderChange, ruleCreate, rulesImport, type RulesFile } from '@skein/schemas/api/log-rules'
import { type Fault, faultOf, faultOfIssue } from '@skein/schemas/fault'
import { MAX_PIPELINES, MAX_RULES, type PipelineDefinition, type RuleDefinition } from '@skein/schemas/log-rule'
import type { ProblemPart } from '@skein/schemas/problem'
import type { MetricRefusal } from '@skein/schemas/rules/metric-names'
import { matchErrors, metricError, readRule } from '@skein/schemas/rules/read-rule'
import { readRulesFile } from '@skein/schemas/rules/rules-file'
import { ReadOnlyError } from '@skein/metadata/contract'
import type { RulesRefusal } from '@skein/metadata/log-rules'
import { z } from 'zod'
import { ProblemError } from '../problem-error.ts'

const HINT = 'Mend what is named. A rule has a name, enabled, match and actions.'

/** A definition, or a refusal in which each sentence names the action, the field and, of a match, the column. `at`: where it stands in the body. */
export function definitionOf(value: unknown, at = 'definition'): RuleDefinition {
  const read = readRule(value)
  if (read.ok) return read.definition
  throw refusal(read.errors.map((error) => partAt(path(at, error.path), error)))
}

function refusal(errors: readonly ProblemPart[], hint = HINT): ProblemError {
  return new ProblemError('invalid_body', { detail: errors.map(({ message }) => message).join('; '), hint, errors: [...errors] })
}

/** An error of a definition or a body as one of a problem. */
function partAt(parameter: string, { code, values, message, column }: Fault & { column?: number }): ProblemPart {
  return { parameter, message, ...(column === undefined ? {} : { column }), code, values }
}

function path(at: string, inside: string): string {
  return inside === '' ? at : `${at}.${inside}`
}

/** The parts of a body but for its definition, which is judged by itself. */
export function bodyOf<Shape extends z.ZodRawShape>(body: unknown, shape: z.ZodObject<Shape>): z.infer<z.ZodObject<Shape>> & { definition: RuleDefinition } {
  const parts = z.looseObject({ definition: z.unknown() }).safeParse(body)
  if (!parts.success)
    throw refusal([partAt('definition', faultOf('definition_missing'))], 'Send {"definition": {"name": …, "enabled": true, "match": …, "actions": […]}}.')
  const definition = definitionOf(parts.data.definition)
  return { ...checked(parts.data, shape), definition }
}

export function checked<Schema extends z.ZodType>(body: unknown, schema: Schema): z.infer<Schema> {
  const read = schema.safeParse(body, { reportInput: true })
  if (read.success) return read.data
  throw refusal(
    read.error.issues.map((issue) => {
      const path = issue.path.join('.')
      const fault = faultOfIssue(issue)
      return partAt(path || 'body', { ...fault, message: `${path || 'the body'} ${fault.message}` })
    }),
    'Mend what is named.',
  )
}

export const createdFrom = (body: unknown) => bodyOf(body, ruleCreate.omit({ definition: true }))

export function orderFrom(body: unknown): OrderChange {
  const order = checked(body, orderChange)
  const errors = order.pipelines.flatMap(({ match }, at) =>
    matchErrors(match).map((error) => partAt(`pipelines.${at}.match`, { ...error, message: `pipeline ${at + 1}, ${error.message}` })),
  )
  if (errors.length > 0) throw refusal(errors)
  return order
}

/** A file of rules: all that is wrong with it at once. */
export function importFrom(body: unknown): { file: RulesFile; version?: number } {
  const { file, version } = checked(body, rulesImport.extend({ file: z.unknown() }))
  const read = readRulesFile(file)
  if (!read.ok) throw refusal(read.errors.map((error) => partAt(path('file', error.path), error)))
  return { file: read.file, ...(version === undefined ? {} : { version }) }
}

/** A metric that another rule makes, or one too many. */
export function metricRefused(refused: MetricRefusal): ProblemError {
  const error = metricError(refused)
  return new ProblemError('conflict', {
    detail: error.message,
    hint: 'Choose another name, or take the action out of the other rule first. GET /api/logs/metrics lists who makes what.',
    errors: [partAt(`definition.${error.path}`, error)],
  })
}

export function ruleNotFound(id: string): ProblemError {
  return new ProblemError('log_rule_not_found', { detail: `There is no rule ${id}.`, hint: 'GET /api/logs/rules lists them.' })
}

/** A new rule cannot stand where it was asked to. `pipelines`: those that there are. */
export function placeNotFound({ pipeline, before }: { pipeline?: string; before?: string }, pipelines: readonly PipelineDefinition[]): ProblemError {
  const isPipeline = pipeline !== undefined && (before === undefined || !pipelines.some(({ id }) => id === pipeline))
  const wrong = isPipeline
    ? partAt('pipeline', faultOf('no_pipeline', { pipeline, pipelines: pipelines.map(({ id }) => id).join(', ') || '–' }))
    : partAt('before', pipeline === undefined ? faultOf('no_rule', { rule: before ?? '' }) : faultOf('no_rule_in', { rule: before ?? '', pipeline }))
  return refusal([wrong], 'GET /api/logs/rules lists pipelines and rules; leave both out for the end of the first pipeline.')
}

/** Why a change was not made. `id`: the rule. */
export function refusalOf(reason: RulesRefusal, id: string): ProblemError {
  if (reason === 'unknown') return ruleNotFound(id)
  if (reason === 'limit') {
    const full = faultOf('rules_full', { most: MAX_RULES, pipelines: MAX_PIPELINES })
    return refused('conflict', partAt('definition', full), { hint: 'Remove one that drops nothing any more, or put two into one.', limit: 'rules_count' })
  }
  if (reason === 'incomplete')
    return refused('conflict', partAt('pipelines', faultOf('order_incomplete')), { hint: 'Read the rules again, then name all of them, each once.' })
  return refused('conflict', partAt('version', faultOf('changed_between')), { hint: 'Read it again, then change that version.' })
}

/** What cannot be done, whatever the body says; its sentence is the detail. */
function refused(code: 'conflict' | 'forbidden', part: ProblemPart, more: { hint: string; limit?: string }): ProblemError {
  return new ProblemError(code, { detail: `${part.message.charAt(0).toUpperCase()}${part.message.slice(1)}.`, errors: [part], ...more })
}

export async function written<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    if (!(error instanceof ReadOnlyError)) throw error
    throw refused('forbidden', partAt('definition', faultOf('rules_read_only')), {
      hint: 'Change the file that SKEIN_KEYS_FILE names, on every machine: skein rules import does it.',
    })
  }
}
