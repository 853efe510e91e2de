import { SPAN_KINDS, STATUS_CODES } from '@skein/schemas/otlp-wire'
import type { TraceSearch } from '@skein/store/contract-traces'
import type { JaegerSearch } from './parameters.ts'

type Conditions = Pick<TraceSearch, 'service' | 'operation' | 'error' | 'kind' | 'status' | 'minSpanNs' | 'maxSpanNs' | 'attributes'>

/**
 * What a search asks of one span. Tags that stand for a span's own fields ask for these; null: no span can have them all.
 */
export function conditionsOf(search: JaegerSearch): Conditions | null {
  const conditions: Conditions = {
    ...(search.service === undefined ? {} : { service: search.service }),
    ...(search.operation === undefined ? {} : { operation: search.operation }),
    ...(search.minDurationNs === undefined ? {} : { minSpanNs: search.minDurationNs }),
    ...(search.maxDurationNs === undefined ? {} : { maxSpanNs: search.maxDurationNs }),
    attributes: [],
  }
  const attributes: { key: string; value: string }[] = []
  for (const [key, value] of search.tags) {
    const field = OWN_TAGS[key]?.(value)
    if (field === null) return null
    if (field === undefined) attributes.push({ key, value })
    else Object.assign(conditions, field)
  }
  return { ...conditions, attributes }
}

/** Tag → the condition it stands for; undefined: an attribute after all, null: no span has it. */
const OWN_TAGS: Readonly<Record<string, (value: string) => Partial<Conditions> | null | undefined>> = {
  error: (value) => (value === 'true' ? { error: true } : undefined),
  'span.kind': (value) => numberIn(SPAN_KINDS, value, 'kind'),
  'otel.status_code': (value) => (value === value.toUpperCase() ? numberIn(STATUS_CODES, value.toLowerCase(), 'status') : null),
}

function numberIn(names: readonly string[], name: string, field: 'kind' | 'status'): Partial<Conditions> | null {
  const number = names.indexOf(name)
  return number < 0 ? null : { [field]: number }
}
