import type { RuleNote } from '@skein/schemas/api/log-rules'
import type { TenantRules } from '@skein/schemas/log-rule'
import type { DropTotal } from '@skein/store/contract-log-rules'
import { lastVersion } from './rule-views.ts'

/** Names of rules by their ids, also of those that are gone while anything knows them. */
export function ruleNames(rules: TenantRules | null): ReadonlyMap<string, string> {
  return new Map(rules?.rules.map((record) => [record.id, lastVersion(record).definition.name]) ?? [])
}

/** What went wrong with rules: those that were switched off, and lines that could not be redacted. */
export function failedNotes(groups: readonly DropTotal[], names: ReadonlyMap<string, string>): RuleNote[] {
  const broken = groups.filter(({ reason }) => reason === 'broken')
  const notes = [...Map.groupBy(broken, ({ rule }) => rule)].map(([rule, failed]): RuleNote => {
    const count = linesOf(failed)
    const name = names.get(rule) ?? rule
    const message = `Rule ${name} failed or took too long, and was off for what remained of the minute: ${count} lines were kept unjudged.`
    return { code: 'broken_rule', message, count, values: { rule: name } }
  })
  const dead = linesOf(groups.filter(({ reason }) => reason === 'dead_letter'))
  const message = `${dead} lines could not be redacted and are dead letters: nothing of them is shown.`
  return dead === 0 ? notes : [...notes, { code: 'dead_letters', message, count: dead }]
}

function linesOf(groups: readonly DropTotal[]): number {
  return groups.reduce((sum, { lines }) => sum + lines, 0)
}
