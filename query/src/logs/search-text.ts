import type { logConditions } from '@skein/schemas/api/logs'
import { readSearch } from '@skein/schemas/filter'
import type { Search } from '@skein/schemas/filter/tree'
import { readRegex } from '@skein/schemas/rules/regex'
import type { z } from 'zod'
import { ProblemError } from '../problem-error.ts'

type Conditions = z.infer<typeof logConditions>

/** What a request asks of a line: its search and its shorthands, all of them. Throws a `ProblemError` that names the column. */
export function searchOf(conditions: Conditions): Search | null {
  const parts = [...asked(conditions.q ?? ''), ...shorthands(conditions)]
  return parts.length > 1 ? { and: parts } : (parts[0] ?? null)
}

function asked(q: string): Search[] {
  const read = readSearch(q, (source) => {
    const regex = readRegex(source)
    return regex.ok ? null : regex
  })
  if (read.ok) return read.search === null ? [] : [read.search]
  throw new ProblemError('invalid_parameter', {
    detail: `q, column ${read.error.column}: ${read.error.message}`,
    errors: [{ parameter: 'q', ...read.error }],
    hint: 'Words, "phrases", field:value, pay*, field>5, severity>=warn, /regex/, field:/regex/, - or NOT, OR, brackets.',
  })
}

function shorthands({ traceId, spanId, service, environment, cluster, pattern }: Conditions): Search[] {
  const wanted = { trace_id: traceId?.toLowerCase(), span_id: spanId?.toLowerCase(), service, environment, cluster, pattern: pattern?.toLowerCase() }
  return Object.entries(wanted).flatMap(([field, value]) => (value === undefined || value === '' ? [] : [{ field, op: '=' as const, value }]))
}
