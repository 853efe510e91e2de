import { severityTest } from './severity-test.ts'
import { Refusal, type Token } from './tokens.ts'
import { type FilterOperator, type FilterTest, numberIn, type Search, type TextTest } from './tree.ts'

/** Values that are ids, also when they look like numbers. */
const ID_FIELDS = new Set(['trace_id', 'span_id', 'pattern'])

/** A condition without a field is one on the body. */
export function textTest({ type, text, column }: Token): FilterTest | TextTest {
  if (type === 'regex') return { field: 'body', op: 'matches', value: text }
  if (type === 'quoted') {
    if (text.trim() === '') throw new Refusal('quotation_empty', column)
    return { field: 'body', op: 'has', value: text }
  }
  if (/^\*+$/.test(text)) return { field: 'body', op: 'exists', value: null }
  return { field: 'body', op: text.includes('*') ? 'like' : 'has', value: text }
}

/** A condition of a search on a field: the operator as it was written, and its value. */
export function searchTest(field: string, operator: string, value: Token): Search {
  if (value.type === 'regex' && field === 'severity') throw new Refusal('severity_pattern', value.column)
  if (value.type === 'regex') return patternTest({ field, op: 'matches', value: value.text }, operator, value)
  if (field === 'severity') return severityTest(operator, value)
  if (ID_FIELDS.has(field)) return idTest(field, operator, value)
  if (isPattern(value) && field !== 'body') return patternTest({ field, op: 'like', value: value.text }, operator, value)
  if (field === 'body' && operator === ':') return textTest(value)
  const test = plainTest(field, operator, value)
  return test.op === '=' || test.op === '!=' ? { ...test, value: value.text } : test
}

function isPattern(value: Token): boolean {
  return value.type === 'word' && value.text.includes('*') && !/^\*+$/.test(value.text)
}

function patternTest(test: TextTest, operator: string, { column }: Token): Search {
  if (operator === ':' || operator === '=') return test
  if (operator === '!=') return { not: test }
  throw new Refusal('compares_no_patterns', column, { operator })
}

function idTest(field: string, operator: string, value: Token): Search {
  if (value.text === '*' && operator === ':') return { field, op: 'exists', value: null }
  if (operator !== ':' && operator !== '=' && operator !== '!=') throw new Refusal('id_compared', value.column, { field })
  return { field, op: operator === '!=' ? '!=' : '=', value: value.text.toLowerCase() }
}

/** A condition that a filter can have as well. */
export function plainTest(field: string, operator: string, value: Token): FilterTest {
  if (operator === ':' && value.type === 'word' && value.text === '*') return { field, op: 'exists', value: null }
  const number = value.type === 'word' ? numberIn(value.text) : null
  const op = operator === ':' ? '=' : (operator as FilterOperator)
  if (op !== '=' && op !== '!=' && number === null) throw new Refusal('compares_numbers', value.column, { operator, text: value.text })
  return { field, op, value: number ?? value.text }
}
