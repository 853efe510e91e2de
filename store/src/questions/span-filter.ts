import type { Filter, FilterTest } from '@skein/schemas/filter/tree'
import { SPAN_KINDS, STATUS_CODES } from '@skein/schemas/otlp-wire'
import { every, type Fragment, some, sql, text, texts } from '../sql/fragment.ts'
import { attributeText, hasAttribute } from './attribute-lookup.ts'

interface Field {
  exists: Fragment
  text: Fragment
}

/** What of a span is no attribute but can be asked for. */
const OWN_FIELDS: Readonly<Record<string, Field>> = {
  duration_ms: { exists: sql`1`, text: sql`toString(duration / 1e6)` },
  status: { exists: sql`1`, text: sql`arrayElement(${texts(STATUS_CODES)}, status + 1)` },
  kind: { exists: sql`1`, text: sql`arrayElement(${texts(SPAN_KINDS)}, kind + 1)` },
  service: { exists: sql`1`, text: sql`toString(service)` },
  operation: { exists: sql`1`, text: sql`toString(name)` },
}

/** A filter as a condition on rows of table `spans`, with the meaning of `satisfies`. */
export function spanFilter(filter: Filter): Fragment {
  if ('and' in filter) return every(filter.and.map(spanFilter))
  if ('or' in filter) return some(filter.or.map(spanFilter))
  if ('not' in filter) return sql`NOT (${spanFilter(filter.not)})`
  return test(filter)
}

function test({ field, op, value }: FilterTest): Fragment {
  const { exists, text: actual } = Object.hasOwn(OWN_FIELDS, field) ? OWN_FIELDS[field]! : { exists: hasAttribute(field), text: attributeText(field) }
  if (op === 'exists') return exists
  const holds =
    typeof value === 'number' ? sql`ifNull(${numberOf(actual)} ${OPERATORS[op]} toFloat64(${text(String(value))}), 0)` : sql`${actual} = ${text(String(value))}`
  if (op === '!=') return sql`NOT (${exists} AND ${holds})`
  return sql`${exists} AND ${holds}`
}

const OPERATORS: Readonly<Record<Exclude<FilterTest['op'], 'exists'>, Fragment>> = {
  '=': sql`=`,
  '!=': sql`=`,
  '>': sql`>`,
  '>=': sql`>=`,
  '<': sql`<`,
  '<=': sql`<=`,
}

/** Null when the text is no decimal number. */
function numberOf(actual: Fragment): Fragment {
  return sql`if(match(${actual}, '^-?([0-9]+\\\\.?[0-9]*|\\\\.[0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(${actual}), NULL)`
}
