import type { z } from 'zod'
import { type RuleAction, ruleDefinition, type RuleDefinition } from '../log-rule.ts'
import { readAct } from './actions.ts'
import { metricsOf } from './metric-names.ts'
import { readMatch } from './ready.ts'

export interface RuleError {
  /** Where in the definition, as `actions.1.pattern`. */
  path: string
  /** A sentence that names the action. */
  message: string
}

export type RuleRead = { ok: true; definition: RuleDefinition } | { ok: false; errors: RuleError[] }

/** A definition, or all that is wrong with it, each naming the action, the field and the reason; of a match the column. */
export function readRule(value: unknown): RuleRead {
  const read = ruleDefinition.safeParse(value)
  if (!read.success) return { ok: false, errors: read.error.issues.flatMap((issue) => errorsOf(value, issue)) }
  const { match, actions } = read.data
  const errors = matchErrors(match)
  for (const [at, action] of actions.entries()) {
    const act = readAct(action, '')
    if (!act.ok) errors.push({ path: `actions.${at}.${act.field}`, message: `action ${at + 1} (${action.type}), ${act.field} ${act.message}` })
  }
  errors.push(...metricErrors(actions))
  return errors.length > 0 ? { ok: false, errors } : { ok: true, definition: read.data }
}

/** A metric that no line reaches, or that an action before makes already. */
function metricErrors(actions: RuleAction[]): RuleError[] {
  const metrics = metricsOf({ actions })
  return metrics.flatMap(({ at, metric: { name } }): RuleError[] => {
    const error = (field: string, message: string): RuleError => ({ path: `actions.${at}.${field}`, message: `action ${at + 1} (metric), ${field} ${message}` })
    const dropAt = actions.slice(0, at).findIndex(({ type }) => type === 'drop')
    const isTwice = metrics.some((other) => other.at < at && other.metric.name === name)
    return [
      ...(dropAt < 0 ? [] : [error('type', `comes after action ${dropAt + 1}, which drops every line: put it before`)]),
      ...(isTwice ? [error('name', `is ${name}, which an action before makes: two cannot fill one metric`)] : []),
    ]
  })
}

export function matchErrors(match: string): RuleError[] {
  const read = readMatch(match)
  return read.ok ? [] : [{ path: 'match', message: `match, column ${read.column}: ${read.message}` }]
}

function errorsOf(value: unknown, issue: z.core.$ZodIssue): RuleError[] {
  const [first, at, ...inside] = issue.path
  const path = issue.path.join('.')
  if (first !== 'actions' || typeof at !== 'number') return [{ path, message: [path || 'the rule', reasonOf(issue)].join(' ') }]
  const where = inside.length === 0 ? '' : `${inside.join('.')} `
  return [{ path, message: `action ${at + 1}${typeOf(value, at)}, ${where}${reasonOf(issue)}` }]
}

function typeOf(value: unknown, at: number): string {
  const action = (value as { actions: unknown[] }).actions[at]
  return typeof action === 'object' && action !== null && 'type' in action && typeof action.type === 'string' ? ` (${action.type.slice(0, 40)})` : ''
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has no ${issue.keys.join(', ')}`
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing'
  return issue.message.startsWith('Invalid input') ? 'is missing or of the wrong type' : issue.message
}
