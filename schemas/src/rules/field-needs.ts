import type { RuleAction } from '../log-rule.ts'
import { severityRange } from '../severity.ts'
import { isFixedField } from './rule-line.ts'

export interface Need {
  field: string
  message: string
}

const HOW_FIXED = 'says where a line is from or what it is like, and no rule changes it'

/** What an action lacks for its kind, or asks of a field that it cannot have; null when nothing. */
export function fieldNeeds(action: RuleAction): Need | null {
  switch (action.type) {
    case 'sample':
      return sampleNeeds(action)
    case 'redact':
      return redactNeeds(action)
    case 'set':
      return setNeeds(action.field, action.value)
    case 'rename':
      return fixedAmong([action.from], 'from') ?? fixedAmong([action.to], 'to')
    case 'remove':
      return fixedAmong(action.fields, 'fields')
    case 'metric':
      return metricNeeds(action)
    default:
      return null
  }
}

function metricNeeds({ aggregation, field, by = [] }: Extract<RuleAction, { type: 'metric' }>): Need | null {
  if (aggregation === 'count' && field !== undefined)
    return { field: 'field', message: 'is for sum and histogram: count counts lines, those that the rule wants' }
  if (aggregation !== 'count' && field === undefined) return { field: 'field', message: `is missing: where the numbers of the ${aggregation} are` }
  return new Set(by).size === by.length ? null : { field: 'by', message: 'names a field twice' }
}

function redactNeeds({ presets = [], patterns = [], fields = [] }: Extract<RuleAction, { type: 'redact' }>): Need | null {
  if (presets.length + patterns.length === 0) return { field: 'presets', message: 'needs presets or patterns: nothing says what to redact' }
  return fixedAmong(fields, 'fields')
}

function fixedAmong(fields: readonly string[], field: string): Need | null {
  const fixed = fields.find(isFixedField)
  return fixed === undefined ? null : { field, message: `names ${fixed}, which ${HOW_FIXED}` }
}

function setNeeds(field: string, value: string | number | boolean): Need | null {
  if (isFixedField(field)) return { field: 'field', message: `is ${field}, which ${HOW_FIXED}` }
  if (field === 'severity' && severityRange(String(value)) === null)
    return { field: 'value', message: `is no severity: trace, debug, info, warn, error, fatal, none, or 0 to 24` }
  return null
}

function sampleNeeds({ by, percent, first, oneIn }: Extract<RuleAction, { type: 'sample' }>): Need | null {
  if (by !== 'pattern') return percent === undefined ? { field: 'percent', message: `is missing: how much of 100 ${by}s stays` } : null
  if (first === undefined && oneIn === undefined) return { field: 'first', message: 'is missing: how many of a pattern stay in a minute' }
  return null
}
