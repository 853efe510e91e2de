import { isTextTest } from '@skein/schemas/filter/compile'
import type { FilterTest, TextTest } from '@skein/schemas/filter/tree'
import { sql, text } from '../sql/fragment.ts'
import type { Fragment } from '../sql/terms.ts'
import { askedRegex, wholePattern } from './regex-text.ts'

/** A value of a row as text, and whether it is there. */
export interface TestedValue {
  exists: Fragment
  text: Fragment
}

/** A condition on a value, with the meaning of `testHolds`. */
export function valueTest({ exists, text: actual }: TestedValue, { op, value }: Omit<FilterTest, 'field'>): Fragment {
  if (op === 'exists') return exists
  const holds =
    typeof value === 'number' ? sql`ifNull(${numberOf(actual)} ${OPERATORS[op]} toFloat64(${text(String(value))}), 0)` : sql`${actual} = ${text(String(value))}`
  if (op === '!=') return sql`NOT (${exists} AND ${holds})`
  return sql`${exists} AND ${holds}`
}

/** The same for the conditions of a search. */
export function textualTest(actual: TestedValue, test: FilterTest | TextTest): Fragment {
  if (!isTextTest(test)) return valueTest(actual, test)
  return sql`${actual.exists} AND match(${actual.text}, ${text(test.op === 'matches' ? askedRegex(test.value) : wholePattern(test.value))})`
}

export const OPERATORS: Readonly<Record<Exclude<FilterTest['op'], 'exists'>, Fragment>> = {
  '=': sql`=`,
  '!=': sql`=`,
  '>': sql`>`,
  '>=': sql`>=`,
  '<': sql`<`,
  '<=': sql`<=`,
}

/** Null when the text is no decimal number. */
function numberOf(actual: Fragment): Fragment {
  return sql`if(match(${actual}, '^-?([0-9]+\\\\.?[0-9]*|\\\\.[0-9]+)([eE][+-]?[0-9]+)?$'), toFloat64OrNull(${actual}), NULL)`
}
