import { readFilter, satisfies } from './filter.ts'
import type { FieldValue, Filter } from './filter/tree.ts'
import { keyAttributes, type ScenarioDefinition, type StepMatch } from './scenario.ts'

/** What can be a step, wherever it comes from: a span of a service, an event of a device. */
export interface StepRecord {
  kind: StepMatch['kind']
  service: string
  /** Operation of a span, name of an event. */
  name: string
  /** 32 hex digits; '' when it has none. */
  traceId: string
  /** An attribute, or what the record itself is asked by (`duration_ms`, `status`, `kind`). */
  field: (name: string) => FieldValue | undefined
}

export interface StepMatcher {
  kind: StepMatch['kind']
  /** Null: any. */
  service: string | null
  name: string | null
  where: Filter | null
}

/** The matchers of a definition that was found valid, in the order of its steps. */
export function stepMatchers({ steps }: Pick<ScenarioDefinition, 'steps'>): StepMatcher[] {
  return steps.map(({ match }) => {
    const where = match.where === undefined ? null : readFilter(match.where)
    const name = match.kind === 'span' ? match.operation : match.event
    return { kind: match.kind, service: match.service ?? null, name: name ?? null, where: where?.ok === true ? where.filter : null }
  })
}

export function isStep(matcher: StepMatcher, record: StepRecord): boolean {
  if (matcher.kind !== record.kind) return false
  if (matcher.service !== null && matcher.service !== record.service) return false
  if (matcher.name !== null && matcher.name !== record.name) return false
  return matcher.where === null || satisfies(matcher.where, record.field)
}

/** What the steps of one run have in common; '' when the record does not say. */
export function runKeyOf(key: string, record: Pick<StepRecord, 'traceId' | 'field'>): string {
  const names = keyAttributes(key)
  if (names === null) return record.traceId
  for (const name of names) {
    const value = record.field(name)
    if (value !== undefined && value !== '') return String(value)
  }
  return ''
}
