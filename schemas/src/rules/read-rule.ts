import type { z } from 'zod'
import { type Fault, faultOf, faultOfIssue } from '../fault.ts'
import type { FilterError } from '../filter.ts'
import { type RuleAction, ruleDefinition, type RuleDefinition } from '../log-rule.ts'
import { readAct } from './actions.ts'
import { type MetricRefusal, metricsOf } from './metric-names.ts'
import { readMatch } from './ready.ts'
import type { FieldFault } from './run.ts'

export interface RuleError extends Fault {
  /** Where in the definition, as `actions.1.pattern`. */
  path: string
  /** Where in the text that stands there, counted from 1. */
  column?: number
  /** A sentence in English that also says where: the number of the action, and the column. */
  message: string
}

export type RuleRead = { ok: true; definition: RuleDefinition } | { ok: false; errors: RuleError[] }

/** A definition, or all that is wrong with it, each naming the action, the field and the reason; of a match the column. */
export function readRule(value: unknown): RuleRead {
  const read = ruleDefinition.safeParse(value, { reportInput: true })
  if (!read.success) return { ok: false, errors: read.error.issues.flatMap((issue) => errorsOf(value, issue)) }
  const { match, actions } = read.data
  const errors = matchErrors(match)
  for (const [at, action] of actions.entries()) {
    const act = readAct(action, '')
    if (!act.ok) errors.push(actionError({ at, type: action.type }, act))
  }
  errors.push(...metricErrors(actions))
  return errors.length > 0 ? { ok: false, errors } : { ok: true, definition: read.data }
}

/** A metric that no line reaches, or that an action before makes already. */
function metricErrors(actions: RuleAction[]): RuleError[] {
  const metrics = metricsOf({ actions })
  return metrics.flatMap(({ at, metric: { name } }): RuleError[] => {
    const error = (field: string, fault: Fault): RuleError => actionError({ at, type: 'metric' }, { field, ...fault })
    const dropAt = actions.slice(0, at).findIndex(({ type }) => type === 'drop')
    const isTwice = metrics.some((other) => other.at < at && other.metric.name === name)
    return [
      ...(dropAt < 0 ? [] : [error('type', faultOf('metric_after_drop', { number: dropAt + 1 }))]),
      ...(isTwice ? [error('name', faultOf('metric_twice', { name }))] : []),
    ]
  })
}

/** A metric that cannot stand beside those of other rules, as any error of a definition. */
export function metricError({ action, ...fault }: MetricRefusal): RuleError {
  return actionError({ at: action, type: 'metric' }, { field: 'name', ...fault })
}

export function matchErrors(match: string): RuleError[] {
  const read = readMatch(match)
  return read.ok ? [] : [matchError(read)]
}

function matchError({ code, values, column, message }: FilterError): RuleError {
  return { path: 'match', code, values, column, message: `match, column ${column}: ${message}` }
}

function actionError({ at, type }: { at: number; type: string }, { field, code, values, column, message }: FieldFault): RuleError {
  const path = ['actions', at, ...(field === '' ? [] : [field])].join('.')
  const where = `action ${at + 1}${type === '' ? '' : ` (${type})`},${field === '' ? '' : ` ${field}`}`
  if (column === undefined) return { path, code, values, message: `${where} ${message}` }
  return { path, code, values, column, message: `${where} column ${column}: ${message}` }
}

function errorsOf(value: unknown, issue: z.core.$ZodIssue): RuleError {
  const [first, at, ...inside] = issue.path
  const fault = faultOfIssue(issue)
  if (first === 'actions' && typeof at === 'number') return actionError({ at, type: typeOf(value, at) }, { field: inside.join('.'), ...fault })
  const path = issue.path.join('.')
  return { path, ...fault, message: `${path || 'the rule'} ${fault.message}` }
}

function typeOf(value: unknown, at: number): string {
  const action = (value as { actions: unknown[] }).actions[at]
  return typeof action === 'object' && action !== null && 'type' in action && typeof action.type === 'string' ? action.type.slice(0, 40) : ''
}
