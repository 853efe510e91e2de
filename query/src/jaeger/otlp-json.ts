import type { OtlpResourceSpans } from '@skein/schemas/api/jaeger-v3'
import { otlpResourceSpans } from '@skein/schemas/otlp-json'
import { traceSpanOf } from '../otlp/span.ts'
import type { WholeTrace } from './read-traces.ts'

/** Where Jaeger's readers look for warnings, in the attributes of a span. */
const WARNINGS = '@jaeger@warnings'

/** Stored spans in OTLP/JSON; what is to be told of a trace stands with its first span. */
export function resourceSpansOf({ traceId, spans, resources, warnings }: WholeTrace): OtlpResourceSpans[] {
  const shown = spans.map(traceSpanOf)
  const [first] = shown
  if (first !== undefined && warnings.length > 0) first.attributes = { ...first.attributes, [WARNINGS]: [...warnings] }
  return otlpResourceSpans({ traceId, spans: shown, resources: Object.fromEntries(resources) })
}
