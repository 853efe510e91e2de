import { compileSearch } from '../filter/compile.ts'
import type { Search } from '../filter/tree.ts'
import { type FilterError, readSearch } from '../filter.ts'
import type { ActionType, RuleDefinition } from '../log-rule.ts'
import { readAct } from './actions.ts'
import { hasExpression, mayMatch } from './may-match.ts'
import { readRegex, type Work } from './regex.ts'
import { fieldOf, type RuleLine } from './rule-line.ts'
import type { Act } from './run.ts'

/** A version of a rule made ready to judge lines. */
export interface ReadyRule {
  id: string
  name: string
  version: number
  pipeline: string
  /** What its pipeline and itself want, as trees; null: every line. */
  wants: readonly (Search | null)[]
  /** Whether it wants the line, but for its expressions; costs nothing that is counted. */
  mayWant: (line: RuleLine) => boolean
  /** It has expressions, so that `matches` may say no where `mayWant` does not. */
  hasExpressions: boolean
  matches: (line: RuleLine, work: Work) => boolean
  acts: readonly { type: ActionType; act: Act }[]
  /** Has an action that redacts: it is never passed over. */
  redacts: boolean
  /** Has an action that changes lines. */
  changes: boolean
}

export interface ReadyOptions {
  id: string
  version: number
  pipeline: string
  /** The match of its pipeline; '' = every line. */
  pipelineMatch: string
}

const CHANGING: ReadonlySet<ActionType> = new Set(['parse', 'redact', 'set', 'rename', 'remove'])

/** Null for a definition that means nothing. */
export function readyRule(definition: RuleDefinition, { id, version, pipeline, pipelineMatch }: ReadyOptions): ReadyRule | null {
  const outer = readMatch(pipelineMatch)
  const inner = readMatch(definition.match)
  const acts: { type: ActionType; act: Act }[] = []
  for (const [at, action] of definition.actions.entries()) {
    const read = readAct(action, `${id} ${version} ${at}`)
    if (!read.ok) return null
    acts.push({ type: action.type, act: read.act })
  }
  if (!outer.ok || !inner.ok) return null
  return {
    id,
    name: definition.name,
    version,
    pipeline,
    wants: [outer.search, inner.search],
    mayWant: (line) => outer.mayMatch(line) && inner.mayMatch(line),
    hasExpressions: [outer, inner].some(({ search }) => search !== null && hasExpression(search)),
    matches: (line, work) => outer.matches(line, work) && inner.matches(line, work),
    acts,
    redacts: acts.some(({ type }) => type === 'redact'),
    changes: acts.some(({ type }) => CHANGING.has(type)),
  }
}

export type MatchRead =
  | { ok: true; search: Search | null; mayMatch: (line: RuleLine) => boolean; matches: (line: RuleLine, work: Work) => boolean }
  | ({ ok: false } & FilterError)

/** The match of a rule or pipeline. */
export function readMatch(text: string): MatchRead {
  const read = readSearch(text, (source) => {
    const regex = readRegex(source)
    return regex.ok ? null : regex
  })
  if (!read.ok) return { ok: false, ...read.error }
  const meter: { work: Work } = { work: { left: 0 } }
  const test = compileSearch(read.search, (source) => {
    const regex = readRegex(source)
    if (!regex.ok) throw new Error(`an expression was accepted and cannot be read: ${regex.message}`)
    return (line) => regex.regex.test(line, meter.work)
  })
  const may = mayMatch(read.search)
  return {
    ok: true,
    search: read.search,
    mayMatch: (line) => may((name) => fieldOf(line, name)),
    matches(line, work) {
      meter.work = work
      return test((name) => fieldOf(line, name))
    },
  }
}
