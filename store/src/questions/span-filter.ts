import type { Filter } from '@skein/schemas/filter/tree'
import { SPAN_KINDS, STATUS_CODES } from '@skein/schemas/otlp-wire'
import { every, some, sql, texts } from '../sql/fragment.ts'
import type { Fragment } from '../sql/terms.ts'
import { attributeText, hasAttribute } from './attribute-lookup.ts'
import { type TestedValue, valueTest } from './value-test.ts'

/** What of a span is no attribute but can be asked for. */
const OWN_FIELDS: Readonly<Record<string, TestedValue>> = {
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
  const { field } = filter
  return valueTest(Object.hasOwn(OWN_FIELDS, field) ? OWN_FIELDS[field]! : { exists: hasAttribute(field), text: attributeText(field) }, filter)
}
