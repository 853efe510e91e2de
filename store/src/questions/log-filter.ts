import { likePattern } from '@skein/schemas/filter/body-text'
import { isTextTest } from '@skein/schemas/filter/compile'
import { type FilterTest, type Search, testHolds, type TextTest } from '@skein/schemas/filter/tree'
import { exactPairs } from '../attribute-text.ts'
import { ALWAYS, every, hexId, some, sql, text, texts, uint16, uint64Ids } from '../sql/fragment.ts'
import type { Fragment } from '../sql/terms.ts'
import { attributeText, hasAttribute } from './attribute-lookup.ts'
import { bodyHas, bodyLike, bodyMatches } from './log-words.ts'
import { type LogResources, resourceField } from './log-resources.ts'
import { OPERATORS, textualTest } from './value-test.ts'

const NEVER = sql`0`
const ZEROS = { pattern: sql`pattern = 0`, trace_id: sql`trace_id = toFixedString('', 16)`, span_id: sql`span_id = toFixedString('', 8)` }

/** Whether the store's engine finds an expression in a text: for what was sent by a resource, which is looked at outside of it. */
export type RegexOf = (source: string) => (text: string) => boolean

export interface FilterScope {
  resources: LogResources
  regexOf: RegexOf
}

/** Conditions on rows of table `logs` of which all hold. */
export type Conditions = readonly Fragment[]

/**
 * A search as conditions of which exactly one set holds for each line that is found. An attribute stands in `items`, in `rest` or in the resource; each
 * is asked for itself, since a question that asks one or the other reads them all.
 */
export function logAlternatives(search: Search | null, scope: FilterScope): Conditions[] {
  const parts = search === null ? [] : 'and' in search ? search.and : [search]
  const pair = parts.find((part) => isPair(part))
  const others = parts.filter((part) => part !== pair).map((part) => logFilter(part, scope))
  return pair === undefined ? [others] : placesOf(pair, scope).map((place) => [...place, ...others])
}

function isPair(search: Search): search is FilterTest {
  return 'field' in search && search.op === '=' && !Object.hasOwn(LINE_FIELDS, search.field) && !RESOURCE_FIELDS.has(search.field)
}

function placesOf(test: FilterTest, scope: FilterScope): Conditions[] {
  const pairs = texts(exactPairs(test.field, String(test.value)))
  const inItems = sql`hasAny(items, ${pairs})`
  const inRest = sql`hasAny(splitByChar('\\x1e', rest), ${pairs})`
  const own = [[inItems], [inRest, sql`NOT (${inItems})`]]
  return hasResourceWith(test.field, scope) ? [...own, [resourceTest(test, scope), sql`NOT (${hasAttribute(test.field)})`]] : own
}

function hasResourceWith(field: string, { resources }: FilterScope): boolean {
  return [...resources.values()].some(({ attributes }) => attributes.has(field))
}

/** A search as a condition on rows of table `logs`, with the meaning of `compileSearch`. It may stand in a WHERE alone: only there the index of words means what it says. */
export function logFilter(search: Search, scope: FilterScope): Fragment {
  if ('and' in search) return every(search.and.map((part) => logFilter(part, scope)))
  if ('or' in search) return some(search.or.map((part) => logFilter(part, scope)))
  if ('not' in search) return sql`NOT (${logFilter(search.not, scope)})`
  const { field } = search
  return Object.hasOwn(LINE_FIELDS, field)
    ? LINE_FIELDS[field]!(search)
    : RESOURCE_FIELDS.has(field)
      ? resourceTest(search, scope)
      : attributeTest(search, scope)
}

type Test = FilterTest | TextTest

const LINE_FIELDS: Readonly<Record<string, (test: Test) => Fragment>> = {
  body: bodyTest,
  severity: severityTest,
  service: (test) => columnTest(sql`service`, test),
  scope: (test) => columnTest(sql`scope`, test),
  trace_id: (test) => idTest(test, 'trace_id'),
  span_id: (test) => idTest(test, 'span_id'),
  pattern: (test) => idTest(test, 'pattern'),
}
/** What a line has from its resource alone. */
const RESOURCE_FIELDS = new Set(['environment', 'cluster', 'namespace'])

