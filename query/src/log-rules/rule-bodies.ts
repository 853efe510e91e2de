import { orderChange, type OrderChange, ruleCreate, rulesImport, type RulesFile } from '@skein/schemas/api/log-rules'
import { MAX_PIPELINES, MAX_RULES, type PipelineDefinition, type RuleDefinition } from '@skein/schemas/log-rule'
import { metricError, type MetricRefusal } from '@skein/schemas/rules/metric-names'
import { matchErrors, readRule } from '@skein/schemas/rules/read-rule'
import { readRulesFile } from '@skein/schemas/rules/rules-file'
import { ReadOnlyError } from '@skein/metadata/contract'
import type { RulesRefusal } from '@skein/metadata/log-rules'
import { z } from 'zod'
import { ProblemError } from '../problem-error.ts'

interface Wrong {
  parameter: string
  message: string
}

const HINT = 'Mend what is named. A rule has a name, enabled, match and actions.'

/** A definition, or a refusal in which each sentence names the action, the field and, of a match, the column. `at`: where it stands in the body. */
export function definitionOf(value: unknown, at = 'definition'): RuleDefinition {
  const read = readRule(value)
  if (read.ok) return read.definition
  throw refusal(read.errors.map(({ path, message }) => ({ parameter: path === '' ? at : `${at}.${path}`, message })))
}

function refusal(errors: readonly Wrong[], hint = HINT): ProblemError {
  return new ProblemError('invalid_body', { detail: errors.map(({ message }) => message).join('; '), hint, errors: [...errors] })
}

/** The parts of a body but for its definition, which is judged by itself. */
export function bodyOf<Shape extends z.ZodRawShape>(body: unknown, shape: z.ZodObject<Shape>): z.infer<z.ZodObject<Shape>> & { definition: RuleDefinition } {
  const parts = z.looseObject({ definition: z.unknown() }).safeParse(body)
  if (!parts.success)
    throw refusal(
      [{ parameter: 'definition', message: 'the body is no object with a definition' }],
      'Send {"definition": {"name": …, "enabled": true, "match": …, "actions": […]}}.',
    )
  const definition = definitionOf(parts.data.definition)
  return { ...checked(parts.data, shape), definition }
}

export function checked<Schema extends z.ZodType>(body: unknown, schema: Schema): z.infer<Schema> {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  throw refusal(
    read.error.issues.map(({ path, message }) => ({ parameter: path.join('.') || 'body', message: `${path.join('.') || 'the body'} ${message}` })),
    'Mend what is named.',
  )
}

export const createdFrom = (body: unknown) => bodyOf(body, ruleCreate.omit({ definition: true }))

export function orderFrom(body: unknown): OrderChange {
  const order = checked(body, orderChange)
  const errors = order.pipelines.flatMap(({ match }, at) =>
    matchErrors(match).map(({ message }) => ({ parameter: `pipelines.${at}.match`, message: `pipeline ${at + 1}, ${message}` })),
  )
  if (errors.length > 0) throw refusal(errors)
  return order
}

/** A file of rules: all that is wrong with it at once. */
export function importFrom(body: unknown): { file: RulesFile; version?: number } {
  const { file, version } = checked(body, rulesImport.extend({ file: z.unknown() }))
  const read = readRulesFile(file)
  if (!read.ok) throw refusal(read.errors.map(({ path, message }) => ({ parameter: path === '' ? 'file' : `file.${path}`, message })))
  return { file: read.file, ...(version === undefined ? {} : { version }) }
}

/** A metric that another rule makes, or one too many. */
export function metricRefused(refused: MetricRefusal): ProblemError {
  const { path, message } = metricError(refused)
  return new ProblemError('conflict', {
    detail: message,
    hint: 'Choose another name, or take the action out of the other rule first. GET /api/logs/metrics lists who makes what.',
    errors: [{ parameter: `definition.${path}`, message }],
  })
}

export function ruleNotFound(id: string): ProblemError {
  return new ProblemError('log_rule_not_found', { detail: `There is no rule ${id}.`, hint: 'GET /api/logs/rules lists them.' })
}

/** A new rule cannot stand where it was asked to. `pipelines`: those that there are. */
export function placeNotFound({ pipeline, before }: { pipeline?: string; before?: string }, pipelines: readonly PipelineDefinition[]): ProblemError {
  const isPipeline = pipeline !== undefined && (before === undefined || !pipelines.some(({ id }) => id === pipeline))
  const wrong = isPipeline
    ? { parameter: 'pipeline', message: `there is no pipeline ${pipeline}: ${pipelines.map(({ id }) => id).join(', ') || 'none yet'}` }
    : { parameter: 'before', message: `there is no rule ${before}${pipeline === undefined ? '' : ` in pipeline ${pipeline}`}` }
  return refusal([wrong], 'GET /api/logs/rules lists pipelines and rules; leave both out for the end of the first pipeline.')
}

/** Why a change was not made. `id`: the rule. */
export function refusalOf(reason: RulesRefusal, id: string): ProblemError {
  if (reason === 'unknown') return ruleNotFound(id)
  if (reason === 'limit')
    return new ProblemError('conflict', {
      detail: `There can be ${MAX_RULES} rules in ${MAX_PIPELINES} pipelines.`,
      hint: 'Remove one that drops nothing any more, or put two into one.',
      limit: 'rules_count',
    })
  if (reason === 'incomplete')
    return new ProblemError('conflict', {
      detail: 'The order does not name every rule exactly once, or two pipelines have one id.',
      hint: 'Read the rules again, then name all of them, each once.',
    })
  return new ProblemError('conflict', { detail: 'Somebody else changed this in between.', hint: 'Read it again, then change that version.' })
}

export async function written<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    if (!(error instanceof ReadOnlyError)) throw error
    throw new ProblemError('forbidden', {
      detail: 'Here rules are read from a file and cannot be changed.',
      hint: 'Change the file that SKEIN_KEYS_FILE names, on every machine: skein rules import does it.',
    })
  }
}
