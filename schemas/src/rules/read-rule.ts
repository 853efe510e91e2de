import type { z } from 'zod'
import { ruleDefinition, type RuleDefinition } from '../log-rule.ts'
import { readAct } from './actions.ts'
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
  return errors.length > 0 ? { ok: false, errors } : { ok: true, definition: read.data }
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
