import type { LineState } from '@skein/schemas/api/log-rules'

export interface FieldChange {
  field: string
  /** Null: it was not there. */
  before: string | null
  /** Null: it is gone. */
  after: string | null
}

const OWN = ['time', 'service', 'severity', 'severityText', 'body', 'traceId', 'spanId'] as const

/** The fields in which a line differs from what it was, its own first. */
export function changesOf(before: LineState, after: LineState): FieldChange[] {
  const own = OWN.map((field) => ({ field, before: textOf(before[field]), after: textOf(after[field]) }))
  const keys = [...new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])].sort()
  const attributes = keys.map((field) => ({ field, before: textOf(before.attributes[field]), after: textOf(after.attributes[field]) }))
  return [...own, ...attributes].filter((change) => change.before !== change.after)
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
