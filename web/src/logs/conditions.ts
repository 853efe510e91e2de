import { readFilter } from '@skein/schemas/filter'
import type { Filter } from '@skein/schemas/filter/tree'
import { quoted } from '../search/suggestion.ts'

/** One of the conditions of a search that all hold, as it was written. */
interface Part {
  text: string
  /** Set when it asks for one of some values of one field, or for none of them. */
  values: { field: string; values: readonly string[]; excluded: boolean } | null
}

/** The values of a field that a search asks for and those it excludes. */
export interface FieldValues {
  included: readonly string[]
  excluded: readonly string[]
}

/** Asks for lines with a value, or for those without it. */
export type OnFilter = (field: string, value: string, wanted: boolean) => void

/** What a search says of one field, as far as a list of values can show it. */
export function valuesOf(query: string, field: string): FieldValues {
  const own = partsOf(query).flatMap(({ values }) => (values?.field === field ? [values] : []))
  return {
    included: own.filter(({ excluded }) => !excluded).flatMap(({ values }) => values),
    excluded: own.filter(({ excluded }) => excluded).flatMap(({ values }) => values),
  }
}

/** The search without what it says of one field: what other values of the field are counted in. */
export function withoutField(query: string, field: string): string {
  return joined(partsOf(query).filter(({ values }) => values?.field !== field))
}

/** The search with exactly these values of a field; none: whatever the value. What it excludes stays, unless it is now asked for. */
export function withValues(query: string, field: string, wanted: readonly string[]): string {
  const { excluded } = valuesOf(query, field)
  return build(withoutField(query, field), field, { included: wanted, excluded: excluded.filter((value) => !wanted.includes(value)) })
}

/** Asks for one value more, or no longer for it. */
export function toggled(query: string, field: string, value: string): string {
  const { included } = valuesOf(query, field)
  return withValues(query, field, included.includes(value) ? included.filter((each) => each !== value) : [...included, value])
}

/** Excludes one value more, or no longer excludes it. */
export function toggledOut(query: string, field: string, value: string): string {
  const { included, excluded } = valuesOf(query, field)
  const out = excluded.includes(value) ? excluded.filter((each) => each !== value) : [...excluded, value]
  return build(withoutField(query, field), field, { included: included.filter((each) => each !== value), excluded: out })
}

/** The search once a value was chosen, wanted or not. */
export function filtered(query: string, field: string, value: string, wanted: boolean): string {
  return wanted ? toggled(query, field, value) : toggledOut(query, field, value)
}

function build(rest: string, field: string, { included, excluded }: FieldValues): string {
  const test = (value: string) => `${field}:${quoted(value)}`
  const [first] = included
  const asked = first === undefined ? [] : included.length === 1 ? [test(first)] : [`(${included.map(test).join(' OR ')})`]
  return [...(rest === '' ? [] : [rest]), ...asked, ...excluded.map((value) => `-${test(value)}`)].join(' ')
}

const joined = (parts: readonly Part[]): string => parts.map(({ text }) => text).join(' ')

/** The conditions of a search that all hold; a search that is one choice is one condition, in brackets. */
function partsOf(query: string): Part[] {
  const texts = textsOf(query)
  const whole = query.trim()
  const either = texts.some((text) => text.toUpperCase() === 'OR')
  const parts = either ? [`(${whole})`] : texts.filter((text) => text.toUpperCase() !== 'AND')
  return parts.map((text) => ({ text, values: askedBy(text) }))
}

const PIECE = /\s*((?:"(?:[^"\\]|\\.)*"?|(?<=^|[\s(:-])\/(?:[^/\\]|\\.)+\/|[^\s"])(?:"(?:[^"\\]|\\.)*"?|(?<=:)\/(?:[^/\\]|\\.)+\/|[^\s"])*)/y

/** Pieces between blanks outside of quotes, expressions and brackets; a comparison is one piece, however it is spaced. */
function textsOf(query: string): string[] {
  const texts: string[] = []
  let depth = 0
  let glued = false
  PIECE.lastIndex = 0
  for (let found = PIECE.exec(query); found !== null; found = PIECE.exec(query)) {
    const piece = found[1] ?? ''
    const before = texts.at(-1)
    const compares = /^(?:!=|>=|<=|[:=<>])/.test(piece)
    if (before !== undefined && (depth > 0 || glued || compares))
      texts[texts.length - 1] = depth > 0 || /^not$/i.test(before) ? `${before} ${piece}` : before + piece
    else texts.push(piece)
    depth += bracketsOf(piece)
    glued = /[:=<>]$/.test(piece) || /^not$/i.test(piece)
  }
  return texts
}

function bracketsOf(piece: string): number {
  const bare = piece.replaceAll(/"(?:[^"\\]|\\.)*"?|(?<=^|[(:-])\/(?:[^/\\]|\\.)+\//g, '')
  return bare.split('(').length - bare.split(')').length
}

/** The field and values of `f:a`, `(f:a OR f:b)` and their opposites; null for anything else. */
function askedBy(text: string): Part['values'] {
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  // a pattern or an expression is no value
  if (/\*|[:=]\s*\//.test(bare)) return null
  const read = readFilter(text)
  if (!read.ok) return null
  const negated = 'not' in read.filter
  const inner: Filter = 'not' in read.filter ? read.filter.not : read.filter
  const tests = 'or' in inner ? inner.or : [inner]
  const values: string[] = []
  let field: string | null = null
  for (const test of tests) {
    if (!('field' in test) || test.op !== '=' || test.value === null || (field !== null && test.field !== field)) return null
    field = test.field
    values.push(String(test.value))
  }
  return field === null ? null : { field, values, excluded: negated }
}
