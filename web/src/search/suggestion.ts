/** A text that may stand at the caret. */
export interface Suggestion {
  /** What replaces the word at the caret. */
  text: string
  kind: 'field' | 'value'
  /** The caret stays for a value. */
  open: boolean
  /** How often it was seen, shown beside it. */
  hint?: string
}

const MOST = 12

/** The word that the caret is in: where it begins, and what of it stands before the caret. Quotes keep a word together; a bracket begins one. */
export function wordAt(text: string, caret: number): { from: number; word: string } {
  const before = text.slice(0, caret)
  const found = [...before.matchAll(/(?:[^\s"()]|"[^"]*"?)+$/g)][0]
  const from = found === undefined ? caret : found.index + (/^-(?=.)/.test(found[0]) ? 1 : 0)
  return { from, word: before.slice(from) }
}

/** The field that the caret gives a value to, and what of the value is typed; null while no field is begun. */
export function pairAt(word: string): { field: string; operator: string; begun: string } | null {
  const pair = /^([\w.@/-]+)(:|!=|>=|<=|=|>|<)"?(.*)$/.exec(word)
  return pair === null ? null : { field: pair[1] ?? '', operator: pair[2] ?? ':', begun: pair[3] ?? '' }
}

/** Those that begin so, then those that hold it; all when nothing is begun. */
export function nearest(all: readonly string[], begun: string): string[] {
  const wanted = begun.toLowerCase()
  const unique = [...new Set(all)]
  const begins = unique.filter((each) => each.toLowerCase().startsWith(wanted))
  const holds = unique.filter((each) => !each.toLowerCase().startsWith(wanted) && each.toLowerCase().includes(wanted))
  return [...begins, ...holds].filter((each) => each !== begun).slice(0, MOST)
}

/** A value as the language of search writes it. */
export function quoted(value: string): string {
  // a number that would be written another way is a text
  const plain = /^[\w./@+-]+$/.test(value) && !/^[-/]/.test(value) && (Number.isNaN(Number(value)) || String(Number(value)) === value)
  return plain ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`
}

/** The text with a suggestion in the place of the word at the caret, and where the caret then is. */
export function accepted(text: string, caret: number, suggestion: Suggestion): { text: string; caret: number } {
  const { from } = wordAt(text, caret)
  const rest = text.slice(caret).replace(/^[^\s)]*/, '')
  const head = text.slice(0, from) + suggestion.text
  return { text: head + rest.replace(/^ /, suggestion.text.endsWith(' ') ? '' : ' '), caret: head.length }
}
