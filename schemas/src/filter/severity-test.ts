import { severityRange } from '../severity.ts'
import { Refusal, type Token } from './tokens.ts'
import type { Search } from './tree.ts'

/** A severity by name or number as conditions on its number. */
export function severityTest(operator: string, value: Token): Search {
  if (operator === ':' && value.text === '*') return { field: 'severity', op: '>', value: 0 }
  const range = severityRange(value.text)
  if (range === null) throw new Refusal('not_severity', value.column, { text: value.text })
  const { from, to } = range
  const test = (op: '=' | '>' | '>=' | '<' | '<=', number: number): Search => ({ field: 'severity', op, value: number })
  switch (operator) {
    case '>':
      return test('>', to)
    case '>=':
      return test('>=', from)
    case '<':
      return test('<', from)
    case '<=':
      return test('<=', to)
    default: {
      const is: Search = from === to ? test('=', from) : { and: [test('>=', from), test('<=', to)] }
      return operator === '!=' ? { not: is } : is
    }
  }
}
