import { nearest, pairAt, quoted, type Suggestion, wordAt } from '../search/suggestion.ts'

export interface Known {
  services: readonly string[]
  operations: readonly string[]
  entries: readonly string[]
  /** Attribute → values that were seen. */
  attributes: ReadonlyMap<string, readonly string[]>
}

const FIELDS = ['service:', 'operation:', 'entry:', 'caller:', 'callee:', 'duration>=', 'duration<=', 'error:', 'namespace:', 'instance:'] as const

/** What may stand where the caret is: fields, or values of the field that is begun. */
export function suggestionsAt(text: string, caret: number, known: Known): Suggestion[] {
  const { word } = wordAt(text, caret)
  const pair = pairAt(word)
  if (pair !== null)
    return nearest(valuesOf(pair.field, known), pair.begun).map((value) => ({ text: `${pair.field}:${quoted(value)} `, kind: 'value', open: false }))
  const fields = [...FIELDS, ...[...known.attributes.keys()].map((key) => `${key}:`)]
  return nearest(fields, word).map((field) => ({ text: field, kind: 'field', open: true }))
}

function valuesOf(field: string, known: Known): readonly string[] {
  if (field === 'service' || field === 'caller' || field === 'callee') return known.services
  if (field === 'operation' || field === 'name') return known.operations
  if (field === 'entry') return known.entries
  if (field === 'error') return ['true', 'false']
  return known.attributes.get(field) ?? []
}
