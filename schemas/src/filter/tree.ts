/**
 * Conditions on the fields of a record, in the language of search. A filter has conditions on fields alone: `field:value`, `field = value`, `!=`,
 * `>`, `>=`, `<`, `<=`, `field:*` (is there), `and` (or nothing between), `or`, `not` or `-`, brackets. A value is a word, a number or a "quoted
 * text". The JSON form is the tree.
 *
 * `=` compares as numbers when the value is a number and the field reads as one, else as text; `!=` is its opposite, so that it holds where the
 * field is missing; the others compare numbers and never hold where the field is missing or no number.
 */
export type Filter = Tree<FilterTest>

/**
 * A search is a filter that also has, for the body of a line: words and "phrases" (`has`), `pay*` (`like`), `/expressions/` and `/…/i` (`matches`);
 * for a field: `field:pay*`, `field:/expression/`, `field:(a OR b)`; and severities by name, `severity>=warn`, which the tree has as numbers.
 *
 * The body has a word or phrase when it stands there as whole words, ASCII letters of either case being the same: a letter or digit of ASCII at its
 * ends has none beside it. So `登录` is found inside a sentence, and `reset` in `connection.reset` but not in `presets`. `*` stands for any run of
 * characters and frees the end where it stands; of other fields a pattern means the whole value and its case. `=` of a search compares texts, so that
 * `version:1.10` is not 1.1. `not` in small letters negates only conditions and brackets, since people look for "not found".
 */
export type Search = Tree<FilterTest | TextTest>

type Tree<Test> = { and: Tree<Test>[] } | { or: Tree<Test>[] } | { not: Tree<Test> } | Test

export interface FilterTest {
  field: string
  op: FilterOperator
  /** null for `exists`. */
  value: string | number | null
}
export type FilterOperator = '=' | '!=' | '>' | '>=' | '<' | '<=' | 'exists'

export interface TextTest {
  field: string
  /** `has` is asked of `body` alone. */
  op: TextOperator
  /** `like`: `*` stands for any run of characters. `matches`: RE2 syntax, found anywhere in the value. */
  value: string
}
export type TextOperator = 'has' | 'like' | 'matches'

export type FieldValue = string | number | boolean

/** Whether the value of a field, `undefined` = missing, is as a condition wants it. */
export function testHolds({ op, value }: FilterTest, actual: FieldValue | undefined): boolean {
  if (op === 'exists') return actual !== undefined
  if (op === '=') return actual !== undefined && equals(actual, value)
  if (op === '!=') return actual === undefined || !equals(actual, value)
  const number = actual === undefined ? null : numberIn(String(actual))
  if (number === null || typeof value !== 'number') return false
  if (op === '>') return number > value
  if (op === '>=') return number >= value
  return op === '<' ? number < value : number <= value
}

function equals(actual: FieldValue, value: FilterTest['value']): boolean {
  return typeof value === 'number' ? numberIn(String(actual)) === value : String(actual) === value
}

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** The decimal number that a text is, null when it is none. */
export function numberIn(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null
}
