import { encodeAttribute, ESCAPE, NUMBER_MARK, BOOLEAN_MARK, STRING_MARK } from '../attribute-text.ts'
import { list, sql, text, texts } from '../sql/fragment.ts'
import type { Fragment } from '../sql/terms.ts'

const ANY_MARK = [STRING_MARK, NUMBER_MARK, BOOLEAN_MARK]

/** The pair of a span attribute as stored, '' when the span has none; arrays, objects and empty values count as none. */
function pairOf(key: string, marks: readonly string[] = ANY_MARK): Fragment {
  const name = encodeAttribute(key, '').slice(0, -STRING_MARK.length)
  const starts = marks.map((mark) => name + mark)
  return sql`arrayFirst(x -> arrayExists(p -> startsWith(x, p), ${texts(starts)}), arrayConcat(items, splitByChar('\\x1e', rest)))`
}

/** An attribute's value as text, the way JavaScript's `String` writes it; '' when it is missing. */
export function attributeText(key: string, marks: readonly string[] = ANY_MARK): Fragment {
  const bytes = new TextEncoder().encode(encodeAttribute(key, '')).length
  const value = sql`substring(${pairOf(key, marks)}, ${{ type: 'UInt32', value: bytes + 1 }})`
  return sql`replaceAll(replaceAll(${value}, ${text(`${ESCAPE}1`)}, '\\x1e'), ${text(`${ESCAPE}0`)}, ${text(ESCAPE)})`
}

/** The text of the first of these attributes that there is; '' when there is none. */
export function firstText(keys: readonly string[]): Fragment {
  return firstOfMarks(keys, ANY_MARK)
}

/** The same of attributes that are strings alone. */
export function firstString(keys: readonly string[]): Fragment {
  return firstOfMarks(keys, [STRING_MARK])
}

function firstOfMarks(keys: readonly string[], marks: readonly string[]): Fragment {
  return sql`arrayFirst(v -> v != '', [${list(keys.map((key) => attributeText(key, marks)))}])`
}

export function hasAttribute(key: string): Fragment {
  return sql`${pairOf(key)} != ''`
}