function bodyTest(test: Test): Fragment {
  if (test.op === 'has') return bodyHas(test.value)
  if (test.op === 'like') return bodyLike(test.value)
  if (test.op === 'matches') return bodyMatches(test.value)
  if (test.op === '=') return sql`body = ${text(String(test.value))}`
  return columnTest(sql`body`, test)
}

/** Of a column that is there even when it is empty, which then means missing. */
function columnTest(column: Fragment, test: Test): Fragment {
  return textualTest({ exists: sql`${column} != ''`, text: sql`toString(${column})` }, test)
}

function severityTest(test: Test): Fragment {
  if (test.op === 'exists') return sql`severity > 0`
  if (isTextTest(test)) return NEVER
  const number = Number(test.value)
  if (!Number.isInteger(number) || number < 0 || number > 255) return NEVER
  return test.op === '!=' ? sql`NOT (severity = ${uint16(number)})` : sql`severity ${OPERATORS[test.op]} ${uint16(number)}`
}

const ID_DIGITS = { pattern: 16, trace_id: 32, span_id: 16 }

function idTest(test: Test, field: keyof typeof ID_DIGITS): Fragment {
  const isThere = sql`NOT (${ZEROS[field]})`
  if (test.op === 'exists') return isThere
  if (test.op !== '=' && test.op !== '!=') return textualTest({ exists: isThere, text: idText(field) }, test)
  const id = String(test.value)
  if (!new RegExp(`^[0-9a-f]{${ID_DIGITS[field]}}$`).test(id) || /^0+$/.test(id)) return test.op === '=' ? NEVER : ALWAYS
  const is = idIs(field, id)
  return test.op === '=' ? is : sql`NOT (${is})`
}

function idIs(field: keyof typeof ID_DIGITS, id: string): Fragment {
  if (field === 'pattern') return sql`pattern IN ${uint64Ids([id])}`
  return field === 'trace_id' ? sql`trace_id = toFixedString(unhex(${text(id)}), 16)` : sql`span_id = toFixedString(unhex(${text(id)}), 8)`
}

function idText(field: keyof typeof ID_DIGITS): Fragment {
  if (field === 'pattern') return hexId(sql`pattern`)
  return field === 'trace_id' ? sql`lower(hex(trace_id))` : sql`lower(hex(span_id))`
}

/** Ids of one parameter: the engine takes 128 KiB of a value at most, and an id is up to 21 bytes. */
const MOST_IDS = 4000

/** The resources of which a condition holds, as a condition on the line; what nothing is known of has none of their fields. */
function resourceTest(test: Test, { resources, regexOf }: FilterScope): Fragment {
  const holds = holding(test, regexOf)
  const those: string[] = []
  const others: string[] = []
  for (const [fingerprint, fields] of resources) (holds(resourceField(fields, test.field)) ? those : others).push(fingerprint)
  if (holds(undefined)) return every(inParts(others).map((ids) => sql`resource_fp NOT IN ${uint64Ids(ids)}`))
  return those.length === 0 ? NEVER : some(inParts(those).map((ids) => sql`resource_fp IN ${uint64Ids(ids)}`))
}

function inParts(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / MOST_IDS) }, (_, part) => ids.slice(part * MOST_IDS, (part + 1) * MOST_IDS))
}

function holding(test: Test, regexOf: RegexOf): (value: ReturnType<typeof resourceField>) => boolean {
  if (!isTextTest(test)) return (value) => testHolds(test, value)
  const matches = test.op === 'matches' ? regexOf(test.value) : (value: string) => likePattern(value, test.value)
  return (value) => value !== undefined && matches(String(value))
}

/** An attribute of the line, else of its resource. */
function attributeTest(test: Test, scope: FilterScope): Fragment {
  const { field } = test
  if (test.op === '!=') return sql`NOT (${attributeTest({ ...test, op: '=' }, scope)})`
  const own = test.op === '=' ? hasPair(field, String(test.value)) : textualTest({ exists: hasAttribute(field), text: attributeText(field) }, test)
  if (!hasResourceWith(field, scope)) return own
  return sql`(${own}) OR (NOT (${hasAttribute(field)}) AND ${resourceTest(test, scope)})`
}

/** Shapes the bloom filters of both columns know. */
function hasPair(key: string, value: string): Fragment {
  const pairs = texts(exactPairs(key, value))
  return sql`hasAny(items, ${pairs}) OR hasAny(splitByChar('\\x1e', rest), ${pairs})`
}
