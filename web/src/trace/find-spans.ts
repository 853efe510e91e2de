import type { AttributeValue } from '@skein/schemas/api/traces'
import type { SpanRow } from './span-tree.ts'

/** Indexes of the rows in which every word of the text occurs: service, name, ids, status, attributes, event names. Empty text finds nothing. */
export function findSpans(rows: readonly SpanRow[], text: string): number[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return []
  const found: number[] = []
  rows.forEach((row, index) => {
    const hay = searchable(row)
    if (words.every((word) => hay.includes(word))) found.push(index)
  })
  return found
}

function searchable({ span, missingId }: SpanRow): string {
  if (span === null) return missingId.toLowerCase()
  const parts = [span.service, span.name, span.spanId, span.kind, span.status.message]
  if (span.status.code === 'error') parts.push('error')
  for (const [key, value] of Object.entries(span.attributes)) parts.push(`${key}=${valueText(value)}`)
  for (const event of span.events) parts.push(event.name)
  return parts.join('\n').toLowerCase()
}

/** An attribute as it is shown: strings bare, everything else as JSON. */
export function valueText(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
