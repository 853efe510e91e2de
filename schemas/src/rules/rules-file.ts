import type { z } from 'zod'
import { type RulesFile, rulesFile } from '../api/log-rules.ts'
import { faultOfIssue } from '../fault.ts'
import type { RuleDefinition, TenantRules } from '../log-rule.ts'
import { metricRefusal, type NamedRule } from './metric-names.ts'
import { matchErrors, metricError, readRule, type RuleError } from './read-rule.ts'

/** All rules as they are now, in their order; what a repository keeps. */
export function rulesFileOf(rules: TenantRules | null): RulesFile {
  const pipelines = (rules?.order.versions.at(-1)?.pipelines ?? []).map((pipeline) => ({
    ...pipeline,
    rules: pipeline.rules.flatMap((id) => {
      const definition = rules?.rules.find((each) => each.id === id)?.versions.at(-1)?.definition
      return definition === undefined ? [] : [{ id, definition }]
    }),
  }))
  return { skeinLogRules: 1, pipelines }
}

export type RulesFileRead = { ok: true; file: RulesFile } | { ok: false; errors: RuleError[] }

/** A file of rules, or all that is wrong with it, each naming the rule. */
export function readRulesFile(value: unknown): RulesFileRead {
  const read = rulesFile.safeParse(value, { reportInput: true })
  if (!read.success) return { ok: false, errors: read.error.issues.map(fileError) }
  const before: NamedRule[] = []
  const errors = read.data.pipelines.flatMap(({ match, rules }, at) => [
    ...matchErrors(match).map((error) => ({ ...error, path: `pipelines.${at}.match`, message: `pipeline ${at + 1}, ${error.message}` })),
    ...rules.flatMap(({ id, definition }, place) => {
      const rule = readRule(definition)
      const found = rule.ok ? metricErrors(rule.definition, before) : rule.errors
      before.push({ id, definition })
      return found.map((error) => ({
        ...error,
        path: `pipelines.${at}.rules.${place}.definition.${error.path}`,
        message: `rule ${id}, ${error.message}`,
      }))
    }),
  ])
  return errors.length > 0 ? { ok: false, errors } : { ok: true, file: read.data }
}

function fileError(issue: z.core.$ZodIssue): RuleError {
  const path = issue.path.join('.')
  const fault = faultOfIssue(issue)
  return { path, ...fault, message: `${path || 'the file'} ${fault.message}` }
}

/** A name that a rule before has in the same file. */
function metricErrors(definition: RuleDefinition, before: readonly NamedRule[]): RuleError[] {
  const refused = metricRefusal(definition, before)
  return refused === null ? [] : [metricError(refused)]
}
