/** A text that may stand at the caret. */
export interface Suggestion {
  /** What replaces the word at the caret. */
  text: string
  kind: 'field' | 'value'
  /** The caret stays for a value. */
  open: boolean
}

export interface Known {
  services: readonly string[]
  operations: readonly string[]
  entries: readonly string[]
  /** Attribute → values that were seen. */
  attributes: ReadonlyMap<string, readonly string[]>
}

const FIELDS = ['service:', 'operation:', 'entry:', 'duration>=', 'duration<=', 'error:'] as const
const MOST = 12

/** The word that the caret is in: where it begins, and what of it stands before the caret. Quotes keep a word together. */
export function wordAt(text: string, caret: number): { from: number; word: string } {
  const before = text.slice(0, caret)
  const from = [...before.matchAll(/(?:[^\s"]|"[^"]*"?)+$/g)][0]?.index ?? caret
  return { from, word: before.slice(from) }
}

/** What may stand where the caret is: fields, or values of the field that is begun. */
export function suggestionsAt(text: string, caret: number, known: Known): Suggestion[] {
  const { word } = wordAt(text, caret)
  const pair = /^([\w.@/-]+)(:|=)"?(.*)$/.exec(word)
  if (pair !== null) {
    const [, field = '', , begun = ''] = pair
    return nearest(valuesOf(field, known), begun).map((value) => ({ text: `${field}:${quoted(value)} `, kind: 'value', open: false }))
  }
  const fields = [...FIELDS, ...[...known.attributes.keys()].map((key) => `${key}:`)]
  return nearest(fields, word).map((field) => ({ text: field, kind: 'field', open: true }))
}

function valuesOf(field: string, known: Known): readonly string[] {
  if (field === 'service') return known.services
  if (field === 'operation' || field === 'name') return known.operations
  if (field === 'entry') return known.entries
  if (field === 'error') return ['true', 'false']
  return known.attributes.get(field) ?? []
}

/** Those that begin so, then those that hold it; all when nothing is begun. */
function nearest(all: readonly string[], begun: string): string[] {
  const wanted = begun.toLowerCase()
  const unique = [...new Set(all)]
  const begins = unique.filter((each) => each.toLowerCase().startsWith(wanted))
  const holds = unique.filter((each) => !each.toLowerCase().startsWith(wanted) && each.toLowerCase().includes(wanted))
  return [...begins, ...holds].filter((each) => each !== begun).slice(0, MOST)
}

const quoted = (value: string): string => (/^[\w./@+-]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`)

/** The text with a suggestion in the place of the word at the caret, and where the caret then is. */
export function accepted(text: string, caret: number, suggestion: Suggestion): { text: string; caret: number } {
  const { from } = wordAt(text, caret)
  const rest = text.slice(caret).replace(/^[^\s]*/, '')
  const head = text.slice(0, from) + suggestion.text
  return { text: head + rest.replace(/^ /, suggestion.text.endsWith(' ') ? '' : ' '), caret: head.length }
}
