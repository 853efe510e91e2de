import { faultOf } from '../fault.ts'
import type { RuleAction } from '../log-rule.ts'
import { severityRange } from '../severity.ts'
import { isFixedField } from './rule-line.ts'
import type { FieldFault } from './run.ts'

/** What an action lacks for its kind, or asks of a field that it cannot have; null when nothing. */
export function fieldNeeds(action: RuleAction): FieldFault | null {
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

function metricNeeds({ aggregation, field, by = [] }: Extract<RuleAction, { type: 'metric' }>): FieldFault | null {
  if (aggregation === 'count' && field !== undefined) return { field: 'field', ...faultOf('metric_counts_lines') }
  if (aggregation !== 'count' && field === undefined) return { field: 'field', ...faultOf('metric_field_missing', { aggregation }) }
  return new Set(by).size === by.length ? null : { field: 'by', ...faultOf('field_twice') }
}

function redactNeeds({ presets = [], patterns = [], fields = [] }: Extract<RuleAction, { type: 'redact' }>): FieldFault | null {
  if (presets.length + patterns.length === 0) return { field: 'presets', ...faultOf('nothing_to_redact') }
  return fixedAmong(fields, 'fields')
}

function fixedAmong(fields: readonly string[], field: string): FieldFault | null {
  const fixed = fields.find(isFixedField)
  return fixed === undefined ? null : { field, ...faultOf('field_fixed', { name: fixed }) }
}

function setNeeds(field: string, value: string | number | boolean): FieldFault | null {
  if (isFixedField(field)) return { field: 'field', ...faultOf('field_fixed', { name: field }) }
  if (field === 'severity' && severityRange(String(value)) === null) return { field: 'value', ...faultOf('not_severity', { text: String(value) }) }
  return null
}

function sampleNeeds({ by, percent, first, oneIn }: Extract<RuleAction, { type: 'sample' }>): FieldFault | null {
  if (by !== 'pattern') return percent === undefined ? { field: 'percent', ...faultOf('percent_missing') } : null
  if (first === undefined && oneIn === undefined) return { field: 'first', ...faultOf('first_missing') }
  return null
}
